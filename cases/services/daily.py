"""The daily work: reminders, late deadlines, recomputation, digests. For any date, any number of times, by anybody.

What was given stands in ``Reminder`` rows written with the notices under the case's lock, so two beats at once, a beat
that was down for days, or a second ``manage.py tick`` change nothing that was already done, and miss nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from accounts.models import Officer
from cases.clock import now, real_now, today
from cases.models import Case, Deadline, Heartbeat, Mail, Notice, Reminder
from cases.notices import DIGEST, LATE_FOR_OTHERS
from cases.querysets import CARRIER_FIELD
from cases.services.deadlines import recompute_open
from cases.services.drafts import sweep
from cases.services.notify import People, Told, late_told, write_notices
from cases.services.outbox import derived_id, digest_for, wake
from cases.workdays import Calendar, load_calendar
from cases.workflow import holders, holding_kinds

log = structlog.get_logger(__name__)

#: Reminders to those who hold a case, from the calmest to the most urgent.
URGENCY = ("half_time", "three_days", "one_day", "due_day", "overdue")
#: Before this hour on the officer's wall no digest goes out, unless the day was named.
DIGEST_HOUR = 7


@dataclass(slots=True)
class Done:
    """What one run did; all zero when there was nothing left to do."""

    reminders: int = 0
    recomputed: int = 0
    digests: int = 0
    drafts: int = 0


def run(on: dt.date | None = None) -> Done:
    """Do the daily work for ``on``; without it for today, by each institution's own clock."""
    done = Done(reminders=remind(on))
    done.recomputed = len(recompute_open())
    if done.recomputed:
        done.reminders += remind(on)
    done.digests = send_digests(on)
    done.drafts = sweep()
    beat("daily")
    log.info("daily_work", on=str(on or ""), **{name: getattr(done, name) for name in done.__slots__})
    return done


def beat(job: str) -> None:
    """Note that a background job has done its work now."""
    Heartbeat.objects.update_or_create(job=job, defaults={"at": real_now()})


# ---------------------------------------------------------------------- reminders


def remind(on: dt.date | None = None) -> int:
    """Give every reminder whose day has come and that was not given; returns how many."""
    running = (
        Deadline.objects.filter(ended_on__isnull=True, paused_on__isnull=True)
        .select_related("case__bawaslu", "case__reviewer", "case__employer")
        .order_by("case_id")
    )
    given = set(Reminder.objects.filter(deadline__ended_on__isnull=True).values_list("deadline_id", "due_on", "kind"))
    calendars: dict[str, Calendar] = {}
    count = 0
    for deadline in list(running):
        day = on or today(zone_of(deadline.case))
        region = deadline.case.bawaslu.region
        if region not in calendars:
            calendars[region] = load_calendar(region)
        missing = [
            name
            for name in due_reminders(deadline, day, calendars[region])
            if (deadline.pk, deadline.due_on, name) not in given
        ]
        if missing:
            count += _give(deadline, missing)
    return count


def zone_of(case: Case) -> str:
    """The time zone of the institution a case waits for: its days end there."""
    for kind in holding_kinds(case.state):
        institution = getattr(case, CARRIER_FIELD[kind])
        if institution is not None:
            return str(institution.timezone)
    return case.bawaslu.timezone


def due_reminders(deadline: Deadline, day: dt.date, calendar: Calendar) -> Iterator[str]:
    """Names of the reminders of a running deadline whose day has come by ``day``.

    Days before the deadline was last settled are left out: a date recorded late reminds of nothing that has passed.
    """
    settled_on = dt.date.fromisoformat(deadline.computation["settled_on"])
    planned = {name: dt.date.fromisoformat(text) for name, text in deadline.computation["reminders"].items()}
    for name in sorted(planned, key=planned.__getitem__):
        if settled_on <= planned[name] <= day:
            yield name
    if day > deadline.due_on:
        yield "overdue"
        if calendar.working_days_between(deadline.due_on, day) >= LATE_FOR_OTHERS:
            yield "overdue_elsewhere"


def _give(deadline: Deadline, names: list[str]) -> int:
    """Write reminders and notices of one case under its lock; nothing when a step was faster."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=deadline.case_id)
        running = case.deadlines.filter(
            pk=deadline.pk, ended_on__isnull=True, paused_on__isnull=True, due_on=deadline.due_on
        )
        if not running.exists():
            return 0
        count = 0
        people: People | None = None
        for name in names:
            _row, created = Reminder.objects.get_or_create(
                deadline=deadline, due_on=deadline.due_on, kind=name, defaults={"given_at": now()}
            )
            if not created:
                continue
            count += 1
            people = people or People(case)
            write_notices(
                case=case,
                about=f"deadline:{deadline.pk}:{deadline.due_on}",
                told=_told(people, name),
                facts={"date": deadline.due_on.isoformat(), "institution": _late_at(case)},
            )
        _settle_older(case, names)
        return count


def _settle_older(case: Case, names: list[str]) -> None:
    """Of several reminders of one deadline only the most urgent stays new under the bell."""
    latest = [name for name in URGENCY if name in names][-1:]
    if latest:
        older = URGENCY[: URGENCY.index(latest[0])]
        Notice.objects.filter(case=case, kind__in=older, read_at__isnull=True).update(read_at=now())


def _told(people: People, name: str) -> list[Told]:
    if name in ("overdue", "overdue_elsewhere"):
        return late_told(people, for_others=name == "overdue_elsewhere")
    return [Told(officer, name) for desk in holders(people.case.state) for officer in people.at(desk)]


def _late_at(case: Case) -> str:
    names = (getattr(case, CARRIER_FIELD[kind]) for kind in holding_kinds(case.state))
    return ", ".join(institution.short_name for institution in names if institution is not None)


# ---------------------------------------------------------------------- digests


def send_digests(on: dt.date | None = None) -> int:
    """One mail a day to each officer with unread notices waiting for a digest; returns how many were written."""
    waiting = Notice.objects.filter(delivery=DIGEST, mail__isnull=True, read_at__isnull=True)
    officers = Officer.objects.filter(pk__in=waiting.values("officer")).select_related("institution", "user")
    return sum(_digest(officer, on) for officer in officers)


def _digest(officer: Officer, on: dt.date | None) -> bool:
    zone = officer.institution.timezone
    day = on or today(zone)
    if on is None and now().astimezone(ZoneInfo(zone)).hour < DIGEST_HOUR:
        return False
    key = derived_id("digest", officer.pk, day)
    if not officer.user.email or Mail.objects.filter(pk=key).exists():
        return False
    with transaction.atomic():
        Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        rows = Notice.objects.filter(officer=officer, delivery=DIGEST, mail__isnull=True, read_at__isnull=True)
        notices = list(rows.select_related("case", "officer__user").order_by("created_at", "pk"))
        if not notices or Mail.objects.filter(pk=key).exists():
            return False
        mail = digest_for(notices, day)
        mail.save(force_insert=True)
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
        wake([mail.pk])
    return True
