"""The queue: what waits for a desk, by urgency, and what waits for others; with filters that count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import Desk, Role
from cases.formats import long_date, short_date
from cases.models import Case
from cases.querysets import CARRIER_FIELD
from cases.selectors import case_facets, deadlines, rows
from cases.selectors.case_facets import GROUPS
from cases.selectors.deadlines import Due
from cases.selectors.facets import ROWS, Cell, FacetedList
from cases.selectors.pages import Counted
from cases.selectors.rows import FIRST_ROWS, ORDER, PAGE_ROWS, CaseRow, House
from cases.selectors.stages import stage_label, waits_for
from cases.selectors.team import Load
from cases.selectors.verbs import Verb, verbs
from cases.workdays import Calendar

__all__ = ["FIRST_ROWS", "ORDER", "PAGE_ROWS", "Group", "QueueRow", "TaskList"]


@dataclass
class Group:
    """One heading with its rows; ``count`` is the number of all of them, ``query`` the address of this group alone."""

    key: str
    title: str
    icon: str
    tone: str
    note: str
    count: int
    query: str
    rows: list[QueueRow] = field(default_factory=list)
    page: Page[Any] | None = None

    @property
    def left_out(self) -> int:
        """Rows not drawn here."""
        return self.count - len(self.rows) if self.page is None else 0


class TaskList(FacetedList):
    """The open cases a desk may see, grouped by urgency, with the queue's filters."""

    def __init__(self, data: QueryDict, *, officer: Officer, on: dt.date, calendar: Calendar) -> None:
        self.officer, self.on, self.calendar = officer, on, calendar
        self.limit = calendar.add_working_days(on, deadlines.SOON)
        super().__init__(data, queryset=Case.objects.none())
        self.titles = {
            "overdue": _("Overdue"),
            "soon": _("Due within 3 working days"),
            "later": _("Later"),
            "waiting": _("Waiting for others"),
        }
        case_facets.add_group(self, self.titles)
        case_facets.add_stage(self)
        case_facets.add_handler(self, officer)
        case_facets.add_institution(self)
        case_facets.add_election(self)

    @property
    def only(self) -> str:
        """The one group asked for; empty when all are shown."""
        return self.chosen.get("group", "")

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """On this desk or waiting for others: every open case the desk sees."""
        return rows.open_cases(self.officer, self.on, self.limit)

    @cached_property
    def _grouped(self) -> list[dict[str, Any]]:
        return rows.grouped(self.officer, self.on, self.limit)

    @cached_property
    def houses(self) -> dict[int | None, House]:
        """Every institution that carries one of the cases."""
        keys = {group[f"{part}_id"] for group in self._grouped for part in CARRIER_FIELD.values()}
        return rows.houses(self.officer, keys)

    @cached_property
    def cells(self) -> list[Cell]:
        """The rows grouped by what the filters look at: by keys, to which the names are put here."""
        handlers = {group["handling__officer_id"] for group in self._grouped} - {None, self.officer.pk}
        elections = rows.elections(self.officer)  # after the groups, so that each group's is among them
        names = dict(Officer.objects.filter(pk__in=handlers).values_list("pk", "name")) if handlers else {}
        found: list[Cell] = []
        for group in self._grouped:
            code, name = elections[group["report__election_id"]]
            cell = {**group, "report__election__code": code, "report__election__name": name}
            cell["handling__officer__name"] = names.get(group["handling__officer_id"], "")
            for part in CARRIER_FIELD.values():
                house = self.houses.get(group[f"{part}_id"])
                cell[f"{part}__code"] = house.code if house else None
                cell[f"{part}__short_name"] = house.short_name if house else None
            found.append(cell)
        return found

    @cached_property
    def group_counts(self) -> dict[str, int]:
        """How many rows each group has, the other filters in force."""
        counts = self.counts("group")
        return {key: counts[key] for key in GROUPS}

    @property
    def waiting_here(self) -> int:
        """Rows that wait for this desk under the filters."""
        shown = {self.only} if self.only else set(GROUPS)
        return sum(count for key, count in self.group_counts.items() if key in shown and key != "waiting")

    @cached_property
    def desk_counts(self) -> dict[str, int]:
        """Rows that wait for this desk whatever the filters, and how many of them are overdue."""
        totals = {key: self.count({"group": key}) for key in GROUPS}
        return {"count": sum(totals.values()) - totals["waiting"], "overdue": totals["overdue"]}

    def groups(self, page: str | None = None) -> list[Group]:
        """The four groups, or the one asked for page by page. Every number counts the rows it stands over."""
        notes = {
            "soon": _("until %(date)s") % {"date": long_date(self.limit, weekday=True)},
            "waiting": _("nothing for you to do"),
        }
        icons = {"overdue": "alert-triangle", "soon": "hourglass", "later": "calendar", "waiting": "users"}
        keys = [self.only] if self.only else list(GROUPS)
        groups = {
            key: Group(
                key, self.titles[key], icons[key], key if key in ("overdue", "soon") else "", notes.get(key, ""),
                self.group_counts[key], self.query(group=key),
            )
            for key in keys
        }  # fmt: skip
        count = sum(group.count for group in groups.values())
        cases = [CaseRow(values, self.houses) for values in self._shown(groups, page)] if count else []
        self._fill(groups, cases)
        return list(groups.values())

    def _shown(self, groups: dict[str, Group], page: str | None) -> list[tuple[Any, ...]]:
        """The rows to draw, as the values of ``CaseRow``. What is asked every day is asked by a prepared query."""
        days = {"on": self.on, "limit": self.limit}
        others = set(self.chosen) - {"group"}
        if not self.only:
            if not others:
                return rows.overview(self.officer, **days)
            return list(rows.in_columns(rows.first_of_each(self.qs), self.officer, self.on, self.limit))
        group = groups[self.only]
        group.page = Counted(range(group.count), PAGE_ROWS, group.count).get_page(page)
        start = max(0, group.page.start_index() - 1)
        if not others:
            return rows.of_group(self.officer, self.only, start, **days)
        return list(rows.in_columns(rows.page_of(self.qs, start), self.officer, self.on, self.limit))

    def _fill(self, groups: dict[str, Group], cases: Sequence[CaseRow]) -> None:
        """Put the rows under their headings. Only the most pressing row's button is filled: one primary a screen."""
        waiting_for_me = [case for case in cases if case.group != "waiting"]
        found = verbs(waiting_for_me, self.officer, self.on, self.calendar)
        due: dict[tuple[dt.date | None, bool], Due] = {}
        seat = (self.officer.institution_id, self.officer.desk)
        for case in cases:
            when = (case.due_on, case.clock_paused)
            if when not in due:
                due[when] = deadlines.due(case, self.on, self.calendar)
            groups[case.group].rows.append(QueueRow(case, self.officer, seat, due[when], found.get(case.pk)))
        for group in groups.values():
            for drawn in group.rows:
                if drawn.offers_step:
                    drawn.primary = True
                    return

    def loads(self) -> list[Load]:
        """The load of each officer of a signatory's institution, from the rows counted anyway; heaviest first."""
        officers = Officer.objects.holding(self.on).filter(institution=self.officer.institution_id, role=Role.OFFICER)
        by_key: dict[int | None, Load] = {row.pk: Load(row) for row in officers.order_by("name")}
        nobody = Load(None)
        for cell in self.cells:
            load = by_key.get(cell["handling__officer_id"], nobody)
            number = cell[ROWS]
            if cell["group"] == "waiting":
                load.elsewhere += number
                continue
            load.mine += number
            load.late += number if cell["group"] == "overdue" else 0
            load.near += number if cell["group"] == "soon" else 0
        heaviest = sorted(by_key.values(), key=lambda load: (-load.late, -load.mine))  # within the names' order
        return [*heaviest, nobody]


