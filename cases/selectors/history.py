"""What an auditor finds in the history. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import AUDITOR_DESK
from cases.models import Case, Event
from cases.workflow import CLOCK_ACT, step_or_intake


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
    """Events by words (person, NIP, case, institution, act), kind and period; newest first."""
    rows = audited_by(officer)
    for word in str(asked.get("q") or "").split():
        digits = word.replace(".", "")
        person = Case.objects.filter(Q(subject_name__icontains=word) | Q(subject_nip=digits, subject_nip__gt=""))
        rows = rows.filter(
            Q(case_number__icontains=word)
            | Q(actor_name__icontains=word)
            | Q(actor_person=digits)
            | Q(institution_name__icontains=word)
            | Q(name__icontains=word)
            | Q(case_number__in=person.values("number"))
        )
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("since"):
        rows = rows.filter(at__date__gte=asked["since"])
    if asked.get("until"):
        rows = rows.filter(at__date__lte=asked["until"])
    return rows.select_related("leaf", "institution").order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    name: str
    before: Any
    after: Any


def changes_of(event: Event) -> list[Change]:
    """Before and after of every field, in words."""
    return [Change(_name(name), _words(pair[0]), _words(pair[1])) for name, pair in event.changes.items()]


def act_of(event: Event) -> str:
    """The label of the step or act on a deadline; empty for acts that have only a code."""
    if event.kind == Event.Kind.STEP:
        return _(step_or_intake(event.name).label)
    return _(CLOCK_ACT[event.name].label) if event.name in CLOCK_ACT else ""


def _name(field: str) -> str:
    """A field as forms and lists call it; the bare name where the case has no such field."""
    try:
        return str(Case._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return field


def _words(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"key", "label"}:
        return value["label"]
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items() if item)
    return "–" if value in (None, "") else value
