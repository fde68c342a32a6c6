"""Which data of which persons an account, a session or a period has seen: what a breach notice must say.

UU 27/2022 (PDP) art. 46: the notice names the data disclosed, when and how, and goes to the persons within 3 × 24
hours. Read from the chained readings and exports, so that nobody can have taken an entry out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Officer
from cases.models import Case, Event

#: Kinds of personal data behind each reading.
DATA: dict[str, str] = {
    "case_viewed": "identity and position of the employee, what was reported, steps and outcome",
    "letter_read": "what the letter says of the persons in it",
    "evidence_read": "what the file shows",
    "original_read": "what the file shows and what a camera or program wrote into it",
    "identity_read": "who reported: name, address, telephone, e-mail, what they said",
    "bundle_taken": "everything in the case's file, letters and evidence included",
}


@dataclass(slots=True)
class Seen:
    """One case, and what of it was seen."""

    case_number: str
    person: str
    nip: str
    first: dt.datetime
    last: dt.datetime
    items: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    readers: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "case": self.case_number,
            "person": self.person,
            "nip": self.nip,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "items": dict(self.items),
            "readers": sorted(self.readers),
        }


def seen(
    *,
    email: str = "",
    request_id: str = "",
    session: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> tuple[list[Seen], list[Event]]:
    """What was seen, one entry a case, and the exports taken, by the given account, request, session, and period.

    Readings on record are letters, evidence, exports, and auditors' case views. Work an institution does on its own
    cases leaves steps; those are counted as ``acted``.
    """
    events = Event.objects.order_by("at", "pk")
    if email:
        events = events.filter(actor__in=Officer.objects.filter(user__email=email))
    if request_id:
        events = events.filter(request_id=request_id)
    if session:
        events = events.filter(data__session=session)
    if since:
        events = events.filter(at__gte=since)
    if until:
        events = events.filter(at__lt=until)
    found: dict[str, Seen] = {}
    exports: list[Event] = []
    people: dict[str, tuple[str, str]] = {}
    for event in events.exclude(actor__isnull=True).iterator(chunk_size=2000):
        if event.kind == Event.Kind.EXPORT:
            exports.append(event)
        if not event.case_number:
            continue
        if event.case_number not in people:
            row = Case.objects.filter(number=event.case_number).values_list("subject_name", "subject_nip").first()
            people[event.case_number] = row or ("", "")
        entry = found.get(event.case_number)
        if entry is None:
            entry = found[event.case_number] = Seen(event.case_number, *people[event.case_number], event.at, event.at)
        entry.last = event.at
        entry.items[event.name if event.kind in (Event.Kind.READING, Event.Kind.EXPORT) else "acted"] += 1
        entry.readers.add(f"{event.actor_name} ({event.institution_name})")
    return sorted(found.values(), key=lambda one: one.case_number), exports


@dataclass(frozen=True, slots=True)
class Session:
    """A browser session in which something was read or taken out."""

    name: str
    who: str
    first: dt.datetime
    last: dt.datetime
    count: int


def sessions(email: str) -> list[Session]:
    """The sessions of an account in which something was read or taken out, oldest first."""
    rows = Event.objects.filter(actor__in=Officer.objects.filter(user__email=email), data__has_key="session")
    found: dict[str, Session] = {}
    for name, who, at in rows.order_by("at", "pk").values_list("data__session", "actor_name", "at"):
        old = found.get(name)
        found[name] = Session(name, who, old.first if old else at, at, old.count + 1 if old else 1)
    return list(found.values())
