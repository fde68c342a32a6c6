"""Moments as people in Indonesia read them: the clock on the wall of an institution, with its zone's letters."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language

#: How the three Indonesian time zones are written behind a time of day (Keppres 41/1987).
ZONE_LETTERS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def on_the_wall(time: dt.time, zone: str) -> str:
    """``14.20 WIB``: a time of day as it was written down in ``zone``."""
    # Twenty-four hours in both languages; Indonesian writes a full stop between them.
    text = f"{time:%H:%M}" if (get_language() or "id")[:2] == "en" else f"{time:%H.%M}"
    return f"{text} {ZONE_LETTERS.get(zone, '')}".strip()


def clock_time(moment: dt.datetime, zone: str) -> str:
    """``14.20 WIB``: an aware moment as the clock on the wall of ``zone`` shows it."""
    local = moment.astimezone(ZoneInfo(zone))
    text = on_the_wall(local.time(), zone)
    return text if zone in ZONE_LETTERS else f"{text} {local.tzname() or ''}".strip()


def short_moment(moment: dt.datetime, zone: str = "") -> str:
    """``4 Nov 2024, 14.20 WIB`` in ``zone``, by default that of whoever reads (``timezone.override``)."""
    zone = zone or timezone.get_current_timezone_name()
    day = format_date(moment.astimezone(ZoneInfo(zone)).date(), "d MMM y", locale=(get_language() or "id")[:2])
    return f"{day}, {clock_time(moment, zone)}"
