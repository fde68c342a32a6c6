"""Working days: properties that hold on every calendar, and the edges."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.workdays import (
    CALENDAR,
    HOUR,
    WORKING,
    Calendar,
    add_working_days,
    days_left,
    due_by_rule,
    due_date,
    is_working_day,
    remaining_after_pause,
    working_days_between,
)

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2028, 12, 31))
CALENDARS = st.builds(Calendar, st.frozensets(DAYS, max_size=60))
#: Days off crowded around year ends, where long runs of them are.
YEAR_ENDS = st.integers(2019, 2027).flatmap(
    lambda year: st.tuples(
        st.dates(dt.date(year, 12, 15), dt.date(year + 1, 1, 15)),
        st.frozensets(st.dates(dt.date(year, 12, 20), dt.date(year + 1, 1, 10)), max_size=20).map(Calendar),
    )
)
COUNTS = st.integers(1, 80)
UNITS = st.sampled_from([WORKING, CALENDAR])
MONDAY = dt.date(2024, 7, 1)


def by_hand(start: dt.date, n: int, calendar: Calendar) -> dt.date:
    """The definition, day by day, without any of the code under test but the day list."""
    day, counted = start, 0
    while counted < n:
        day += dt.timedelta(days=1)
        if day.isoweekday() <= 5 and day not in calendar.days_off:
            counted += 1
    return day


@given(DAYS, st.integers(0, 80), CALENDARS)
def test_never_lands_on_a_day_off(start: dt.date, n: int, calendar: Calendar) -> None:
    assert is_working_day(add_working_days(start, n, calendar), calendar)


@given(DAYS, COUNTS, CALENDARS)
def test_is_the_definition(start: dt.date, n: int, calendar: Calendar) -> None:
    assert add_working_days(start, n, calendar) == by_hand(start, n, calendar)


@given(DAYS, COUNTS, CALENDARS)
def test_add_then_between_gives_the_number_back(start: dt.date, n: int, calendar: Calendar) -> None:
    assert working_days_between(start, add_working_days(start, n, calendar), calendar) == n


@given(DAYS, DAYS, CALENDARS)
def test_between_counts_each_working_day_once(a: dt.date, b: dt.date, calendar: Calendar) -> None:
    a, b = sorted((a, b))
    b = min(b, a + dt.timedelta(days=400))
    days = [a + dt.timedelta(days=i) for i in range(1, (b - a).days + 1)]
    expected = sum(1 for day in days if day.isoweekday() <= 5 and day not in calendar.days_off)
    assert working_days_between(a, b, calendar) == expected
    assert working_days_between(b, a, calendar) == -expected


@given(DAYS, COUNTS, CALENDARS)
def test_more_days_are_later(start: dt.date, n: int, calendar: Calendar) -> None:
    assert add_working_days(start, n, calendar) < add_working_days(start, n + 1, calendar)


@given(DAYS, st.integers(0, 30), COUNTS, UNITS, st.booleans(), CALENDARS)
def test_a_later_start_is_never_due_earlier(
    start: dt.date, shift: int, n: int, unit: str, roll: bool, calendar: Calendar
) -> None:
    later = start + dt.timedelta(days=shift)
    assert due_date(start, n, unit, calendar, roll_forward=roll) <= due_date(
        later, n, unit, calendar, roll_forward=roll
    )


@given(DAYS, COUNTS, CALENDARS, DAYS)
def test_a_new_day_off_never_brings_a_deadline_forward(
    start: dt.date, n: int, calendar: Calendar, extra: dt.date
) -> None:
    more = Calendar(calendar.days_off | {extra})
    assert add_working_days(start, n, calendar) <= add_working_days(start, n, more)


@given(YEAR_ENDS, COUNTS)
def test_year_ends(where: tuple[dt.date, Calendar], n: int) -> None:
    start, calendar = where
    assert add_working_days(start, n, calendar) == by_hand(start, n, calendar)


@given(DAYS, COUNTS, UNITS, CALENDARS, st.integers(-5, 100))
def test_pause_and_resume_on_one_day_change_nothing(
    start: dt.date, n: int, unit: str, calendar: Calendar, when: int
) -> None:
    due = due_date(start, n, unit, calendar)
    paused = start + dt.timedelta(days=when)
    assert remaining_after_pause(due, paused, paused, unit, calendar).due_on == due


@given(DAYS, COUNTS, UNITS, CALENDARS, st.integers(0, 60), st.integers(0, 60))
def test_a_pause_keeps_the_days_that_were_left(
    start: dt.date, n: int, unit: str, calendar: Calendar, before: int, length: int
) -> None:
    due = due_date(start, n, unit, calendar)
    paused = min(start + dt.timedelta(days=before), due - dt.timedelta(days=1))
    resumed = paused + dt.timedelta(days=length)
    after = remaining_after_pause(due, paused, resumed, unit, calendar)
    assert after.left == days_left(due, paused, unit, calendar)
    assert days_left(after.due_on, resumed, unit, calendar) == after.left
    assert after.due_on >= due


@given(DAYS, COUNTS, UNITS, CALENDARS, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_pause_is_never_due_earlier(
    start: dt.date, n: int, unit: str, calendar: Calendar, length: int, more: int
) -> None:
    due = due_date(start, n, unit, calendar)
    short, long = start + dt.timedelta(days=length), start + dt.timedelta(days=length + more)
    first = remaining_after_pause(due, start, short, unit, calendar).due_on
    assert first <= remaining_after_pause(due, start, long, unit, calendar).due_on


def test_a_pause_does_not_heal_a_deadline_that_has_passed() -> None:
    due = MONDAY
    after = remaining_after_pause(due, due + dt.timedelta(days=3), due + dt.timedelta(days=9), WORKING, Calendar())
    assert (after.left, after.due_on) == (0, due)


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        remaining_after_pause(MONDAY, MONDAY, MONDAY - dt.timedelta(days=1), WORKING, Calendar())


def test_calendar_days_end_on_a_day_off_unless_the_rule_moves_them() -> None:
    friday = dt.date(2024, 7, 5)
    assert due_date(friday, 2, CALENDAR, Calendar()) == dt.date(2024, 7, 7)
    assert due_date(friday, 2, CALENDAR, Calendar(), roll_forward=True) == dt.date(2024, 7, 8)


def test_hours_end_on_the_day_they_reach_into() -> None:
    assert due_date(MONDAY, 72, HOUR, Calendar()) == dt.date(2024, 7, 4)
    assert due_date(MONDAY, 25, HOUR, Calendar()) == dt.date(2024, 7, 3)


def test_nothing_to_count_stays_or_moves_off_a_day_off() -> None:
    assert add_working_days(MONDAY, 0, Calendar()) == MONDAY
    assert add_working_days(dt.date(2024, 7, 6), 0, Calendar()) == dt.date(2024, 7, 8)


@pytest.mark.parametrize("unit", ["", "WEEKS"])
def test_unknown_units_are_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        due_date(MONDAY, 1, unit, Calendar())


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(MONDAY, -1, Calendar())
    with pytest.raises(ValueError, match="forward"):
        due_date(MONDAY, -1, CALENDAR, Calendar())


def test_the_extension_counts_from_the_same_start() -> None:
    class Handling:
        days, extension_days, unit, roll_forward = 7, 7, WORKING, False

    due = due_by_rule(Handling(), MONDAY, Calendar())
    assert (due.due_on, due.latest_on) == (dt.date(2024, 7, 10), dt.date(2024, 7, 19))
