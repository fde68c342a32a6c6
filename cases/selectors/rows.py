"""The rows of the queue as plain values: the columns a row is drawn from and guards ask about, nothing more.

Fifty cases with report, election and three institutions each are three hundred models; a list needs a few columns of
them. What is not among these columns is read from the database when somebody asks, so that a guard sees a whole case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from accounts.models import Institution, Officer
from accounts.prepared import Late, Reader, in_all, prepared
from cases.models import Case, Election, Event, Report
from cases.querysets import CARRIER_FIELD
from cases.selectors.case_facets import GROUPS, group_of, with_handler
from cases.selectors.facets import ROWS
from cases.workflow import STATE, State

#: Rows of a group on the overview; the rest is one click away.
FIRST_ROWS = 10
PAGE_ROWS = 50
ORDER = (F("due_on").asc(nulls_last=True), "opened_on", "pk")
REPORT = ("origin", "occurred_on", "known_on", "received_on")
COLUMNS = (
    "pk", "number", "registration_number", "state", "subject_name", "subject_nip", "snapshot", "reported_position",
    "reported_unit", "due_on", "clock_paused", "moved_at", "report_id", *CARRIER_FIELD.values(),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """An institution as a row needs it."""

    pk: int
    code: str
    short_name: str
    region: str


@dataclass(frozen=True, slots=True)
class RowElection:
    """The election of a row's report."""

    pk: int
    regime: str


class _Partly:
    """Some columns of a row of the database; the rest is read when it is asked for."""

    pk: int
    model: type[Any]

    @cached_property
    def whole(self) -> Any:
        """The model itself: one query."""
        return self.model.objects.get(pk=self.pk)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.whole, name)


class RowReport(_Partly):
    """The report of a row."""

    model = Report

    def __init__(self, pk: int, values: Iterable[Any], election: RowElection) -> None:
        self.pk, self.election = pk, election
        self.origin, self.occurred_on, self.known_on, self.received_on = values

    @property
    def is_reported(self) -> bool:
        """See ``Report.is_reported``."""
        return self.origin == Report.Origin.REPORT


class CaseRow(_Partly):
    """One case of a list. ``group`` is its group of the queue, ``last_step`` the name of the last step taken."""

    model = Case

    def __init__(self, values: tuple[Any, ...], houses: dict[int | None, House]) -> None:
        (
            self.pk, self.number, self.registration_number, self.state, self.subject_name, self.subject_nip, snapshot,
            position, unit, self.due_on, self.clock_paused, self.moved_at, self.report_id, bawaslu, reviewer, employer,
            *report, election, regime, self.group, self.last_step,
        ) = values  # fmt: skip
        self.snapshot, self.reported_position, self.reported_unit = snapshot, position, unit
        self.bawaslu_id, self.reviewer_id, self.employer_id = bawaslu, reviewer, employer
        # Whose institution is not among the houses came to the case while the page was being read.
        self.bawaslu: Any = houses.get(bawaslu) or self.whole.bawaslu
        self.reviewer: Any = reviewer and (houses.get(reviewer) or self.whole.reviewer)
        self.employer: Any = employer and (houses.get(employer) or self.whole.employer)
        self.report = RowReport(self.report_id, report, RowElection(election, regime))

    def __str__(self) -> str:
        return self.registration_number or self.number

    @property
    def place(self) -> State:
        """The table's row for the current state."""
        return STATE[self.state]

    def get_absolute_url(self) -> str:
        """The case page."""
        return reverse("cases:detail", args=[self.number])


# ---------------------------------------------------------------------- what is asked


def open_cases(reader: Any, on: Any, limit: Any) -> QuerySet[Any]:
    """The open cases a desk may see, each with its group of the queue and its handler."""
    mine = Case.objects.visible_to(reader).open()
    return with_handler(mine.annotate(group=group_of(reader, on, limit)), reader)


def in_columns(chosen: QuerySet[Any], reader: Any, on: Any, limit: Any) -> QuerySet[Any]:
    """The chosen cases as the values of ``CaseRow``, most pressing first. What costs is read for them only."""
    last = Event.objects.filter(case=OuterRef("pk"), kind=Event.Kind.STEP).order_by("-seq").values("name")[:1]
    return (
        Case.objects.filter(pk__in=chosen.values("pk"))
        .annotate(group=group_of(reader, on, limit), last_step=Subquery(last))
        .order_by(*ORDER)
        .values_list(
            *COLUMNS, *(f"report__{name}" for name in REPORT), "report__election_id", "report__election__regime",
            "group", "last_step",
        )
    )  # fmt: skip


