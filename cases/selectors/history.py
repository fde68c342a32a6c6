"""What an auditor finds in the history. Nothing here writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Officer
from accounts.roles import AUDITOR_DESK
from cases.audit.findings import Finding
from cases.models import Case, Event, Evidence
from cases.selectors.acts import field_of, labels, name_of, value_of
from cases.selectors.searching import found_by


def audited_by(officer: Officer) -> Any:
    """Events an auditor may read: of the cases in the region, of readings that name them, and of its institutions."""
    if officer.desk != AUDITOR_DESK:
        return Event.objects.none()
    region = officer.institution.region
    if not region:
        return Event.objects.all()
    visible = Case.objects.visible_to(officer)
    return Event.objects.filter(
        Q(case__in=visible)
        | Q(case__isnull=True, case_number__in=visible.values("number"))
        | Q(case__isnull=True, institution__region=region)
    )


def search(officer: Officer, asked: dict[str, Any]) -> Any:
    """Events by words, person, case, institution, act, kind and period; newest first."""
    rows = audited_by(officer)
    for word in str(asked.get("q") or "").split():
        rows = rows.filter(_about(officer, word) | Q(institution_name__icontains=word) | Q(name__in=_acts_called(word)))
    for word in str(asked.get("person") or "").split():
        rows = rows.filter(_about(officer, word))
    if asked.get("case"):
        number = str(asked["case"]).strip()
        rows = rows.filter(
            Q(case_number__icontains=number)
            | Q(case_number__in=Case.objects.filter(registration_number__icontains=number).values("number"))
        )
    if asked.get("institution"):
        rows = rows.filter(institution_name__icontains=str(asked["institution"]).strip())
    if asked.get("act"):
        rows = rows.filter(name=asked["act"])
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    zone = ZoneInfo(officer.institution.timezone)
    if asked.get("since"):
        rows = rows.filter(at__gte=dt.datetime.combine(asked["since"], dt.time(), zone))
    if asked.get("until"):
        rows = rows.filter(at__lt=dt.datetime.combine(asked["until"] + dt.timedelta(days=1), dt.time(), zone))
    return rows.select_related("leaf", "institution").order_by("-at", "-pk")


def _about(officer: Officer, word: str) -> Q:
    """Events by, or of a case about, the person or case a word names: part of a name, a whole NIP, a number."""
    digits = word.replace(".", "")
    nip = Q(subject_nip=digits, subject_nip__gt="")
    cases = Case.objects.filter(found_by(officer, subject_name=Q(subject_name__icontains=word), subject_nip=nip))
    return (
        Q(case_number__icontains=word)
        | Q(actor_name__icontains=word)
        | Q(actor_person=digits)
        | Q(case_number__in=cases.values("number"))
    )


def _acts_called(word: str) -> list[str]:
    """Names of acts whose words, in the active language, contain a word."""
    found = [name for name, label in labels().items() if word.casefold() in label.casefold()]
    return [*found, word]


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    name: str
    before: str
    after: str


def changes_of(event: Event, zone: str = "UTC") -> list[Change]:
    """Before and after of every field, in words; of a frozen row only the parts that differ."""
    found = []
    for name, pair in event.changes.items():
        field = field_of(name, event)
        before, after = (value_of(side, field, zone) for side in _differing(*pair))
        found.append(Change(name_of(name, event), before, after))
    return found


def _differing(before: Any, after: Any) -> tuple[Any, Any]:
    if not (isinstance(before, dict) and isinstance(after, dict)) or "key" in before or "key" in after:
        return before, after
    same = {key for key in before if before[key] == after.get(key)}
    return ({key: item for key, item in side.items() if key not in same} for side in (before, after))  # type: ignore[return-value]


def titles_read(events: Iterable[Event], officer: Officer) -> dict[str, str]:
    """What the files read in ``events`` show, as far as the officer may open them; one query, none without files."""
    read = {str(event.data["evidence"]) for event in events if event.name == "evidence_read"}
    rows = Evidence.objects.visible_to(officer).filter(pk__in=read) if read else Evidence.objects.none()
    return {str(pk): title for pk, title in rows.values_list("pk", "title")}


def read_of(event: Event, titles: Mapping[str, str]) -> str:
    """What was read, where a reading says so: a letter's number, what a file shows."""
    if event.kind != Event.Kind.READING:
        return ""
    return str(event.data.get("number") or titles.get(str(event.data.get("evidence"))) or "")


def finding_shown(found: Finding, officer: Officer) -> bool:
    """Whether a finding may be told to this auditor: it is about no case, or about one they see."""
    if not found.stream.startswith("case:"):
        return not found.detail or not officer.institution.region
    return Case.objects.visible_to(officer).filter(number=found.stream.removeprefix("case:")).exists()
