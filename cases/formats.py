"""Dates and numbers as people read them, in the active language."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.utils.translation import get_language

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def long_date(day: dt.date, *, weekday: bool = False, language: str = "") -> str:
    """``4 November 2024``, with ``weekday`` ``Senin, 4 November 2024``, in the active (or given) language."""
    locale = language or (get_language() or "id")[:2]
    return format_date(day, "EEEE, d MMMM y" if weekday else "d MMMM y", locale=locale)


def roman_month(day: dt.date) -> str:
    """The month in roman numerals, as letter numbers write it."""
    return ROMAN[day.month - 1]


def short_date(day: dt.date, *, language: str = "") -> str:
    """``4 Nov 2024`` in the active (or given) language."""
    return format_date(day, "d MMM y", locale=language or (get_language() or "id")[:2])


#: How the three Indonesian time zones are written behind a time of day.
ZONE_LETTERS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def clock_time(moment: dt.datetime, zone: str) -> str:
    """``14.20 WIB``: an aware moment as the clock on the wall of ``zone`` shows it."""
    local = moment.astimezone(ZoneInfo(zone))
    text = format_time(local.time(), "short", locale=(get_language() or "id")[:2])
    return f"{text} {ZONE_LETTERS.get(zone, local.tzname() or '')}".strip()
