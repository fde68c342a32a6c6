"""Days off: added and withdrawn by an office with its decree, updated from the shipped source, difference first.

Every change is followed by a recomputation of the open deadlines (``cases.services.deadlines.recompute_open``): an
event in each case whose date moved, and a notice to whoever it waits for. The daily work recomputes too, so a crash
between the two costs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import ADMIN_DESK
from cases.catalogue.choices import Confidence, HolidayKind
from cases.catalogue.loader import LIBRARY, holiday_rows
from cases.clock import today
from cases.formats import long_date
from cases.models import Event, Holiday
from cases.services.access import REFERENCE
from cases.services.deadlines import recompute_open, would_move
from cases.services.errors import Refused, WrongDesk
from cases.services.record import write_record
from cases.workdays import Calendar

#: The chain of changes to reference data.
STREAM = REFERENCE

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
#: Facts of a day that are compared with the source.
COMPARED = ("name", "estimated")


@dataclass(frozen=True, slots=True)
class Difference:
    """One day on which table and source disagree; ``before``/``after`` are (name, estimated) or None."""

    what: str
    day: Holiday
    before: tuple[str, bool] | None = None
    after: tuple[str, bool] | None = None


@dataclass(slots=True)
class Changed:
    """What a change did: the days, and the events of the cases whose deadline moved."""

    days: int = 0
    events: list[Event] = field(default_factory=list)


def add_day(
    *,
    actor: Officer,
    date: dt.date,
    name: str,
    decree: str,
    kind: str = HolidayKind.LOCAL,
    region: str = "",
) -> Changed:
    """Add a day off (or bring a withdrawn one back) by a decree. Raises Refused."""
    _check(actor, decree)
    if not name.strip():
        raise Refused(_("Name the day."), field="name")
    with transaction.atomic():
        row = Holiday.objects.select_for_update().filter(date=date, region=region, kind=kind).first()
        if row is not None and not row.withdrawn:
            raise Refused(_("%(date)s is a day off already.") % {"date": long_date(date)}, field="date")
        row = row or Holiday(date=date, region=region, kind=kind)
        row.name, row.source, row.added_by = name.strip(), decree.strip(), actor.name
        row.withdrawn, row.estimated, row.edited_by_office = False, False, True
        row.confidence = Confidence.SOURCED
        row.save()
        _record(actor, "holiday_added", row)
    return Changed(1, recompute_open(reason=_why(row, decree), actor=actor))


def withdraw_day(
    *, actor: Officer, date: dt.date, decree: str, kind: str = HolidayKind.PUBLIC, region: str = ""
) -> Changed:
    """Make a day a working day after all, by a decree. The row stays, so that no later load revives it."""
    _check(actor, decree)
    with transaction.atomic():
        row = Holiday.objects.select_for_update().filter(date=date, region=region, kind=kind, withdrawn=False).first()
        if row is None:
            raise Refused(_("%(date)s is no such day off.") % {"date": long_date(date)}, field="date")
        row.withdrawn, row.edited_by_office = True, True
        row.note = f"{row.note}\n{decree.strip()}".strip()
        row.save(update_fields=["withdrawn", "edited_by_office", "note"])
        _record(actor, "holiday_withdrawn", row, decree=decree)
    return Changed(1, recompute_open(reason=_why(row, decree), actor=actor))


def after_edit(*, actor: Officer | None, holiday: Holiday) -> list[Event]:
    """For an administration page that saved and recorded ``holiday`` itself: recompute the open deadlines."""
    return recompute_open(reason=_why(holiday, holiday.source), actor=actor)


def would_change(*, date: dt.date, region: str, off: bool) -> int:
    """How many running deadlines would move if a day became a day off (or a working day); writes nothing."""

    def changed(of: str, calendar: Calendar) -> Calendar:
        if not f"{of}.".startswith(f"{region}." if region else ""):
            return calendar
        if off:
            return replace(calendar, days_off=calendar.days_off | {date})
        above = {"", *accumulate(of.split("."), "{}.{}".format)} - {region}
        others = Holiday.objects.filter(date=date, withdrawn=False, region__in=above)
        return calendar if others.exists() else replace(calendar, days_off=calendar.days_off - {date})

    return would_move(changed)


def differences(years: Iterable[int]) -> Iterator[Difference]:
    """Where the table and the shipped source disagree, by date. Days an office decided on are never among them."""
    years = list(years)
    source = {(row.date, row.region, row.kind): row for row in holiday_rows(years)}
    table = {(row.date, row.region, row.kind): row for row in Holiday.objects.filter(date__year__in=years)}
    for key in sorted({*source, *table}, key=lambda key: (key[0], key[1], key[2])):
        new, old = source.get(key), table.get(key)
        if old is None and new is not None:
            yield Difference(ADDED, new, after=(new.name, new.estimated))
        elif old is not None and (old.edited_by_office or old.withdrawn):
            continue
        elif old is not None and new is None:
            if old.source.startswith(LIBRARY):
                yield Difference(REMOVED, old, before=(old.name, old.estimated))
        elif old is not None and new is not None:
            before, after = (old.name, old.estimated), (new.name, new.estimated)
            if before != after:
                yield Difference(CHANGED, old, before=before, after=after)


def update_from_source(*, actor: Officer | None, years: Iterable[int]) -> Changed:
    """Take over every difference, in one transaction, then recompute. ``actor`` is None at the command line.

    Raises Refused for anybody but the administrator.
    """
    if actor is not None:
        _check_desk(actor)
    found = 0
    with transaction.atomic():
        for difference in list(differences(years)):
            found += 1
            day = difference.day
            if difference.what == REMOVED:
                _record(actor, "holiday_removed", day)
                day.delete()
                continue
            if difference.after is not None:
                day.name, day.estimated = difference.after
            day.save()
            _record(actor, f"holiday_{difference.what}", day)
    return Changed(found, recompute_open(reason=_("The calendar of days off was updated."), actor=actor))


def _check(actor: Officer, decree: str) -> None:
    _check_desk(actor)
    if not decree.strip():
        raise Refused(_("Name the decree: number and date."), field="decree")


def _check_desk(actor: Officer) -> None:
    if actor.desk != ADMIN_DESK:
        raise WrongDesk(_("The administrator keeps the days off."))
    holding = Officer.objects.holding(today(actor.institution.timezone))
    if not holding.filter(pk=actor.pk).exists():
        raise WrongDesk(_("You no longer hold this desk."))


def _why(row: Holiday, decree: str) -> str:
    return f"{long_date(row.date)}: {row.name} ({decree.strip()})"


def _record(actor: Officer | None, name: str, row: Holiday, decree: str = "") -> None:
    write_record(
        stream=STREAM,
        kind=Event.Kind.REFDATA,
        name=name,
        actor=actor,
        data={
            "date": row.date,
            "region": row.region,
            "kind": row.kind,
            "name": row.name,
            "estimated": row.estimated,
            "decree": decree or row.source,
        },
    )
