"""Dates and numbers as people read them, in the active language."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date
from django.utils.translation import get_language

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def long_date(day: dt.date, *, weekday: bool = False, language: str = "") -> str:
    """``4 November 2024``, with ``weekday`` ``Senin, 4 November 2024``, in the active (or given) language."""
    locale = language or (get_language() or "id")[:2]
    return format_date(day, "EEEE, d MMMM y" if weekday else "d MMMM y", locale=locale)


def roman_month(day: dt.date) -> str:
    """The month in roman numerals, as letter numbers write it."""
    return ROMAN[day.month - 1]
