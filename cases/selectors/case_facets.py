"""The counted filters of lists of cases: what each looks at, what its values are called."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case as SqlCase
from django.db.models import CharField, FilteredRelation, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Institution, Officer
from accounts.prepared import Reader
from cases.models import Election, ViolationType
from cases.querysets import CARRIER_FIELD
from cases.selectors.facets import Cell, FacetedList, FacetFilter
from cases.selectors.stages import stage_label
from cases.workflow import STAGES, STATE, STATES, states_on_desk, states_open_to, states_with

GROUPS = ("overdue", "soon", "later", "waiting")
ME, NOBODY = "me", "none"
ON = "on"


def in_states(test: Any) -> Q:
    """A case in one of the table's states that pass the test."""
    return Q(state__in=[state.name for state in STATES if test(state)])


def add_stage(to: FacetedList) -> None:
    """Stage of the procedure."""
    to.add(
        "stage",
        FacetFilter(
            label=gettext_lazy("Stage"),
            reads=("stage",),
            columns=("state",),
            of=lambda cell: {str(STATE[cell["state"]].stage): stage_label(STATE[cell["state"]].stage)},
            where=lambda value: in_states(lambda state: str(state.stage) == value),
            known=lambda value: stage_label(int(value)) if value in map(str, STAGES) else "",
            order=str,
        ),
    )


def add_state(to: FacetedList, officer: Officer) -> None:
    """State, of those the desk may see."""
    kinds = {kind for state in STATES for kind in state.open_to}
    shown = set(states_open_to(officer.desk.kind)) if officer.desk.kind in kinds else set(STATE)
    names = [state.name for state in STATES]
    to.add(
        "state",
        FacetFilter(
            label=gettext_lazy("State"),
            reads=("state",),
            columns=("state",),
            of=lambda cell: {cell["state"]: _(STATE[cell["state"]].label)},
            where=lambda value: Q(state=value),
            known=lambda value: _(STATE[value].label) if value in shown else "",
            order=names.index,
        ),
    )


def add_outcome(to: FacetedList) -> None:
    """How a case ended."""
    words = {state.outcome: state.label for state in STATES if state.outcome}

    def of(cell: Cell) -> dict[str, str]:
        outcome = STATE[cell["state"]].outcome
        return {outcome: _(words[outcome])} if outcome else {}

    to.add(
        "outcome",
        FacetFilter(
            label=gettext_lazy("Outcome"),
            reads=("outcome",),
            columns=("state",),
            of=of,
            where=lambda value: in_states(lambda state: bool(value) and state.outcome == value),
            known=lambda value: _(words[value]) if value in words else "",
        ),
    )


def group_of(officer: Any, on: Any, limit: Any, *, numbered: bool = False) -> SqlCase:
    """The group of the queue a case belongs to, as an expression: its name, or ``numbered`` its place in ``GROUPS``."""
    overdue, soon, later, waiting = (Value(place if numbered else name) for place, name in enumerate(GROUPS))
    running = Q(clock_paused=False, due_on__isnull=False)
    return SqlCase(
        When(~Q(state__in=states_on_desk(officer.desk)), then=waiting),
        When(running & Q(due_on__lt=on), then=overdue),
        When(running & Q(due_on__lte=limit), then=soon),
        default=later,
        output_field=IntegerField() if numbered else CharField(),
    )


def add_group(to: FacetedList, titles: dict[str, str]) -> None:
    """Groups of the queue. The rows carry ``group`` (``group_of``)."""
    to.add(
        "group",
        FacetFilter(
            label=gettext_lazy("Deadline"),
            reads=("due_on",),
            columns=("group",),
            of=lambda cell: {cell["group"]: titles[cell["group"]]},
            where=lambda value: Q(group=value),
            known=lambda value: titles.get(value, ""),
            order=GROUPS.index,
        ),
    )


def late(on: dt.date) -> Q:
    """A running deadline that has passed; the same as ``CaseQuerySet.overdue``."""
    return Q(state__in=states_with(final=False), due_on__lt=on, clock_paused=False)


def add_overdue(to: FacetedList, on: dt.date) -> None:
    """Only cases whose deadline has passed. The rows carry ``late``."""
    to.add(
        "overdue",
        FacetFilter(
            label=gettext_lazy("Deadline"),
            reads=("due_on",),
            columns=("late",),
            of=lambda cell: {ON: _("Overdue")} if cell["late"] else {},
            where=lambda _value: late(on),
            known=lambda value: _("Overdue") if value == ON else "",
        ),
    )


