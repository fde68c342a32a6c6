"""The queue: what waits for a desk, by urgency, and what waits for others; with filters that count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page
from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import Role
from cases.formats import long_date, short_date
from cases.models import Case, Event
from cases.selectors import case_facets, deadlines
from cases.selectors.case_facets import GROUPS
from cases.selectors.facets import ROWS, FacetedList
from cases.selectors.pages import Counted
from cases.selectors.stages import stage_label, waits_for
from cases.selectors.team import Load
from cases.selectors.verbs import Verb, verbs
from cases.workdays import Calendar

#: Rows of a group on the overview; the rest is one click away.
FIRST_ROWS = 10
PAGE_ROWS = 50
ORDER = (F("due_on").asc(nulls_last=True), "opened_on", "pk")


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
    rows: list[dict[str, Any]] = field(default_factory=list)
    page: Page[Case] | None = None

    @property
    def left_out(self) -> int:
        """Rows not drawn here."""
        return self.count - len(self.rows) if self.page is None else 0


class TaskList(FacetedList):
    """The open cases a desk may see, grouped by urgency, with the queue's filters."""

    def __init__(self, data: QueryDict, *, officer: Officer, on: dt.date, calendar: Calendar) -> None:
        self.officer, self.on, self.calendar = officer, on, calendar
        self.limit = calendar.add_working_days(on, deadlines.SOON)
        # On this desk or waiting for others: every open case the desk sees.
        mine = Case.objects.visible_to(officer).open()
        rows = case_facets.with_handler(mine.annotate(group=case_facets.group_of(officer, on, self.limit)), officer)
        super().__init__(data, queryset=rows)
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
        if self.only:
            group = groups[self.only]
            group.page = Counted(self.qs.order_by(*ORDER), PAGE_ROWS, group.count).get_page(page)
            cases = _drawable(group.page.object_list)
        elif sum(group.count for group in groups.values()):
            window = Window(RowNumber(), partition_by=F("group"), order_by=ORDER)
            cases = _drawable(self.qs.annotate(place=window).filter(place__lte=FIRST_ROWS))
        else:
            cases = []
        self._fill(groups, cases)
        return list(groups.values())

    def _fill(self, groups: dict[str, Group], cases: Sequence[Any]) -> None:
        """Put the rows under their headings. Only the most pressing row's button is filled: one primary a screen."""
        waiting_for_me = [case for case in cases if case.group != "waiting"]
        found = verbs(waiting_for_me, self.officer, self.on, self.calendar)
        for case in cases:
            groups[case.group].rows.append(row(case, self.officer, self.on, self.calendar, found.get(case.pk)))
        for group in groups.values():
            for drawn in group.rows:
                if drawn["action"] and not drawn["blocked"]:
                    drawn["action"]["primary"] = True
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


def _drawable(shown: Any) -> list[Any]:
    """The rows shown, with what a row draws; what costs is read for them only."""
    last = Event.objects.filter(case=OuterRef("pk"), kind=Event.Kind.STEP).order_by("-seq").values("name")[:1]
    groups = dict(shown.values_list("pk", "group"))
    rows = (
        Case.objects.filter(pk__in=groups)
        .select_related("report__election", "bawaslu", "reviewer", "employer")
        .annotate(last_step=Subquery(last))
        .order_by(*ORDER)
    )
    found: list[Any] = list(rows)
    for case in found:
        case.group = groups[case.pk]
    return found


def row(case: Case, officer: Officer, on: dt.date, calendar: Calendar, verb: Verb | None = None) -> dict[str, Any]:
    """One case for ``components/case_row.html``; without ``verb`` it waits for somebody else."""
    due = deadlines.due(case, on, calendar)
    position = case.snapshot or {"position": case.reported_position, "unit": case.reported_unit}
    since = short_date(case.moved_at.astimezone(ZoneInfo(officer.institution.timezone)).date())
    task, action, waiting = _(case.place.label), None, ""
    if verb is None:
        waiting = _("Waiting for %(name)s since %(date)s") % {"name": waits_for(case, officer), "date": since}
    elif verb.steps:
        task = " / ".join(_(step.label) for step in verb.steps)
        action = _action(case, verb)
    return {
        "name": case.subject_name,
        "nip": case.subject_nip,
        "unit": ", ".join(filter(None, (position.get("position"), position.get("unit")))),
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


def _action(case: Case, verb: Verb) -> dict[str, Any]:
    """The row's button: the step, the decision, or what stands in the way."""
    page = case.get_absolute_url()
    if verb.blocked:
        return {"label": _("See what is missing"), "url": page, "primary": False}
    if len(verb.steps) > 1:
        return {"label": _("Decide"), "url": page, "primary": False}
    step = verb.steps[0]
    return {"label": _(step.label), "url": reverse("cases:move", args=[case.number, step.name]), "primary": False}
