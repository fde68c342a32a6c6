"""What falls due: the open deadlines of every case, for commands and monitors. No personal data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cases.models import Deadline
from cases.querysets import CARRIER_FIELD
from cases.workdays import Calendar, days_left, load_calendar
from cases.workflow import holding_kinds


@dataclass(frozen=True, slots=True)
class DueRow:
    """One running deadline seen on a day; ``left`` in the rule's unit, negative when late."""

    case: str
    state: str
    rule: str
    due_on: dt.date
    latest_on: dt.date
    left: int
    unit: str
    paused: bool
    waits_for: str

    @property
    def status(self) -> str:
        """``late``, ``paused``, ``due`` (on this day) or ``running``."""
        if self.left < 0:
            return "late"
        if self.paused:
            return "paused"
        return "running" if self.left else "due"


def due_list(on: dt.date, *, within: int = 0) -> Iterator[DueRow]:
    """Deadlines that fall due on ``on`` or within so many days after it, and all that are late; nearest first."""
    rows = (
        Deadline.objects.filter(ended_on__isnull=True, due_on__lte=on + dt.timedelta(days=within))
        .select_related("rule", "case__bawaslu", "case__reviewer", "case__employer")
        .order_by("due_on", "case__number")
    )
    calendars: dict[str, Calendar] = {}
    for row in rows:
        region = row.case.bawaslu.region
        if region not in calendars:
            calendars[region] = load_calendar(region)
        holders = (getattr(row.case, CARRIER_FIELD[kind]) for kind in holding_kinds(row.case.state))
        yield DueRow(
            case=row.case.number,
            state=row.case.state,
            rule=row.rule.code,
            due_on=row.due_on,
            latest_on=row.latest_on,
            left=days_left(row.due_on, on, row.rule.unit, calendars[region]),
            unit=row.rule.unit,
            paused=row.paused_on is not None,
            waits_for=", ".join(holder.short_name for holder in holders if holder is not None),
        )
