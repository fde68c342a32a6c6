"""After the campaign: is everything there, once, whole?"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from django.conf import settings

from cases.models import Case, Event, Letter, Mail, Notice, NumberSeries
from cases.workflow import step_or_intake
from tests.crash.people import Ledger

Findings = dict[str, int]


#: More than a worker's hands hold: two threads, and eight messages fetched ahead, of up to three mails each.
LETTERS_IN_HAND, MAILS_IN_HAND = 10, 30


def unfinished(letters: int | None = None, mails: int | None = None) -> set[str]:
    """Keys of letters and mails not finished yet; of each so many that have waited longest, or all."""
    pages = Letter.objects.exclude(status="READY").order_by("created_at").values_list("pk", flat=True)
    posts = Mail.objects.exclude(status="SENT").order_by("created_at").values_list("pk", flat=True)
    return {*(f"letter {pk}" for pk in pages[:letters]), *(f"mail {pk}" for pk in posts[:mails])}


def at_the_front() -> set[str]:
    """Keys of what a worker has in its hands or takes next.

    Behind it stands what no worker has touched yet; how long that takes is a question of how much there is.
    """
    return unfinished(LETTERS_IN_HAND, MAILS_IN_HAND)


def count(ledger: Ledger) -> tuple[Findings, Findings]:
    """(what there is, what is wrong); everything in the second must be 0."""
    steps = list(
        Event.objects.filter(kind="STEP").order_by("case_id", "seq").values_list(
            "pk", "case_id", "case__number", "name", "from_state", "to_state"
        )
    )  # fmt: skip
    by_case: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    for pk, _case, number, name, before, after in steps:
        by_case[number].append((pk, name, before, after))
    cases = {case.number: case for case in Case.objects.all()}
    letters = list(Letter.objects.all())
    there = {
        "steps acknowledged": len(ledger.acknowledged),
        "steps taken": len(steps),
        "letters": len(letters),
        "mails": Mail.objects.count(),
        "notices": Notice.objects.count(),
        "answers that never came": ledger.unclear,
        "letters whose making failed at least once": Letter.objects.filter(attempts__gt=0).count(),
        "letters given up": Letter.objects.filter(status="FAILED").count(),
        "mails that needed more than one attempt": Mail.objects.filter(attempts__gt=1).count(),
    }
    wrong = {
        "acknowledged steps lost": sum(
            number not in by_case or len(by_case[number]) <= moves for number, moves in ledger.acknowledged
        ),
        "half states": _half_states(by_case, cases),
        "letters lost or doubled": _letters_wrong(by_case, letters),
        "letters without their bytes": sum(not _whole(letter) for letter in letters),
        "numbers missing or double": _numbers_wrong(letters),
        "mails lost": _mails_lost(),
        "mails doubled": _mails_doubled(),
    }
    return there, wrong


def _half_states(by_case: dict[str, list[tuple[int, str, str, str]]], cases: dict[str, Case]) -> int:
    """Cases whose row does not say what their history says, or whose history has a gap."""
    found = 0
    for number, case in cases.items():
        history = by_case[number]
        joined = all(earlier[3] == later[2] for earlier, later in pairwise(history))
        seqs = list(case.events.order_by("seq").values_list("seq", flat=True))
        whole = seqs == list(range(1, case.last_seq + 1)) and len(history) == case.moves + 1
        one_clock = case.deadlines.filter(ended_on__isnull=True).count() <= 1
        found += not (joined and whole and one_clock and history[-1][3] == case.state)
    return found


def _letters_wrong(by_case: dict[str, list[tuple[int, str, str, str]]], letters: list[Letter]) -> int:
    """Letters a step should have issued once and did not, or did twice (letters for each person count as given)."""
    issued = Counter((letter.event_id, letter.kind) for letter in letters)
    wrong = 0
    for history in by_case.values():
        for pk, name, _before, _after in history:
            for issue in step_or_intake(name).letters:
                if not issue.each and not issue.only_if:
                    wrong += issued[pk, issue.kind] != 1
    return wrong


def _whole(letter: Letter) -> bool:
    if letter.status != "READY":
        return False
    with letter.file.open("rb") as file:
        return hashlib.sha256(file.read()).hexdigest() == letter.sha256


def _numbers_wrong(letters: list[Letter]) -> int:
    given: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for letter in letters:
        given[letter.institution.code, letter.series, letter.year].append(letter.serial)
    wrong = 0
    for (scope, series, year), serials in given.items():
        last = NumberSeries.objects.get(scope=scope, series=series, year=year).last
        wrong += len(set(range(1, last + 1)) ^ set(serials)) + len(serials) - len(set(serials))
    return wrong


def _mails_lost() -> int:
    """Notices that wanted a mail and have none, mails not sent, mails sent but in nobody's letter box."""
    without = Notice.objects.filter(delivery="NOW", mail__isnull=True).count()
    unsent = Mail.objects.exclude(status="SENT").count()
    box = {file.stem for file in Path(settings.MAIL_DIR).glob("*.eml")}
    return without + unsent + sum(str(pk) not in box for pk in Mail.objects.values_list("pk", flat=True))


def _mails_doubled() -> int:
    """More letters in the box than were to be sent, or two mails about one notice (one about an account has none)."""
    box = len(list(Path(settings.MAIL_DIR).glob("*.eml")))
    return (
        max(0, box - Mail.objects.count())
        + Mail.objects.filter(officer__isnull=False).count()
        - Notice.objects.filter(mail__isnull=False).values("mail").distinct().count()
    )
