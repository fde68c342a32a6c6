"""A deadline in words: how far, how urgent, which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.formats import long_date
from cases.models import Case, Deadline, Pause
from cases.workdays import Calendar

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


def due(case: Case, on: dt.date, calendar: Calendar) -> Due:
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


def explain(deadline: Deadline, pauses: Sequence[Pause], language: str) -> list[dict[str, str]]:
    """How a running deadline is counted, as (icon, sentence): start, length, pauses, basis."""
    rule = deadline.rule
    name = rule.name_en if language == "en" else rule.name
    lines = [
        {
            "icon": "inbox",
            "text": _("Starts %(date)s (day 0): %(from)s") % {
                "date": long_date(deadline.started_on, weekday=True), "from": rule.starts_from},
        },
        {
            "icon": "calendar",
            "text": _("%(name)s: %(days)d, counted in %(unit)s") % {
                "name": name, "days": rule.days, "unit": rule.get_unit_display().lower()},
        },
    ]  # fmt: skip
    for pause in pauses:
        until = long_date(pause.to_on) if pause.to_on else _("today")
        lines.append(
            {
                "icon": "player-pause",
                "text": _("Paused from %(start)s until %(end)s") % {"start": long_date(pause.from_on), "end": until},
            }
        )
    if rule.legal_basis:
        lines.append({"icon": "scale", "text": _("Basis: %(basis)s") % {"basis": rule.legal_basis}})
    if rule.confidence != "sourced":
        lines.append(
            {"icon": "alert-triangle", "text": _("This rule is marked as: %(mark)s") % {
                "mark": rule.get_confidence_display()}}
        )  # fmt: skip
    return lines
