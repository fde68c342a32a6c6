"""A calendar feed per officer: a secret, revocable address with due dates and case numbers, and no names."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Alarm, Calendar, Event

from accounts.models import Officer
from cases.clock import now, today
from cases.models import CalendarFeed, Case, Deadline
from cases.services.outbox import derived_id

#: 256 bits: nobody guesses it.
TOKEN_BYTES = 32


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(*, officer: Officer) -> str:
    """Make a new secret, ending any earlier one; returns the token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        revoke_feed(officer=officer)
        CalendarFeed.objects.create(officer=officer, token_hash=_digest(token), created_at=now())
    return token


def revoke_feed(*, officer: Officer) -> bool:
    """End the officer's feed; True when there was one."""
    return bool(CalendarFeed.objects.filter(officer=officer, revoked_at__isnull=True).update(revoked_at=now()))


def officer_of(token: str) -> Officer | None:
    """Whose feed this is; None for an unknown or revoked secret and for somebody who no longer holds the desk."""
    row = (
        CalendarFeed.objects.filter(token_hash=_digest(token), revoked_at__isnull=True)
        .select_related("officer__institution", "officer__user")
        .first()
    )
    if row is None or not row.officer.user.is_active:
        return None
    officer = row.officer
    return (
        officer if Officer.objects.holding(today(officer.institution.timezone)).filter(pk=officer.pk).exists() else None
    )


def feed_of(officer: Officer) -> bytes:
    """The due dates of the cases on the officer's desk, as iCalendar (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Neutrality case portal//deadlines//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with override(settings.LANGUAGE_CODE):
        calendar.add("x-wr-calname", _("Deadlines of my desk"))
        on_desk = Case.objects.on_desk_of(officer)
        rows = Deadline.objects.filter(case__in=on_desk, ended_on__isnull=True, paused_on__isnull=True)
        for row in rows.select_related("case", "rule").order_by("due_on", "pk"):
            calendar.add_component(_event(row))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline) -> Event:
    event = Event()
    event.add("uid", f"{derived_id('deadline', deadline.pk)}@portal")
    event.add("dtstamp", now())
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + dt.timedelta(days=1))
    event.add("summary", _("Case %(number)s: %(rule)s") % {"number": deadline.case.number, "rule": deadline.rule.name})
    event.add("url", f"{settings.BASE_URL}{deadline.case.get_absolute_url()}")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.case.number)
    alarm.add("trigger", dt.timedelta(hours=-16))  # eight in the morning of the day before
    event.add_component(alarm)
    return event
