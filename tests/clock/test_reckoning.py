"""The arithmetic: properties on every calendar, against the plain definition and against the older incremental way."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reckoning import COUNTED, DUE, PAUSED, START, Span, Terms, reckon, reminder_days
from cases.workdays import CALENDAR, HOUR, WORKING, Calendar, due_date, remaining_after_pause

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2028, 12, 31))
CALENDARS = st.frozensets(st.dates(dt.date(2023, 12, 1), dt.date(2024, 4, 30)), max_size=40).map(Calendar)
STARTS = st.dates(dt.date(2023, 12, 15), dt.date(2024, 3, 15))  # a year end and a 29 February inside
TERMS = st.builds(
    Terms,
    days=st.integers(1, 30),
    extension_days=st.integers(0, 7),
    unit=st.sampled_from([WORKING, CALENDAR]),
    roll_forward=st.booleans(),
)
ONE_PAUSE = st.tuples(st.integers(0, 40), st.integers(0, 20))


@st.composite
def pauses(draw: st.DrawFn, start: dt.date) -> list[Span]:
    """Pauses one after the other, some of no length, some touching."""
    spans, day = [], start
    for _ in range(draw(st.integers(0, 4))):
        begins = day + dt.timedelta(days=draw(st.integers(0, 8)))
        day = begins + dt.timedelta(days=draw(st.integers(0, 8)))
        spans.append(Span(begins, day))
    return spans


@given(TERMS, STARTS, CALENDARS)
def test_without_pauses_it_is_the_rule(terms: Terms, start: dt.date, calendar: Calendar) -> None:
    found = reckon(terms, start, calendar)
    assert found.due_on == due_date(start, terms.days, terms.unit, calendar, roll_forward=terms.roll_forward)
    longest = due_date(start, terms.days + terms.extension_days, terms.unit, calendar, roll_forward=terms.roll_forward)
    assert found.latest_on == longest
    assert found == reckon(terms, start, calendar, pauses=[])


@given(st.data(), TERMS, STARTS, CALENDARS)
def test_working_days_never_end_on_a_day_off(data: st.DataObject, terms: Terms, start: dt.date, calendar: Calendar):
    found = reckon(terms, start, calendar, pauses=data.draw(pauses(start)))
    if terms.unit == WORKING or terms.roll_forward:
        assert calendar.is_working_day(found.due_on)
        assert calendar.is_working_day(found.latest_on)


@given(st.data(), TERMS, STARTS, CALENDARS, st.integers(0, 20))
def test_monotone(data: st.DataObject, terms: Terms, start: dt.date, calendar: Calendar, later: int) -> None:
    spans = data.draw(pauses(start))
    here = reckon(terms, start, calendar, pauses=spans).due_on
    assert reckon(terms, start + dt.timedelta(days=later), calendar, pauses=spans).due_on >= here, "later start"
    assert reckon(terms, start, calendar, pauses=spans, extended=terms.extension_days).due_on >= here, "extension"
    assert reckon(terms, start, calendar, pauses=spans[:-1]).due_on <= here, "one pause less"
    more = Calendar(calendar.days_off | {start + dt.timedelta(days=later)})
    assert reckon(terms, start, more, pauses=spans).due_on >= here, "one day off more"


@given(TERMS, STARTS, CALENDARS, st.integers(0, 60))
def test_pause_and_resume_on_one_day_is_neutral(terms: Terms, start: dt.date, calendar: Calendar, at: int) -> None:
    day = start + dt.timedelta(days=at)
    assert reckon(terms, start, calendar, pauses=[Span(day, day)]) == reckon(terms, start, calendar)


@given(TERMS, STARTS, CALENDARS, st.integers(0, 60))
def test_an_open_pause_moves_nothing_yet(terms: Terms, start: dt.date, calendar: Calendar, at: int) -> None:
    assert reckon(terms, start, calendar, pauses=[Span(start + dt.timedelta(days=at))]) == reckon(
        terms, start, calendar
    )


@given(TERMS, STARTS, CALENDARS, ONE_PAUSE)
def test_what_was_left_is_carried_over(
    terms: Terms, start: dt.date, calendar: Calendar, pause: tuple[int, int]
) -> None:
    """The same as counting what was left and starting again: two ways, one date."""
    terms = Terms(days=terms.days, extension_days=0, unit=terms.unit)
    begins = start + dt.timedelta(days=pause[0])
    ends = begins + dt.timedelta(days=pause[1])
    before = reckon(terms, start, calendar).due_on
    expected = remaining_after_pause(before, begins, ends, terms.unit, calendar).due_on
    assert reckon(terms, start, calendar, pauses=[Span(begins, ends)]).due_on == expected


@given(st.data(), TERMS, STARTS, CALENDARS)
def test_the_days_told_are_the_days_counted(data: st.DataObject, terms: Terms, start: dt.date, calendar: Calendar):
    spans = data.draw(pauses(start))
    found = reckon(terms, start, calendar, pauses=spans)
    assert [day.on for day in found.days] == [
        start + dt.timedelta(days=n) for n in range((found.due_on - start).days + 1)
    ]
    assert found.days[0].kind in (START, DUE)
    assert found.days[-1].kind == DUE
    numbers = [day.number for day in found.days if day.number is not None]
    assert numbers == list(range(1, terms.days + 1))
    for day in found.days:
        paused = any(span.from_on < day.on <= span.to_on for span in spans)
        assert (day.kind == PAUSED) == paused or day.kind == DUE
        if day.kind == COUNTED and terms.unit == WORKING:
            assert calendar.is_working_day(day.on)


@given(TERMS, STARTS, CALENDARS)
def test_reminders_lie_in_order_before_the_end(terms: Terms, start: dt.date, calendar: Calendar) -> None:
    found = reckon(terms, start, calendar)
    days = reminder_days(terms, found.days)
    assert days["due_day"] == found.due_on
    ordered = [days[name] for name in ("half_time", "three_days", "one_day", "due_day") if name in days]
    assert len(set(ordered)) == len(ordered)
    assert all(start < day <= found.due_on for day in ordered)
    assert days.get("three_days", start) < days.get("one_day", found.due_on) <= found.due_on


def test_a_pause_on_the_last_day_gives_that_day_back() -> None:
    terms = Terms(days=2, extension_days=0, unit=WORKING)
    monday, wednesday, friday = dt.date(2024, 7, 1), dt.date(2024, 7, 3), dt.date(2024, 7, 5)
    assert reckon(terms, monday, Calendar(), pauses=[Span(wednesday, friday)]).due_on == friday
    saturday = friday + dt.timedelta(days=1)
    assert reckon(terms, monday, Calendar(), pauses=[Span(wednesday, saturday)]).due_on == dt.date(2024, 7, 8)


def test_a_pause_after_the_end_heals_nothing() -> None:
    terms = Terms(days=2, extension_days=0, unit=WORKING)
    late = [Span(dt.date(2024, 7, 4), dt.date(2024, 7, 12))]
    assert reckon(terms, dt.date(2024, 7, 1), Calendar(), pauses=late).due_on == dt.date(2024, 7, 3)


def test_begun_hours_count_as_days_and_29_february_is_a_day() -> None:
    terms = Terms(days=72, extension_days=0, unit=HOUR)
    assert reckon(terms, dt.date(2024, 2, 27), Calendar()).due_on == dt.date(2024, 3, 1)
    assert reckon(terms, dt.date(2023, 2, 27), Calendar()).due_on == dt.date(2023, 3, 2)


def test_backward_pauses_are_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        reckon(
            Terms(days=1, extension_days=0, unit=WORKING),
            dt.date(2024, 7, 1),
            Calendar(),
            pauses=[Span(dt.date(2024, 7, 5), dt.date(2024, 7, 4))],
        )
