"""All cases: search, counted filters, order, columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Officer
from cases.fields import Where, shown
from cases.formats import short_date
from cases.models import Case, Letter
from cases.querysets import CARRIER_FIELD
from cases.selectors import case_facets, deadlines
from cases.selectors.facets import FacetedList
from cases.selectors.searching import NOTHING, found_by
from cases.selectors.stages import stage_label
from cases.services.list_columns import ALWAYS
from cases.workdays import Calendar

NIP_DIGITS = 18
#: Characters of a search; longer ones come from nobody's form.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list: by which field of a case (``cases.fields``), upwards and downwards.

    The key breaks ties, so pages keep their place.
    """

    label: Any
    field: str
    up: tuple[Any, ...]
    down: tuple[Any, ...]


SORTS: dict[str, Sort] = {
    "name": Sort(gettext_lazy("Employee"), "subject_name", ("subject_name", "pk"), ("-subject_name", "-pk")),
    "opened": Sort(gettext_lazy("Opened"), "opened_on", ("opened_on", "pk"), ("-opened_on", "-pk")),
    "due": Sort(
        gettext_lazy("Deadline"),
        "due_on",
        (F("due_on").asc(nulls_last=True), "pk"),
        (F("due_on").desc(nulls_last=True), "-pk"),
    ),
    "moved": Sort(gettext_lazy("Last step"), "moved_on", ("moved_at", "pk"), ("-moved_at", "-pk")),
}
DEFAULT_ORDER = "-moved"
#: The order behind a column's heading.
SORT_OF_COLUMN = {"employee": "name", "opened": "opened", "deadline": "due", "moved": "moved"}


class CaseList(FacetedList):
    """The cases a desk may see, with the list's search and filters."""

    q = django_filters.CharFilter(label=gettext_lazy("Search"), method="search", max_length=LONGEST)
    kept = ("order",)

    class Meta:
        model = Case
        fields = ()

    def __init__(self, data: QueryDict, *, officer: Officer, on: dt.date) -> None:
        self.officer, self.on = officer, on
        rows = case_facets.with_year(case_facets.with_late(Case.objects.visible_to(officer), on))
        super().__init__(data, queryset=case_facets.with_handler(rows, officer))
        case_facets.add_stage(self)
        case_facets.add_state(self, officer)
        case_facets.add_outcome(self)
        case_facets.add_overdue(self, on)
        case_facets.add_institution(self)
        case_facets.add_violation(self)
        case_facets.add_election(self)
        case_facets.add_year(self)

    def search(self, cases: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Portal number, registration number, report number, name, NIP, number of a letter one may read."""
        digits = _digits(value)
        return cases.filter(
            found_by(
                self.officer,
                number=Q(number__icontains=value),
                registration_number=Q(registration_number__icontains=value),
                report_number=Q(report__number__icontains=value),
                subject_name=Q(subject_name__icontains=value),
                letter_number=Q(Exists(_letters(self.officer).filter(number__icontains=value))),
                subject_nip=Q(subject_nip__startswith=digits) if digits else NOTHING,
            )
        )

    def exact_hit(self) -> Case | None:
        """The one case whose number, NIP or letter number was typed in full; None when none or several."""
        text = self.answers.get("q", "")
        if not text:
            return None
        digits = _digits(text)
        exact = found_by(
            self.officer,
            number=Q(number__iexact=text),
            registration_number=Q(registration_number__iexact=text),
            report_number=Q(report__number__iexact=text),
            letter_number=Q(Exists(_letters(self.officer).filter(number__iexact=text))),
            subject_nip=Q(subject_nip=digits) if len(digits) == NIP_DIGITS else NOTHING,
        )
        hits = list(Case.objects.visible_to(self.officer).filter(exact)[:2])
        return hits[0] if len(hits) == 1 else None

    @property
    def order(self) -> str:
        """The order in force."""
        asked = self.asked.get("order", "")
        return asked if asked.removeprefix("-") in self.orders else DEFAULT_ORDER

    @property
    def orders(self) -> list[str]:
        """The orders open to the desk."""
        kind = self.officer.desk.kind
        return [name for name, sort in SORTS.items() if shown(sort.field, kind, Where.SORT)]

    @property
    def unknown_order(self) -> bool:
        """Whether the address asks for an order that does not exist."""
        return self.asked.get("order", "") not in ("", self.order)

    def ordered(self) -> QuerySet[Case]:
        """The cases in order, with what a row draws."""
        sort = SORTS[self.order.removeprefix("-")]
        rows = self.qs.select_related("report__election", "bawaslu", "reviewer", "employer", "violation")
        return rows.annotate(handler=F("handling__officer__name")).order_by(
            *(sort.down if self.order.startswith("-") else sort.up)
        )


def _digits(text: str) -> str:
    """The digits of a NIP typed with or without spaces, dots and dashes; empty when it is something else."""
    digits = "".join(text.split()).replace(".", "").replace("-", "")
    return digits if digits.isascii() and digits.isdigit() else ""


def _letters(officer: Officer) -> QuerySet[Letter]:
    return Letter.objects.visible_to(officer).filter(case=OuterRef("pk"))


def headings(shown: CaseList, columns: list[str], labels: dict[str, Any]) -> list[dict[str, Any]]:
    """The heads of the table: a label, and for columns that sort a link and which way it is sorted now."""
    heads = []
    for column in (ALWAYS, *columns):
        sort = SORT_OF_COLUMN.get(column, "")
        sort = sort if sort in shown.orders else ""
        now = shown.order if sort and shown.order.removeprefix("-") == sort else ""
        heads.append(
            {
                "label": labels[column],
                "query": shown.query(order=sort if now != sort else f"-{sort}") if sort else "",
                "sorted": "" if not now else "descending" if now.startswith("-") else "ascending",
            }
        )
    return heads


def row(case: Any, officer: Officer, on: dt.date, calendar: Calendar) -> dict[str, Any]:
    """One line of the table."""
    place = case.place
    position = case.snapshot or {"position": case.reported_position, "unit": case.reported_unit}
    zone = ZoneInfo(officer.institution.timezone)
    carriers = (getattr(case, part) for part in CARRIER_FIELD.values())
    return {
        "case": case,
        "unit": ", ".join(filter(None, (position.get("position"), position.get("unit")))),
        "stage": stage_label(place.stage, case),
        "state": _(place.label),
        "tone": place.tone if place.final else "info",
        "due": deadlines.due(case, on, calendar),
        "due_short": short_date(case.due_on) if case.due_on else "",
        "opened": short_date(case.opened_on),
        "moved": short_date(case.moved_at.astimezone(zone).date()),
        "carriers": ", ".join(carrier.short_name for carrier in carriers if carrier is not None),
        "handler": case.handler or "",
    }
