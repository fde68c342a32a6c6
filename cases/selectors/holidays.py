"""Days off of a year for the page that keeps them, and where they differ from their source."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from cases.catalogue.loader import LIBRARY, YEARS
from cases.formats import long_date
from cases.models import Holiday
from cases.services.holidays import ADDED, CHANGED, REMOVED, differences


def year_of(text: str, on: dt.date) -> int:
    """The year named in an address when the portal keeps it, else this year."""
    year = int(text) if text.isdecimal() and len(text) == 4 else on.year
    return min(max(year, YEARS.start), YEARS.stop - 1)


def days_off(year: int) -> list[dict[str, Any]]:
    """The days of a year, withdrawn ones too, in order."""
    rows = Holiday.objects.filter(date__year=year).order_by("date", "region", "kind")
    return [
        {
            "row": row,
            "date": long_date(row.date, weekday=True),
            "where": row.region or _("the whole nation"),
            "source": _("shipped calendar") if row.source.startswith(LIBRARY) else row.source,
            "decided": row.edited_by_office,
        }
        for row in rows
    ]


def differing(year: int) -> list[dict[str, Any]]:
    """Where table and shipped source disagree, in words."""
    words = {
        ADDED: _("The source has it, the table does not."),
        REMOVED: _("The table has it, the source does not."),
        CHANGED: _("The source calls it otherwise or has confirmed it."),
    }
    found = []
    for one in differences([year]):
        before, after = one.before, one.after
        found.append(
            {
                "what": one.what,
                "date": long_date(one.day.date, weekday=True),
                "words": words[one.what],
                "before": _told(before) if before else "",
                "after": _told(after) if after else "",
            }
        )
    return found


def _told(named: tuple[str, bool]) -> str:
    name, estimated = named
    return _("%(name)s (estimate)") % {"name": name} if estimated else name
