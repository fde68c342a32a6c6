"""How a deadline's date follows from its parts. Pure: the same parts give the same date, today and in ten years.

A deadline is never moved by hand. What people do to it (pause, resume, extend, a new day off) changes one of its parts,
and the date is reckoned again from all of them, so a recomputation and a first computation cannot differ. A pause takes
out the days after the one it began on, up to and including the one it ended on; the day it began on was still in the
officer's hands. A pause heals nothing: a date that lay before it stays.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from cases.workdays import HOUR, ONE_DAY, SATURDAY, WORKING, Calendar

#: Why a day is not counted.
WEEKEND, OFF, PAUSED = "weekend", "off", "paused"
#: What a day is on the strip shown to people.
START, COUNTED, DUE = "start", "counted", "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The part of a deadline rule that the arithmetic needs. ``days`` are hours for the unit HOUR."""

    days: int
    extension_days: int
    unit: str
    roll_forward: bool = False

    @classmethod
    def of(cls, rule: Any) -> Self:
        """The terms of a DeadlineRule, or of the rule frozen in a computation."""
        if isinstance(rule, dict):
            return cls(**{name: rule[name] for name in ("days", "extension_days", "unit", "roll_forward")})
        return cls(days=rule.days, extension_days=rule.extension_days, unit=rule.unit, roll_forward=rule.roll_forward)

    def length(self, extended: int = 0) -> int:
        """Days to count, hours rounded up to begun days."""
        total = self.days + extended
        return math.ceil(total / 24) if self.unit == HOUR else total


@dataclass(frozen=True, slots=True)
class Span:
    """A pause: the clock stood from ``from_on`` until it ran again on ``to_on``; None while it stands."""

    from_on: dt.date
    to_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day between start and due date: what it is, its number when it is counted, the name of a day off."""

    on: dt.date
    kind: str
    number: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The due date, the latest lawful one with the rule's extension, and every day from the start to the due date."""

    due_on: dt.date
    latest_on: dt.date
    days: tuple[Day, ...]


def reckon(
    terms: Terms, start: dt.date, calendar: Calendar, *, pauses: Sequence[Span] = (), extended: int = 0
) -> Reckoning:
    """Reckon a deadline that started on ``start`` (day 0) from all its parts.

    ``extended`` are the extension days in fact granted; ``latest_on`` always reckons with all the rule allows. A pause
    without an end moves nothing yet. Raises ValueError for a pause that ends before it begins.
    """
    closed = [(span.from_on, span.to_on) for span in pauses if span.to_on is not None]
    if any(to_on < from_on for from_on, to_on in closed):
        raise ValueError("a pause cannot end before it begins")
    due_on, days = _walk(terms, terms.length(extended), start, calendar, closed)
    latest_on, _days = _walk(terms, terms.length(terms.extension_days), start, calendar, closed)
    return Reckoning(due_on, latest_on, tuple(days))


def _walk(
    terms: Terms, length: int, start: dt.date, calendar: Calendar, pauses: list[tuple[dt.date, dt.date]]
) -> tuple[dt.date, list[Day]]:
    """Count ``length`` days after ``start``, saying of each day why it counts or not."""
    working = terms.unit == WORKING
    day, counted = start, 0
    days = [Day(start, START)]
    while counted < length:
        day += ONE_DAY
        reason = _not_counted(day, calendar, pauses, working=working)
        if reason is None:
            counted += 1
            days.append(Day(day, COUNTED, counted))
        else:
            days.append(Day(day, reason, name=calendar.names.get(day, "")))
    end = _settle(day, calendar, pauses, working=working, roll=working or terms.roll_forward)
    while day < end:
        day += ONE_DAY
        reason = _not_counted(day, calendar, pauses, working=working or terms.roll_forward)
        days.append(Day(day, reason or COUNTED, name=calendar.names.get(day, "")))
    last = days[-1]
    days[-1] = Day(last.on, DUE, last.number, last.name)
    return end, days


def _not_counted(
    day: dt.date, calendar: Calendar, pauses: list[tuple[dt.date, dt.date]], *, working: bool
) -> str | None:
    if any(from_on < day <= to_on for from_on, to_on in pauses):
        return PAUSED
    if not working or calendar.is_working_day(day):
        return None
    return WEEKEND if day.weekday() >= SATURDAY else OFF


def _settle(
    day: dt.date, calendar: Calendar, pauses: list[tuple[dt.date, dt.date]], *, working: bool, roll: bool
) -> dt.date:
    """Move a last day off a pause that began on or before it, and off days off where the rule says so."""
    while True:
        settled = calendar.next_working_day(day) if roll else day
        for from_on, to_on in pauses:
            # On the day of resumption the last day is available again, so it may end there.
            if from_on <= settled < to_on:
                settled = to_on
        if settled == day:
            return day
        day = settled


def reminder_days(terms: Terms, reckoned: Sequence[Day]) -> dict[str, dt.date]:
    """The days on which people are reminded, by name: half of the days gone, three days and one day left, due day.

    Days are those the rule counts. A reminder that would fall on or before the start does not exist; where two fall on
    one day only the more urgent one stays.
    """
    counted = [day.on for day in reckoned if day.kind in (COUNTED, DUE) and day.number is not None]
    if not counted:
        return {}
    due_on = reckoned[-1].on
    length = len(counted)
    wanted = {
        "half_time": counted[length // 2 - 1] if length >= 2 else None,
        "three_days": counted[-4] if length >= 4 else None,
        "one_day": counted[-2] if length >= 2 else None,
        "due_day": due_on,
    }
    found: dict[str, dt.date] = {}
    for name in ("due_day", "one_day", "three_days", "half_time"):
        day = wanted[name]
        if day is not None and day not in found.values():
            found[name] = day
    return found
