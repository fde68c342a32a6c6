"""What people read, take out and change beside the steps: events in chains of their own.

Readings go to the reader's own chain (``access:<desk>``): nobody waits for anybody, no case is locked, and what an
account has seen can be read in one piece. They name the case but are not part of its file. Like every event they are
written in the transaction of what they tell; a reading is written before the bytes leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import request_id
from accounts.models import Officer
from accounts.roles import AUDITOR_DESK
from cases.models import Case, Event, Evidence, Letter
from cases.services.record import write_record

ACCOUNTS, REFERENCE, EXPORTS = "system:accounts", "system:reference", "system:exports"


def access_stream(officer: Officer) -> str:
    """The chain of what one desk has read."""
    return f"access:{officer.pk}"


def _read(officer: Officer, name: str, case: Case | None, data: Mapping[str, Any]) -> Event:
    with transaction.atomic():
        return write_record(
            stream=access_stream(officer),
            kind=Event.Kind.READING,
            name=name,
            actor=officer,
            case_number=case.number if case else "",
            data={**data, **_session()},
        )


def _session() -> dict[str, str]:
    """The browser session something was read in; nothing outside one."""
    return {"session": request_id.session()} if request_id.session() else {}


def letter_read(*, letter: Letter, reader: Officer) -> Event:
    """A letter's bytes go to ``reader``."""
    return _read(
        reader,
        "letter_read",
        letter.case,
        {"letter": letter.pk, "number": letter.number, "sha256": letter.sha256, "sealed": letter.sealed},
    )


def evidence_read(*, evidence: Evidence, reader: Officer) -> Event:
    """A file goes to ``reader``."""
    case = evidence.case or evidence.report.cases.order_by("pk").first()
    return _read(reader, "evidence_read", case, {"evidence": evidence.pk, "sha256": evidence.sha256})


def case_viewed(*, case: Case, reader: Officer, part: str = "") -> Event | None:
    """An auditor looks at a case. The institutions that carry a case look at their own work: nothing is written."""
    if reader.desk != AUDITOR_DESK:
        return None
    return _read(reader, "case_viewed", case, {"part": part})


def identity_read(*, case: Case, reader: Officer, request: int) -> Event:
    """Who reported is shown to ``reader``, by the release of that request. Inside the reading's transaction."""
    return _read(reader, "identity_read", case, {"request": request})


def original_read(*, evidence: Evidence, case: Case, reader: Officer) -> Event:
    """The original of a file, with what its maker's program wrote into it, goes to ``reader``."""
    return _read(reader, "original_read", case, {"evidence": evidence.pk, "sha256": evidence.sha256})


def history_work(*, reader: Officer, name: str, case: Case | None, **facts: Any) -> Event:
    """An auditor has the history checked, or a bundle made or handed out."""
    return _read(reader, name, case, facts)


def exported(*, what: str, actor: Officer, count: int, case: Case | None = None, **facts: Any) -> Event:
    """``actor`` takes ``count`` rows of ``what`` out of the portal; ``facts`` say which (filters, format, hash)."""
    with transaction.atomic():
        return write_record(
            stream=EXPORTS,
            kind=Event.Kind.EXPORT,
            name=what,
            actor=actor,
            case_number=case.number if case else "",
            data={"count": count, **facts, **_session()},
        )


def account_changed(*, actor: Officer | None, what: str, key: str, changes: Mapping[str, Any]) -> Event:
    """An account, an institution or a desk was added or changed. Inside the transaction that changes it."""
    return write_record(
        stream=ACCOUNTS, kind=Event.Kind.ACCOUNT, name=what, actor=actor, data={"key": key}, changes=changes
    )


def account_event(*, actor: Officer | None, name: str, facts: Mapping[str, Any]) -> Event:
    """Something happened to an account: a sign-in, an invitation, a decision of two administrators."""
    with transaction.atomic():
        return write_record(stream=ACCOUNTS, kind=Event.Kind.ACCOUNT, name=name, actor=actor, data=facts)


def reference_changed(*, actor: Officer | None, what: str, key: str, changes: Mapping[str, Any]) -> Event:
    """A row of reference data was added or changed. Inside the transaction that changes it."""
    return write_record(
        stream=REFERENCE, kind=Event.Kind.REFDATA, name=what, actor=actor, data={"key": key}, changes=changes
    )
