"""A signatory's view of the team: who handles how much, how much of it is late or near."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery

from accounts.models import Officer
from accounts.roles import Role
from cases.models import Assignment, Case
from cases.querysets import CARRIER_FIELD
from cases.selectors.deadlines import due
from cases.selectors.stages import waits_for
from cases.workdays import Calendar
from cases.workflow import holding_kinds

#: Working days from which a deadline is called near.
NEAR = 3


@dataclass(slots=True)
class Load:
    """What one officer (None: nobody yet) has in hand: cases waiting here, the late and near ones, cases elsewhere."""

    officer: Officer | None
    mine: int = 0
    late: int = 0
    near: int = 0
    elsewhere: int = 0

    @property
    def total(self) -> int:
        """Every open case in hand, wherever it waits."""
        return self.mine + self.elsewhere


def team_load(viewer: Officer, on: dt.date, calendar: Calendar) -> list[Load]:
    """The load of each officer of the viewer's institution, heaviest first, and of nobody last. Three queries.

    Counts the same cases the lists show: visible, open, carried by the institution.
    """
    kind = viewer.desk.kind
    if kind not in CARRIER_FIELD:
        return []
    officers = Officer.objects.holding(on).filter(institution=viewer.institution_id, role=Role.OFFICER)
    loads: dict[int | None, Load] = {
        officer.pk: Load(officer) for officer in officers.select_related("institution").order_by("name")
    }
    loads[None] = Load(None)
    handlers = dict(
        Assignment.objects.filter(institution=viewer.institution_id, to_on__isnull=True).values_list(
            "case_id", "officer_id"
        )
    )
    rows = Case.objects.visible_to(viewer).open().values_list("pk", "state", "due_on", "clock_paused")
    for pk, state, due_on, paused in rows:
        load = loads.get(handlers.get(pk), loads[None])
        if kind not in holding_kinds(state):
            load.elsewhere += 1
            continue
        load.mine += 1
        if due_on is None or paused:
            continue
        if due_on < on:
            load.late += 1
        elif calendar.working_days_between(on, due_on) <= NEAR:
            load.near += 1
    nobody = loads.pop(None)
    return [*sorted(loads.values(), key=lambda load: (-load.late, -load.mine, str(load.officer))), nobody]


#: Rows of the list; a team has a few dozen open cases.
MOST_ROWS = 200
NOBODY = "none"
#: Digits of the longest primary key; a longer number is nobody's.
LONGEST_KEY = 18


def team_cases(viewer: Officer, only: str, on: dt.date, calendar: Calendar) -> list[dict[str, Any]]:
    """Open cases of the viewer's institution with who handles them, nearest deadline first; ``only`` one officer's."""
    own = Assignment.objects.filter(institution=viewer.institution_id, to_on__isnull=True)
    rows = Case.objects.visible_to(viewer).open().select_related("bawaslu", "reviewer", "employer")
    handler = own.filter(case=OuterRef("pk")).values("officer__name")[:1]
    rows = rows.annotate(handler=Subquery(handler))
    if only == NOBODY:
        rows = rows.filter(handler__isnull=True)
    elif only.isdecimal() and len(only) <= LONGEST_KEY:
        rows = rows.filter(pk__in=own.filter(officer=int(only)).values("case"))
    rows = rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_ROWS]
    kind = viewer.desk.kind
    return [
        {
            "case": case,
            "handler": case.handler,
            "due": due(case, on, calendar),
            "elsewhere": "" if kind in holding_kinds(case.state) else waits_for(case, viewer),
        }
        for case in rows
    ]