class QueueRow:
    """One case for ``components/case_row.html``; without ``verb`` it waits for somebody else.

    ``drawn_from`` is everything its words are made of: two rows that agree in it read the same, so that a row once
    drawn need not be drawn again.
    """

    def __init__(
        self, case: CaseRow, officer: Officer, seat: tuple[int, Desk], due: Due, verb: Verb | None = None
    ) -> None:
        self.case, self.officer, self.seat, self.due, self.verb, self.primary = case, officer, seat, due, verb, False

    @property
    def offers_step(self) -> bool:
        """Whether its button leads to a step."""
        return self.verb is not None and bool(self.verb.steps) and not self.verb.blocked

    @property
    def position(self) -> tuple[Any, Any]:
        """Position and unit: frozen at registration, before that as reported."""
        case = self.case
        if case.snapshot:
            return case.snapshot.get("position"), case.snapshot.get("unit")
        return case.reported_position, case.reported_unit

    @property
    def waiting_since(self) -> dt.date | None:
        """The day since when it waits for somebody else."""
        if self.verb is not None:
            return None
        return self.case.moved_at.astimezone(ZoneInfo(self.officer.institution.timezone)).date()

    @property
    def drawn_from(self) -> tuple[Any, ...]:
        """See the class. Of the officer only the seat counts, institution and desk: they say whose turn it is."""
        case, verb = self.case, self.verb
        return (
            case.number, case.registration_number, case.state, case.subject_name, case.subject_nip, *self.position,
            case.bawaslu, case.reviewer, case.employer, case.due_on, self.due, self.waiting_since, self.primary,
            self.seat,
            (tuple(step.name for step in verb.steps), verb.blocked) if verb is not None else None,
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The words."""
        case, verb, due = self.case, self.verb, self.due
        task, action, waiting = _(case.place.label), None, ""
        if verb is None:
            since = short_date(self.waiting_since) if self.waiting_since else ""
            waiting = _("Waiting for %(name)s since %(date)s") % {"name": waits_for(case, self.officer), "date": since}
        elif verb.steps:
            task = " / ".join(_(step.label) for step in verb.steps)
            action = {**_action(case, verb), "primary": self.primary}
        return {
            "name": case.subject_name,
            "nip": case.subject_nip,
            "unit": ", ".join(filter(None, self.position)),
            "task": task,
            "blocked": verb.blocked if verb else "",
            "stage": f"{stage_label(case.place.stage, case)} · {case.bawaslu.short_name}",
            "number": str(case),
            "url": case.get_absolute_url(),
            "tone": due.tone,
            "words": due.words,
            "icon": due.icon,
            "date": short_date(case.due_on, weekday=True) if due.date and case.due_on else "",
            "action": action,
            "waiting": waiting,
        }


def _action(case: CaseRow, verb: Verb) -> dict[str, Any]:
    """The row's button: the step, the decision, or what stands in the way."""
    page = case.get_absolute_url()
    if verb.blocked:
        return {"label": _("See what is missing"), "url": page}
    if len(verb.steps) > 1:
        return {"label": _("Decide"), "url": page}
    step = verb.steps[0]
    return {"label": _(step.label), "url": reverse("cases:move", args=[case.number, step.name])}
