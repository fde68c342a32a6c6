"""A month of due dates for one desk."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.formats import long_date
from cases.models import Case
from cases.workdays import Calendar


def month_of(text: str, today: dt.date) -> dt.date:
    """The first day of the month ``YYYY-MM``; of today's month when the text is no month."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 -- a month has no time zone
    except ValueError:
        return today.replace(day=1)


def month(officer: Officer, first: dt.date, today: dt.date, days_off: Calendar) -> dict[str, Any]:
    """The weeks of a month, Monday first: each day with its days-off name and the cases on this desk due then.

    Paused deadlines have no date to show and are counted apart.
    """
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    on_desk = Case.objects.on_desk_of(officer)
    due = on_desk.filter(due_on__range=(weeks[0][0], weeks[-1][-1]), clock_paused=False).order_by("due_on", "pk")
    by_day: dict[dt.date, list[dict[str, str]]] = defaultdict(list)
    for case in due:
        by_day[case.due_on].append({"number": case.number, "name": case.subject_name, "url": case.get_absolute_url()})
    language = (get_language() or "id")[:2]
    return {
        "title": format_date(first, "LLLL y", locale=language),
        "previous": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
        "next": (first + dt.timedelta(days=31)).strftime("%Y-%m"),
        "heads": [format_date(day, "EEEE", locale=language) for day in weeks[0]],
        "weeks": [[_day(day, first, today, days_off, by_day[day]) for day in week] for week in weeks],
        "paused": on_desk.filter(clock_paused=True).count(),
    }


def _day(
    day: dt.date, first: dt.date, today: dt.date, days_off: Calendar, cases: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "day": day.day,
        "label": long_date(day, weekday=True),
        "outside": day.month != first.month,
        "today": day == today,
        "off": not days_off.is_working_day(day),
        "off_name": days_off.names.get(day, "") or ("" if days_off.is_working_day(day) else _("weekend")),
        "late": day < today,
        "cases": cases,
    }
