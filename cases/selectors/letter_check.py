"""What anybody may know of a letter, and what a file that claims to be one is worth, in plain words.

No names: kind, number, date, issuer, whether it still holds, its hash, the head of the history printed on it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cases.formats import day_and_time, long_date
from cases.letters.kinds import KINDS
from cases.letters.verification import LARGEST, Problem, Verdict, verify_apart, verify_pdf
from cases.models import Letter
from cases.services.seals import seals_file

TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")
#: Looked up in place of what is no token at all, so that both questions cost the same; no token has this form.
NO_TOKEN = "~" * 24


def letter_by_token(token: str) -> Letter | None:
    """The released letter with this secret address; one query whatever is asked."""
    wanted = token if TOKEN.fullmatch(token) else NO_TOKEN
    return _released().filter(token=wanted).first()


def letter_by_bytes(sha256: str) -> Letter | None:
    """The released letter with exactly these bytes."""
    return _released().filter(sha256=sha256).first()


def _released() -> Any:
    rows = Letter.objects.filter(status=Letter.Status.READY)
    return rows.select_related("institution", "successor")


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """A letter as anybody holding its code sees it. ``tone`` is good, warn or danger; ``state`` the word for it."""

    heading: str
    lead: str
    tone: str
    state: str
    warning: str
    facts: list[tuple[str, str]]
    sha256: str
    head: dict[str, Any]
    issuer: str
    demo: bool


def public_letter(letter: Letter, *, checked: str) -> PublicLetter:
    """The public side of ``letter``; ``checked`` says when, in words."""
    issuer = letter.institution.short_name
    seal = letter.context.get("seal") or {}
    heading, tone, state = _("This letter was issued and is in force"), "good", _("In force")
    lead, warning = _("Checked %(when)s.") % {"when": checked}, ""
    if letter.voided_at:
        since = day_and_time(letter.voided_at, letter.institution.timezone)
        tone, successor = "danger", letter.successor
        if successor:
            heading, state = _("This letter has been replaced"), _("Replaced")
            warning = _("%(issuer)s replaced it by letter %(number)s of %(date)s. Do not rely on this one.") % {
                "issuer": issuer,
                "number": successor.number,
                "date": long_date(successor.dated_on),
            }
        else:
            heading, state = _("This letter has been withdrawn"), _("Withdrawn")
            warning = _("%(issuer)s withdrew it. Do not rely on it.") % {"issuer": issuer}
        lead = _("It was issued, but is void since %(since)s.") % {"since": since}
    return PublicLetter(
        heading=heading,
        lead=lead,
        tone=tone,
        state=state,
        warning=warning,
        facts=[
            (_("Number"), letter.number),
            (_("Kind of letter"), _(KINDS[letter.kind].label)),
            (_("Date"), long_date(letter.dated_on, weekday=True)),
            (_("Issued by"), letter.institution.name),
        ],
        sha256=letter.sha256,
        head=_head(seal.get("head"), letter.institution.timezone),
        issuer=issuer,
        demo=bool(seal.get("demo")),
    )


def _head(printed: dict[str, Any] | None, zone: str) -> dict[str, Any]:
    if not printed:
        return {}
    at = day_and_time(dt.datetime.fromisoformat(printed["at"]), zone)
    return {"size": printed["size"], "root": printed["root"], "at": at}


# ---------------------------------------------------------------------- a file


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one file: a sentence, and what was looked at, each True, False, or None (could not be told)."""

    genuine: bool
    heading: str
    lead: str
    points: list[tuple[bool | None, str]] = field(default_factory=list)


def check_file(data: bytes, letter: Letter | None) -> tuple[Check, Letter | None]:
    """Hold the bytes against ``letter``, or without one against every letter; the verdict, and the letter they are.

    Only bytes that are exactly ours are read in this process; anything else is looked at in one of its own.
    """
    digest = hashlib.sha256(data).hexdigest()
    found = letter_by_bytes(digest)
    if found is not None and (letter is None or found.pk == letter.pk):
        verdict = verify_pdf(data, seals_file().certificates())
        if verdict.accepted:
            return _genuine(found), found
        return _refused(verdict, bytes_known=True), found
    if found is not None:
        return _another(found), letter
    if letter is not None and _begins_with(data, letter):
        verdict = Verdict(problem=Problem.LATER_CHANGES, sha256=digest, size=len(data))
    else:
        verdict = verify_apart(data, seals_file().path)
    return _refused(verdict), letter


def _begins_with(data: bytes, letter: Letter) -> bool:
    with letter.file.open("rb") as file:
        return data.startswith(file.read(LARGEST))


def _genuine(letter: Letter) -> Check:
    heading = _("The file is exactly the letter that was issued")
    lead = _("Number %(number)s, issued by %(issuer)s.") % {
        "number": letter.number,
        "issuer": letter.institution.short_name,
    }
    points: list[tuple[bool | None, str]] = [
        (True, _("Every byte is as it was when the letter was issued.")),
        (True, _("The electronic seal is whole and was made with this portal's certificate.")),
        (True, _("Nothing was added after sealing.")),
    ]
    if letter.voided_at:
        points.append((False, _("The letter itself is no longer in force: see below.")))
    return Check(True, heading, lead, points)


def _another(found: Letter) -> Check:
    lead = _("It is letter %(number)s. Check it by the code printed on it.") % {"number": found.number}
    return Check(False, _("The file is another letter of this portal"), lead)


def _refused(verdict: Verdict, *, bytes_known: bool = False) -> Check:
    if verdict.accepted:
        lead = _("The seal is ours, but no letter with these bytes is on record. Ask the office that issued it.")
        seal = (True, _("The electronic seal is whole and was made with this portal's certificate."))
    else:
        lead = problem_sentence(verdict.problem)
        seal = (False, _("No whole seal of this portal covers the file."))
    known = _("The bytes are those of a letter issued here.")
    unknown = _("The bytes are not those of any letter issued here.")
    points: list[tuple[bool | None, str]] = [(bytes_known, known if bytes_known else unknown), seal]
    if verdict.problem == Problem.LATER_CHANGES:
        points.append((False, _("What was added after sealing is not from the issuer.")))
    return Check(False, _("Do not rely on this file"), lead, points)


def problem_sentence(problem: str) -> str:
    """Why a file is not accepted, for people."""
    sentences = {
        Problem.TOO_LARGE: _("The file is larger than any letter."),
        Problem.NOT_PDF: _("The file is not a PDF. A photo or a scan cannot be checked; use the PDF you were sent."),
        Problem.UNREADABLE: _("The file is damaged or was changed."),
        Problem.NO_SEAL: _("The file carries no electronic seal. A scan or a new printout to PDF loses it."),
        Problem.SEVERAL_SEALS: _("The file carries more than one seal; letters issued here have one."),
        Problem.LATER_CHANGES: _("The file was changed after it was sealed."),
        Problem.BROKEN: _("The seal is broken: the content was changed."),
        Problem.OTHER_SEAL: _("The file was sealed with another certificate than this portal's."),
        Problem.NOT_CERTIFIED: _("The seal does not forbid changes, as every seal made here does."),
        Problem.CONTAINER: _("The seal was tampered with."),
        Problem.OUT_OF_TIME: _("Reading the file took too long; no letter does."),
    }
    return sentences.get(Problem(problem), "") if problem else ""
