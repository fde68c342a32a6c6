"""Each defence taken away once, and each kind of harm done once: the campaign's count must notice.

Without processes: the steps are real, every message is lost as at a dead broker, and a death is a sender that never
comes back from what it was doing. ``make crash ARGS="--without sweeper"`` does the first of these with real processes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db.models import F

from cases.models import Case, Letter, Mail, NumberSeries
from cases.services import letters, notify, outbox
from cases.services.move import move
from portal.mail import FolderBackend
from tests.clock.conftest import Wall, tell
from tests.crash.count import count, unfinished
from tests.crash.people import PROPOSE, Ledger
from tests.fixtures_world import Loaded

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def stage(
    world: Loaded,
    wall: Wall,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> Callable[[], Ledger]:
    """Call it to have a step acknowledged whose messages are all lost."""
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "portal.mail.FolderBackend", tmp_path / "mail"
    sha256 = hashlib.sha256(PDF).hexdigest()
    monkeypatch.setattr(letters, "_make", lambda _letter: letters._Made(PDF, sha256, sha256, "", 1))
    monkeypatch.setattr(current_app, "send_task", lambda *_args, **_kwargs: None)

    def step() -> Ledger:
        case = tell("conclude_clarification")
        wall.at("2024-10-06 10:00")
        with django_capture_on_commit_callbacks(execute=True):
            move(case=case, step="propose", actor=world.officer("yuni"), seen=case.seen_token, **PROPOSE)
        ledger = Ledger()
        ledger.acknowledged.add((case.number, case.moves + 1))
        wall.at("2024-10-06 10:01")
        return ledger

    return step


def sweep() -> None:
    letters.sweep(older_than=dt.timedelta())
    outbox.sweep_mail()


def wrong(ledger: Ledger) -> dict[str, int]:
    return {name: found for name, found in count(ledger)[1].items() if found}


def test_with_every_defence_nothing_is_wrong(stage: Callable[[], Ledger]) -> None:
    ledger = stage()
    assert len(unfinished()) > 1
    sweep()
    sweep()
    assert wrong(ledger) == {}
    assert unfinished() == set()


def test_without_the_sweeps_letters_and_mails_are_missing(stage: Callable[[], Ledger]) -> None:
    found = wrong(stage())
    assert set(found) == {"letters without their bytes", "mails lost"}


def test_without_the_outbox_mails_are_missing_though_the_sweeps_run(
    stage: Callable[[], Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mails handed to the broker instead of written with what they tell: the broker's death takes them along."""
    monkeypatch.setattr(notify, "enqueue", lambda notices: outbox.wake([notice.pk for notice in notices]))
    ledger = stage()
    sweep()
    assert set(wrong(ledger)) == {"mails lost"}
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("named", [True, False])
def test_without_one_name_for_every_attempt_mails_arrive_twice(
    stage: Callable[[], Ledger], wall: Wall, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """The sender dies between sending and noting it; after its lease another one sends again."""
    if not named:
        monkeypatch.setattr(outbox, "message_id", lambda _mail: f"<{uuid.uuid4()}@portal>")
    ledger = stage()
    sent = FolderBackend.send_messages

    def die_after_sending(backend: FolderBackend, messages: Any) -> int:
        sent(backend, messages)
        raise SystemExit

    with monkeypatch.context() as deadly:
        deadly.setattr(FolderBackend, "send_messages", die_after_sending)
        with pytest.raises(SystemExit):
            outbox.sweep_mail()
    wall.at("2024-10-06 10:03")
    sweep()
    assert ("mails doubled" in wrong(ledger)) is not named


@pytest.mark.parametrize(
    ("harm", "noticed"),
    [
        (lambda: NumberSeries.objects.exclude(scope="portal").update(last=F("last") + 1), "numbers missing or double"),
        (lambda: Letter.objects.filter(kind="assessment").update(kind="other"), "letters lost or doubled"),
        (lambda: Letter.objects.update(sha256="0" * 64), "letters without their bytes"),
        (lambda: Case.objects.update(state="received"), "half states"),
        (lambda: Case.objects.update(moves=0), "half states"),
    ],
)
def test_harm_done_is_noticed(stage: Callable[[], Ledger], harm: Callable[[], Any], noticed: str) -> None:
    ledger = stage()
    sweep()
    harm()
    assert noticed in wrong(ledger)


def test_a_step_that_was_acknowledged_and_is_gone_is_noticed(stage: Callable[[], Ledger]) -> None:
    ledger = stage()
    sweep()
    ((number, moves),) = ledger.acknowledged
    ledger.acknowledged.add((number, moves + 1))
    assert wrong(ledger) == {"acknowledged steps lost": 1}
