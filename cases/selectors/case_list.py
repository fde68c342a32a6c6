"""All cases: search, filters, order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution, Officer
from cases.formats import short_date
from cases.models import Case, Election, Letter, ViolationType
from cases.selectors import deadlines
from cases.selectors.stages import stage_label
from cases.workdays import Calendar
from cases.workflow import STAGES, STATES, states_open_to

#: Order by the name of a column: what stands in the address, what it sorts by, what people read.
ORDERS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "due": ((F("due_on").asc(nulls_last=True), "pk"), gettext_lazy("Nearest deadline")),
    "moved": (("-moved_at", "-pk"), gettext_lazy("Last step")),
    "name": (("subject_name", "pk"), gettext_lazy("Name")),
    "newest": (("-opened_on", "-pk"), gettext_lazy("Newest")),
    "oldest": (("opened_on", "pk"), gettext_lazy("Oldest")),
}
DEFAULT_ORDER = "moved"


def _translated(pairs: Any) -> Any:
    """Choices of the table's words, translated when the page is drawn and not when the class is made."""
    return lambda: [(value, _(label)) for value, label in pairs]


def outcomes() -> list[tuple[str, str]]:
    """How cases end, with the word of the state that ends so."""
    return list({state.outcome: (state.outcome, state.label) for state in STATES if state.outcome}.values())


def violations() -> list[tuple[str, str]]:
    """Rows of the SKB, each once whatever its editions; the latest edition's words."""
    rows = ViolationType.objects.order_by("list", "order", "valid_from")
    return list({row.code: (row.code, str(row)) for row in rows}.values())


class CaseFilter(django_filters.FilterSet):
    """Filters of the list; each narrows, all live in the address."""

    q = django_filters.CharFilter(label=gettext_lazy("Search"), method="search")
    stage = django_filters.ChoiceFilter(
        label=gettext_lazy("Stage"), method="by_stage", choices=lambda: [(n, stage_label(n)) for n in STAGES]
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=_translated([(state.name, state.label) for state in STATES])
    )
    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("Outcome"), method="by_outcome", choices=_translated(outcomes())
    )
    overdue = django_filters.BooleanFilter(
        label=gettext_lazy("Only overdue"), method="only_overdue", widget=forms.CheckboxInput
    )
    election = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Election"), field_name="report__election", queryset=Election.objects.all(),
        to_field_name="code",
    )  # fmt: skip
    violation = django_filters.ChoiceFilter(
        label=gettext_lazy("Violation"), field_name="violation__code", choices=violations
    )
    institution = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Institution"), method="by_institution", queryset=Institution.objects.none(),
        to_field_name="code",
    )  # fmt: skip

    class Meta:
        model = Case
        fields = ()

    def __init__(self, *args: Any, officer: Officer, on: dt.date, **kwargs: Any) -> None:
        self.officer, self.on = officer, on
        super().__init__(*args, queryset=Case.objects.visible_to(officer), **kwargs)
        visible = Case.objects.visible_to(officer)
        carried = Q()
        for column in ("bawaslu", "reviewer", "employer"):
            carried |= Q(pk__in=visible.filter(**{f"{column}__isnull": False}).values(column))
        self.filters["institution"].queryset = Institution.objects.filter(carried)
        if officer.desk.kind in {kind for state in STATES for kind in state.open_to}:
            shown = set(states_open_to(officer.desk.kind))
            self.filters["state"].extra["choices"] = _translated([(s.name, s.label) for s in STATES if s.name in shown])

    def search(self, cases: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Portal number, registration number, report number, name, NIP, number of a letter one may read."""
        text = value.strip()
        found = (
            Q(number__icontains=text)
            | Q(registration_number__icontains=text)
            | Q(report__number__icontains=text)
            | Q(subject_name__icontains=text)
            | Q(Exists(_letters(self.officer).filter(number__icontains=text)))
        )
        digits = "".join(text.split())
        if digits.isdigit():
            found |= Q(subject_nip__startswith=digits)
        return cases.filter(found)

    def exact_hit(self) -> Case | None:
        """The one case whose number, NIP or letter number was typed in full; None when none or several."""
        text = (self.data.get("q") or "").strip()
        if not text:
            return None
        exact = (
            Q(number__iexact=text)
            | Q(registration_number__iexact=text)
            | Q(Exists(_letters(self.officer).filter(number__iexact=text)))
        )
        digits = "".join(text.split())
        if digits.isdigit() and len(digits) == 18:
            exact |= Q(subject_nip=digits)
        hits = list(Case.objects.visible_to(self.officer).filter(exact)[:2])
        return hits[0] if len(hits) == 1 else None

    def by_stage(self, cases: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """States of one stage."""
        return cases.filter(state__in=[state.name for state in STATES if str(state.stage) == value])

    def by_outcome(self, cases: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Final states of one outcome."""
        return cases.filter(state__in=[state.name for state in STATES if state.outcome == value])

    def only_overdue(self, cases: Any, _name: str, value: bool) -> QuerySet[Case]:
        """Running deadlines that have passed."""
        return cases.overdue(self.on) if value else cases

    def by_institution(self, cases: QuerySet[Case], _name: str, value: Institution) -> QuerySet[Case]:
        """Cases an institution carries in any part."""
        return cases.filter(Q(bawaslu=value) | Q(reviewer=value) | Q(employer=value))


def _letters(officer: Officer) -> QuerySet[Letter]:
    return Letter.objects.visible_to(officer).filter(case=OuterRef("pk"))


def ordered(cases: QuerySet[Case], order: str) -> QuerySet[Case]:
    """The cases in the order named in the address, with what a row draws."""
    columns = ORDERS.get(order, ORDERS[DEFAULT_ORDER])[0]
    return cases.select_related("report__election", "bawaslu", "reviewer", "violation").order_by(*columns)


def row(case: Case, on: dt.date, calendar: Calendar) -> dict[str, Any]:
    """One line of the table."""
    place = case.place
    position = case.snapshot or {"position": case.reported_position, "unit": case.reported_unit}
    return {
        "case": case,
        "unit": ", ".join(filter(None, (position.get("position"), position.get("unit")))),
        "stage": stage_label(place.stage, case),
        "state": _(place.label),
        "tone": place.tone if place.final else "info",
        "due": deadlines.due(case, on, calendar),
        "due_short": short_date(case.due_on) if case.due_on else "",
    }
