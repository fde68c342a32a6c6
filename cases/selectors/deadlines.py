"""A deadline in words: how far, how urgent, which day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.formats import long_date
from cases.models import Case
from cases.workdays import Calendar

if TYPE_CHECKING:
    from cases.selectors.rows import CaseRow

#: Working days from which a deadline is called near.
SOON = 3


@dataclass(frozen=True, slots=True)
class Due:
    """``tone`` is a badge colour word, ``words`` the distance, ``date`` the day; all empty when nothing runs."""

    tone: str = ""
    words: str = ""
    date: str = ""
    icon: str = ""

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.tone == "overdue"


def due(case: Case | CaseRow, on: dt.date, calendar: Calendar) -> Due:
    """The running deadline of ``case`` seen on day ``on``, counted in working days."""
    if case.clock_paused:
        return Due(tone="neutral", words=_("Paused"), icon="player-pause")
    if case.due_on is None:
        return Due()
    day = long_date(case.due_on, weekday=True)
    left = calendar.working_days_between(on, case.due_on)
    if case.due_on < on:
        return Due(tone="overdue", words=_overdue(-left, (on - case.due_on).days), date=day)
    if case.due_on == on:
        return Due(tone="soon", words=_("Due today"), date=day)
    return Due(tone="soon" if left <= SOON else "calm", words=_left(left, (case.due_on - on).days), date=day)


def _overdue(working: int, calendar_days: int) -> str:
    if working:
        return ngettext("%(n)d working day overdue", "%(n)d working days overdue", working) % {"n": working}
    return ngettext("%(n)d day overdue", "%(n)d days overdue", calendar_days) % {"n": calendar_days}


def _left(working: int, calendar_days: int) -> str:
    if working:
        return ngettext("%(n)d working day left", "%(n)d working days left", working) % {"n": working}
    return ngettext("%(n)d day left", "%(n)d days left", calendar_days) % {"n": calendar_days}
