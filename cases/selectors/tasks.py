"""The queue: what waits for a desk, by urgency, and what waits for others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.formats import long_date, short_date
from cases.models import Case, Event
from cases.selectors import deadlines
from cases.selectors.stages import stage_label, waits_for
from cases.selectors.steps import usual_steps
from cases.workdays import Calendar, load_calendar

#: Rows of a group on the overview; the rest is one click away.
FIRST_ROWS = 10
PAGE_ROWS = 50
GROUPS = ("overdue", "soon", "later", "waiting")


@dataclass
class Group:
    """One heading with its rows; ``count`` is the number of all of them."""

    key: str
    title: str
    icon: str
    tone: str
    note: str
    count: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    page: Page[Case] | None = None

    @property
    def left_out(self) -> int:
        """Rows not drawn here."""
        return self.count - len(self.rows) if self.page is None else 0

    @property
    def url(self) -> str:
        """The address of this group alone."""
        return f"{reverse('cases:tasks')}?group={self.key}"


def groups_for(officer: Officer, on: dt.date, *, only: str = "", page: str | None = None) -> list[Group]:
    """The four groups of the queue, or one of them page by page. Every number counts the rows it stands over."""
    calendar = load_calendar(officer.institution.region)
    limit = calendar.add_working_days(on, deadlines.SOON)
    mine = Case.objects.on_desk_of(officer)
    running = Q(clock_paused=False, due_on__isnull=False)
    rows: dict[str, QuerySet[Case]] = {
        "overdue": mine.overdue(on),
        "soon": mine.filter(running, due_on__gte=on, due_on__lte=limit),
        "later": mine.exclude(running & Q(due_on__lte=limit)),
        "waiting": Case.objects.waiting_for_others(officer),
    }
    words = {
        "overdue": (_("Overdue"), "alert-triangle", "overdue", ""),
        "soon": (_("Due within 3 working days"), "hourglass", "soon",
                 _("until %(date)s") % {"date": long_date(limit, weekday=True)}),
        "later": (_("Later"), "calendar", "", ""),
        "waiting": (_("Waiting for others"), "users", "", _("nothing for you to do")),
    }  # fmt: skip
    totals = {} if only else _totals(officer, rows)
    groups = []
    for key in GROUPS if only not in GROUPS else (only,):
        title, icon, tone, note = words[key]
        cases = _drawable(rows[key])
        if only:
            drawn = Paginator(cases, PAGE_ROWS).get_page(page)
            group = Group(key, title, icon, tone, note, drawn.paginator.count, page=drawn)
            found = list(drawn)
        else:
            found = list(cases[:FIRST_ROWS])
            group = Group(key, title, icon, tone, note, totals[key])
        group.rows = [row(case, officer, on, calendar, waiting=key == "waiting") for case in found]
        groups.append(group)
    _fill_one(groups)
    return groups


def _totals(officer: Officer, rows: dict[str, QuerySet[Case]]) -> dict[str, int]:
    """The size of every group, in one query."""
    counts = {key: Count("pk", filter=Q(pk__in=cases.order_by().values("pk"))) for key, cases in rows.items()}
    totals: dict[str, int] = Case.objects.visible_to(officer).order_by().aggregate(**counts)
    return totals


def _drawable(cases: QuerySet[Case]) -> QuerySet[Case]:
    last = Event.objects.filter(case=OuterRef("pk"), kind=Event.Kind.STEP).order_by("-seq").values("name")[:1]
    return (
        cases.select_related("report", "bawaslu", "reviewer", "employer")
        .annotate(last_step=Subquery(last))
        .order_by(F("due_on").asc(nulls_last=True), "opened_on", "pk")
    )


def _fill_one(groups: list[Group]) -> None:
    """Only the most pressing row's button is filled: one primary action a screen."""
    for group in groups:
        for drawn in group.rows:
            if drawn["action"]:
                drawn["action"]["primary"] = True
                return


def row(case: Case, officer: Officer, on: dt.date, calendar: Calendar, *, waiting: bool = False) -> dict[str, Any]:
    """One case for ``components/case_row.html``."""
    due = deadlines.due(case, on, calendar)
    position = case.snapshot or {"position": case.reported_position, "unit": case.reported_unit}
    steps = usual_steps(case.state, officer.desk, getattr(case, "last_step", "") or "")
    task = " / ".join(_(step.label) for step in steps) if steps and not waiting else _(case.place.label)
    action = None
    if steps and not waiting:
        one = len(steps) == 1
        action = {
            "label": _(steps[0].label) if one else _("Decide"),
            "url": reverse("cases:move", args=[case.number, steps[0].name]) if one else case.get_absolute_url(),
            "primary": False,
        }
    since = short_date(case.moved_at.astimezone(ZoneInfo(officer.institution.timezone)).date())
    return {
        "name": case.subject_name,
        "nip": case.subject_nip,
        "unit": ", ".join(filter(None, (position.get("position"), position.get("unit")))),
        "task": task,
        "stage": f"{stage_label(case.place.stage, case)} · {case.bawaslu.short_name}",
        "number": str(case),
        "url": case.get_absolute_url(),
        "tone": due.tone,
        "words": due.words,
        "icon": due.icon,
        "date": short_date(case.due_on, weekday=True) if due.date and case.due_on else "",
        "action": action,
        "waiting": _("Waiting for %(name)s since %(date)s") % {"name": waits_for(case, officer), "date": since}
        if waiting
        else "",
    }
