"""The one place that knows what time it is.

Law runs on dates, so every writer asks here. Three sources, in order: a moment set by ``travel`` (scenario playback and
tests; refused unless ALLOW_BACKDATING), the demo date (DEMO_DATE: the real time of day on that date, so that synthetic
cases are not all years overdue), the real clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

_travelled: ContextVar[dt.datetime | None] = ContextVar("travelled", default=None)


class BackdatingRefused(RuntimeError):
    """Someone tried to act on another date outside demo and test."""


def now() -> dt.datetime:
    """The current moment, aware, UTC."""
    moment = _travelled.get()
    if moment is not None:
        return moment
    real = timezone.now()
    demo_date = getattr(settings, "DEMO_DATE", None)
    if demo_date and settings.DEMO:
        local = real.astimezone(ZoneInfo(settings.TIME_ZONE))
        return dt.datetime.combine(demo_date, local.timetz()).astimezone(dt.UTC)
    return real


def real_now() -> dt.datetime:
    """The machine's own time, aware, UTC. For leases, retries and heartbeats; never for anything the law counts.

    A demo date ends every midnight by going back a day: a lease must not.
    """
    return timezone.now()


def travelling() -> bool:
    """Whether the clock was moved by ``travel``: what is played back is told to nobody by e-mail."""
    return _travelled.get() is not None


def today(zone: str = "") -> dt.date:
    """The current date in ``zone`` (an institution's time zone), by default the project's."""
    return now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()


@contextmanager
def travel(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` inside the block. Raises BackdatingRefused outside demo and test."""
    if not settings.ALLOW_BACKDATING:
        raise BackdatingRefused("The clock can only be moved in demo mode and in tests (ALLOW_BACKDATING).")
    if moment.tzinfo is None:
        raise ValueError("travel() needs an aware moment")
    token = _travelled.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _travelled.reset(token)
