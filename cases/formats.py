"""Dates and numbers as people read them, in the active language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from django.utils.translation import get_language

from accounts.moments import clock_time, on_the_wall

__all__ = ["clock_time", "day_and_time", "long_date", "on_the_wall", "roman_month", "short_date", "short_span"]

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@lru_cache(maxsize=4096)  # lists write the same few days on every row
def _written(day: dt.date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def long_date(day: dt.date, *, weekday: bool = False, language: str = "") -> str:
    """``4 November 2024``, with ``weekday`` ``Senin, 4 November 2024``, in the active (or given) language."""
    locale = language or (get_language() or "id")[:2]
    return _written(day, "EEEE, d MMMM y" if weekday else "d MMMM y", locale)


def day_and_time(at: dt.datetime, zone: str, *, weekday: bool = False) -> str:
    """``4 November 2024, 14.20 WIB``: an aware moment in words, by the clock of ``zone`` and in the active language."""
    return f"{long_date(at.astimezone(ZoneInfo(zone)).date(), weekday=weekday)}, {clock_time(at, zone)}"


def roman_month(day: dt.date) -> str:
    """The month in roman numerals, as letter numbers write it."""
    return ROMAN[day.month - 1]


def short_date(day: dt.date, *, weekday: bool = False, language: str = "") -> str:
    """``4 Nov 2024``, with ``weekday`` ``Sen, 4 Nov 2024``, in the active (or given) language."""
    locale = language or (get_language() or "id")[:2]
    return _written(day, "EEE, d MMM y" if weekday else "d MMM y", locale)


def short_span(start: dt.date, end: dt.date, *, language: str = "") -> str:
    """``4–8 Nov 2024``, ``28 Okt – 4 Nov 2024``: two days with what they share said once."""
    locale = language or (get_language() or "id")[:2]
    # English as an Indonesian office writes it: the day first, like every other date here.
    return format_interval(start, end, "yMMMd", locale="en_GB" if locale == "en" else locale)