def first_of_each(cases: QuerySet[Any]) -> QuerySet[Any]:
    """The first rows of every group."""
    place = Window(RowNumber(), partition_by=F("group"), order_by=ORDER)
    return cases.order_by().annotate(place=place).filter(place__lte=FIRST_ROWS)


def page_of(cases: QuerySet[Any], start: int) -> QuerySet[Any]:
    """A page of them, from the row ``start`` on."""
    return cases.order_by(*ORDER)[start : start + PAGE_ROWS]


@prepared
def overview(reader: Reader, *, on: Late, limit: Late) -> QuerySet[Any]:
    """The first rows of every group."""
    mine = Case.objects.visible_to(reader).open().annotate(group=group_of(reader, on, limit))
    return in_columns(first_of_each(mine), reader, on, limit)


@prepared
def of_group(reader: Reader, group: str, start: int, *, on: Late, limit: Late) -> QuerySet[Any]:
    """One group, from its row ``start`` on."""
    mine = Case.objects.visible_to(reader).open().annotate(group=group_of(reader, on, limit))
    return in_columns(page_of(mine.filter(group=group), start), reader, on, limit)


@prepared
def _grouped(reader: Reader, *, on: Late, limit: Late) -> QuerySet[Any]:
    # What is the same for every row (the reader's own institution) is left out, and groups are numbers: the database
    # sorts thousands of rows by these columns.
    own = CARRIER_FIELD.get(reader.desk.kind)
    carriers = [f"{part}_id" for part in CARRIER_FIELD.values() if part != own]
    cases = with_handler(Case.objects.visible_to(reader).open(), reader)
    keys = ("state", "handling__officer_id", "report__election_id", *carriers)
    return (
        cases.order_by()
        .annotate(place=group_of(reader, on, limit, numbered=True))
        .values(*keys, "place")
        .annotate(**{ROWS: Count("*")})
    )


def grouped(officer: Officer, on: dt.date, limit: dt.date) -> list[dict[str, Any]]:
    """The open cases a desk may see, counted by every key the queue's filters look at: one query."""
    own = CARRIER_FIELD.get(officer.desk.kind)
    same = {f"{own}_id": officer.institution_id} if own else {}
    return [{**cell, **same, "group": GROUPS[cell["place"]]} for cell in _grouped(officer, on=on, limit=limit)]


@prepared
def _waiting_on(reader: Reader, *, on: Late) -> QuerySet[Any]:
    late = Q(due_on__lt=on, clock_paused=False)
    return in_all(Case.objects.on_desk_of(reader), count=Count("pk"), overdue=Count("pk", filter=late))


def waiting_on(officer: Officer, on: dt.date) -> dict[str, int]:
    """How many cases wait on the desk, and how many of them are overdue."""
    count, overdue = _waiting_on.first(officer, on=on) or (0, 0)
    return {"count": count, "overdue": overdue}


@prepared
def _elections(_reader: Reader) -> QuerySet[Any]:
    return Election.objects.order_by().values_list("pk", "code", "name")


def elections(officer: Officer) -> dict[int, tuple[str, str]]:
    """Code and name of every election: a handful of reference rows."""
    return {pk: (code, name) for pk, code, name in _elections(officer)}


@prepared
def _houses(_reader: Reader, count: int, **keys: Late) -> QuerySet[Any]:
    chosen = Q(pk__in=list(keys.values()))
    return Institution.objects.filter(chosen).order_by().values_list("pk", "code", "short_name", "region")


def houses(officer: Officer, keys: Iterable[int | None]) -> dict[int | None, House]:
    """The institutions with these keys."""
    wanted = sorted({key for key in keys if key is not None})
    if not wanted:
        return {}
    room = 1 << (len(wanted) - 1).bit_length()  # few statements serve any number
    places = {f"key{place}": wanted[min(place, len(wanted) - 1)] for place in range(room)}
    return {row[0]: House(*row) for row in _houses(officer, room, **places)}
