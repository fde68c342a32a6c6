"""Working days and the arithmetic of deadlines. Pure functions over a calendar, and one loader.

Three conventions, used everywhere:

* the start day is day 0 and never counted (PerBKN 6/2022 Ps 50(1): the day of receipt does not count; the
  election rules say "after");
* a working day is Monday to Friday and not a day off: national holidays, joint leave (*cuti bersama*, which
  takes working days from civil servants) and the region's own days. Offices with six days are not modelled;
* calendar days run through days off and may end on one. The texts are silent on that, so nothing is moved
  unless the rule says ``roll_forward``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, Protocol

WORKING, CALENDAR, HOUR = "WORKING", "CALENDAR", "HOUR"
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are off besides weekends, what they are called, and which of them are not proclaimed yet.

    Years nobody entered have weekends only: see ``load_reference``.
    """

    days_off: frozenset[dt.date] = frozenset()
    names: Mapping[dt.date, str] = field(default_factory=dict, compare=False)
    estimates: frozenset[dt.date] = field(default=frozenset(), compare=False)

    def is_working_day(self, day: dt.date) -> bool:
        """True on Monday to Friday unless the day is off."""
        return day.weekday() < SATURDAY and day not in self.days_off

    def next_working_day(self, day: dt.date) -> dt.date:
        """``day`` itself when it is a working day, else the first one after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, start: dt.date, n: int) -> dt.date:
        """The ``n``-th working day after ``start`` (which is day 0). With 0: ``start``, moved off a day off.

        Raises ValueError for a negative ``n``.
        """
        if n < 0:
            raise ValueError("working days are counted forward")
        day = start if n else self.next_working_day(start)
        while n:
            day = self.next_working_day(day + ONE_DAY)
            n -= 1
        return day

    def working_days_between(self, a: dt.date, b: dt.date) -> int:
        """Working days after ``a`` up to and including ``b``; negative when ``b`` lies before ``a``."""
        if b < a:
            return -self.working_days_between(b, a)
        whole_weeks, rest = divmod((b - a).days, 7)
        count = whole_weeks * 5
        count += sum((b - ONE_DAY * back).weekday() < SATURDAY for back in range(rest))
        return count - sum(1 for day in self.days_off if a < day <= b and day.weekday() < SATURDAY)


class Rule(Protocol):
    """What the arithmetic needs of a DeadlineRule."""

    days: int
    extension_days: int
    unit: str
    roll_forward: bool


class Due(NamedTuple):
    """The due date, and the latest lawful one when the rule knows an extension (else the same day)."""

    due_on: dt.date
    latest_on: dt.date


def is_working_day(day: dt.date, calendar: Calendar) -> bool:
    """See ``Calendar.is_working_day``."""
    return calendar.is_working_day(day)


def add_working_days(start: dt.date, n: int, calendar: Calendar) -> dt.date:
    """See ``Calendar.add_working_days``."""
    return calendar.add_working_days(start, n)


def working_days_between(a: dt.date, b: dt.date, calendar: Calendar) -> int:
    """See ``Calendar.working_days_between``."""
    return calendar.working_days_between(a, b)


def due_date(start: dt.date, days: int, unit: str, calendar: Calendar, *, roll_forward: bool = False) -> dt.date:
    """The day ``days`` units after ``start`` (day 0).

    WORKING never lands on a day off. CALENDAR lands where it lands, on a day off too: the law is silent, so
    only ``roll_forward`` moves it to the next working day. HOUR is kept to the day: begun days count whole
    (72 hours end on the third day after). Raises ValueError for an unknown unit or a negative number.
    """
    if days < 0:
        raise ValueError("deadlines are counted forward")
    if unit == WORKING:
        return calendar.add_working_days(start, days)
    if unit == HOUR:
        days = math.ceil(days / 24)
    elif unit != CALENDAR:
        raise ValueError(f"unknown unit {unit!r}")
    day = start + ONE_DAY * days
    return calendar.next_working_day(day) if roll_forward else day


def due_by_rule(rule: Rule, start: dt.date, calendar: Calendar) -> Due:
    """Due date and latest date of a rule that starts on ``start``."""
    longest = rule.days + rule.extension_days
    return Due(
        due_date(start, rule.days, rule.unit, calendar, roll_forward=rule.roll_forward),
        due_date(start, longest, rule.unit, calendar, roll_forward=rule.roll_forward),
    )


def days_left(due_on: dt.date, on: dt.date, unit: str, calendar: Calendar) -> int:
    """Days from ``on`` (not counted) to ``due_on`` (counted), in the rule's unit; negative when overdue."""
    return calendar.working_days_between(on, due_on) if unit == WORKING else (due_on - on).days


class AfterPause(NamedTuple):
    """What was left when the clock stopped, and when it ends after it runs again."""

    left: int
    due_on: dt.date


def remaining_after_pause(
    due_on: dt.date,
    paused_on: dt.date,
    resumed_on: dt.date,
    unit: str,
    calendar: Calendar,
    *,
    roll_forward: bool = False,
) -> AfterPause:
    """Days left at the pause and the due date after the resumption.

    The days left run again from the day of resumption (day 0): pausing and resuming on one day changes
    nothing. A deadline that had passed before the pause stays passed: a pause heals nothing, its date stays
    and 0 are left. Raises ValueError when the resumption lies before the pause.
    """
    if resumed_on < paused_on:
        raise ValueError("a pause cannot end before it begins")
    left = days_left(due_on, paused_on, unit, calendar)
    if due_on < paused_on:
        return AfterPause(0, due_on)
    if resumed_on == paused_on:
        return AfterPause(left, due_on)
    day_unit = CALENDAR if unit == HOUR else unit
    return AfterPause(left, due_date(resumed_on, left, day_unit, calendar, roll_forward=roll_forward))


def load_calendar(region: str = "") -> Calendar:
    """The calendar of a region (official area code) from the holiday table, in one query.

    A code grows downwards: a city (35.72) also has the days off of its province (35) and of the nation. The table is
    read each time, so that a correction counts at once; only what is made of the same rows is kept.
    """
    from cases.catalogue.lookups import days_off

    parts = region.split(".") if region else []
    return _calendar(days_off(["", *(".".join(parts[:count]) for count in range(1, len(parts) + 1))]))


@lru_cache(maxsize=64)
def _calendar(rows: tuple[tuple[dt.date | str, str, bool], ...]) -> Calendar:
    names: dict[dt.date, str] = {}
    sure: set[dt.date] = set()
    for day, name, estimated in rows:
        date = dt.date.fromisoformat(day) if isinstance(day, str) else day
        names[date] = name
        if not estimated:
            sure.add(date)
    return Calendar(frozenset(names), MappingProxyType(names), frozenset(names) - sure)