def with_late(cases: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """The cases with ``late``: 1 or 0."""
    return cases.annotate(late=SqlCase(When(late(on), then=Value(1)), default=Value(0)))


def with_handler(cases: QuerySet[Any], officer: Officer | Reader) -> QuerySet[Any]:
    """The cases with who handles them at the officer's institution, reached as ``handling``."""
    standing = Q(assignments__institution=officer.institution_id, assignments__to_on__isnull=True)
    return cases.annotate(handling=FilteredRelation("assignments", condition=standing))


def add_handler(to: FacetedList, officer: Officer) -> None:
    """Who handles the case at the officer's own institution. The rows carry ``handling``."""
    if officer.desk.kind not in CARRIER_FIELD:
        return

    def of(cell: Cell) -> dict[str, str]:
        handler = cell["handling__officer_id"]
        if handler is None:
            return {NOBODY: _("Nobody yet")}
        return {ME: _("Me")} if handler == officer.pk else {str(handler): cell["handling__officer__name"]}

    def where(value: str) -> Q:
        if value == NOBODY:
            return Q(handling__officer__isnull=True)
        return Q(handling__officer=officer.pk if value == ME else int(value))

    def known(value: str) -> str:
        if value in (ME, NOBODY):
            return _("Me") if value == ME else _("Nobody yet")
        if not (value.isascii() and value.isdecimal()) or len(value) > 15 or int(value) == officer.pk:
            return ""
        found = Officer.objects.filter(pk=int(value), institution=officer.institution_id).first()
        return found.name if found else ""

    to.add(
        "handler",
        FacetFilter(
            label=gettext_lazy("Handled by"),
            reads=("handler",),
            columns=("handling__officer_id", "handling__officer__name"),
            of=of,
            where=where,
            known=known,
            order=lambda value: (value != ME, value != NOBODY, to.label("handler", value).casefold()),
        ),
    )


def add_institution(to: FacetedList) -> None:
    """Institutions that carry the case in any part."""
    columns = [f"{part}__{name}" for part in CARRIER_FIELD.values() for name in ("code", "short_name")]

    def of(cell: Cell) -> dict[str, str]:
        pairs = ((cell[f"{part}__code"], cell[f"{part}__short_name"]) for part in CARRIER_FIELD.values())
        return {code: name for code, name in pairs if code}

    def where(value: str) -> Q:
        found = Q()
        for part in CARRIER_FIELD.values():
            found |= Q(**{f"{part}__code": value})
        return found

    def known(value: str) -> str:
        return Institution.objects.filter(code=value).values_list("short_name", flat=True).first() or ""

    to.add(
        "institution",
        FacetFilter(
            label=gettext_lazy("Institution"),
            reads=tuple(CARRIER_FIELD.values()),
            columns=columns,
            of=of,
            where=where,
            known=known,
        ),
    )


def add_election(to: FacetedList) -> None:
    """The election the act concerned."""
    to.add(
        "election",
        FacetFilter(
            label=gettext_lazy("Election"),
            reads=("election",),
            columns=("report__election__code", "report__election__name"),
            of=lambda cell: {cell["report__election__code"]: cell["report__election__name"]},
            where=lambda value: Q(report__election__code=value),
            known=lambda value: Election.objects.filter(code=value).values_list("name", flat=True).first() or "",
        ),
    )


def add_violation(to: FacetedList) -> None:
    """The row of the joint decree the case is registered under, whatever its edition."""
    plain = "plain_en" if get_language() == "en" else "plain"

    def known(value: str) -> str:
        row = ViolationType.objects.filter(code=value).order_by("-valid_from").first()
        return f"{row.code} – {getattr(row, plain)}" if row else ""

    to.add(
        "violation",
        FacetFilter(
            label=gettext_lazy("Violation"),
            reads=("violation",),
            columns=("violation__code", f"violation__{plain}"),
            of=lambda cell: (
                {cell["violation__code"]: f"{cell['violation__code']} – {cell[f'violation__{plain}']}"}
                if cell["violation__code"]
                else {}
            ),
            where=lambda value: Q(violation__code=value),
            known=known,
            order=lambda value: (value[:1], len(value), value),
        ),
    )


def with_year(cases: QuerySet[Any]) -> QuerySet[Any]:
    """The cases with ``year``: of opening."""
    return cases.annotate(year=ExtractYear("opened_on"))


def add_year(to: FacetedList) -> None:
    """The year the case was opened. The rows carry ``year``."""
    to.add(
        "year",
        FacetFilter(
            label=gettext_lazy("Year"),
            reads=("opened_on",),
            columns=("year",),
            of=lambda cell: {str(cell["year"]): str(cell["year"])},
            where=lambda value: Q(opened_on__year=int(value)),
            known=lambda value: value if value.isascii() and value.isdecimal() and 1945 <= int(value) <= 9000 else "",
            order=lambda value: -int(value),
        ),
    )
