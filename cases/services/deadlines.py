"""What a deadline is made of, how it is told, and what people may do to it besides taking a step.

Every change goes the same way: change a part (start, pause, extension, day off), then ``settle``: the date is reckoned
again from all parts and the computation is written down. See ``docs/deadlines.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import today
from cases.formats import long_date
from cases.models import Case, Deadline, Event, Extension, Pause
from cases.reckoning import Terms
from cases.services.clockwork import counted_days, estimated_days, reckon_again, settle
from cases.services.errors import OutOfOrder, Refused, Stale, WrongDesk
from cases.services.locking import check_holding, lock
from cases.services.move import changed_sentence, steps_since
from cases.services.notify import tell_deadline_moved
from cases.services.record import write_event
from cases.workdays import Calendar, load_calendar
from cases.workflow import clock_of, holding_kinds

# ---------------------------------------------------------------------- what people may do


def open_deadline(case: Case) -> Deadline:
    """The running deadline of a locked case. Raises OutOfOrder when none runs."""
    deadline = case.deadlines.select_related("rule").filter(ended_on__isnull=True).first()
    if deadline is None:
        raise OutOfOrder(_("No deadline is running."))
    return deadline


def acknowledge_receipt(*, case: Case, actor: Officer, seen: str, received_on: dt.date) -> Event:
    """Confirm the day the letter that started the deadline was received; the deadline counts from that day.

    Only the desk the table names (``Clock.receipt_by``), once a deadline, for a day between the letter's date and
    today. Raises Refused.
    """
    with transaction.atomic():
        locked = _ready(case, actor, seen)
        deadline = open_deadline(locked)
        clock = clock_of(deadline.rule.code)
        if clock is None or clock.receipt_by is None:
            raise OutOfOrder(_("This deadline does not count from a receipt."))
        if actor.desk != clock.receipt_by:
            raise WrongDesk(_("The receiving institution confirms the receipt."))
        if deadline.received_on is not None:
            raise OutOfOrder(_("Receipt on %(date)s is already confirmed.") % {"date": long_date(deadline.received_on)})
        on = today(actor.institution.timezone)
        if not deadline.started_on <= received_on <= on:
            raise Refused(
                _("The day of receipt lies between the letter's date, %(date)s, and today.")
                % {"date": long_date(deadline.started_on)},
                field="received_on",
            )
        deadline.provisional_on, deadline.started_on, deadline.received_on = (
            deadline.started_on,
            received_on,
            received_on,
        )
        return _change(locked, deadline, actor, on, "acknowledge_receipt", data={"received_on": received_on})


def extend(*, case: Case, actor: Officer, seen: str, reason: str) -> Event:
    """Grant the one extension the deadline's rule knows, for a stated reason. Raises Refused."""
    with transaction.atomic():
        locked = _ready(case, actor, seen)
        deadline = open_deadline(locked)
        days = Terms.of(deadline.computation["rule"]).extension_days
        clock = clock_of(deadline.rule.code)
        if not days or clock is None or clock.extend_by is None:
            raise OutOfOrder(_("The law knows no extension of this deadline."))
        if actor.desk != clock.extend_by:
            raise WrongDesk(_("The signatory of the institution grants an extension."))
        if Extension.objects.filter(deadline=deadline).exists():
            raise OutOfOrder(_("This deadline has been extended already."))
        reason = _reason(reason)
        on = today(actor.institution.timezone)
        if deadline.due_on < on:
            raise OutOfOrder(_("The deadline has passed; an extension must be granted before."))
        Extension.objects.create(deadline=deadline, days=days, granted_on=on, reason=reason)
        return _change(locked, deadline, actor, on, "extend_deadline", reason=reason, data={"days": days})


def pause(*, case: Case, actor: Officer, seen: str, reason: str) -> Event:
    """Stop the clock by hand where the dated rule allows it. Raises Refused."""
    with transaction.atomic():
        locked = _ready(case, actor, seen)
        _check_holder(locked, actor)
        deadline = open_deadline(locked)
        if not deadline.rule.pausable:
            raise OutOfOrder(_("The rule of this deadline allows no pause."))
        if deadline.paused_on is not None:
            raise OutOfOrder(_("The deadline is paused already."))
        reason = _reason(reason)
        on = today(actor.institution.timezone)
        if deadline.due_on < on:
            raise OutOfOrder(_("The deadline has passed; a pause heals nothing."))
        Pause.objects.create(deadline=deadline, from_on=on, reason=reason, manual=True)
        deadline.paused_on = on
        return _change(locked, deadline, actor, on, "pause_deadline", reason=reason)


def resume(*, case: Case, actor: Officer, seen: str, reason: str = "") -> Event:
    """Let a clock run on that was stopped by hand; the days left run from today. Raises Refused."""
    with transaction.atomic():
        locked = _ready(case, actor, seen)
        _check_holder(locked, actor)
        deadline = open_deadline(locked)
        standing = deadline.pauses.filter(to_on__isnull=True).first()
        if deadline.paused_on is None or standing is None:
            raise OutOfOrder(_("The deadline is not paused."))
        if not standing.manual:
            raise OutOfOrder(_("A step paused this deadline; the step that answers it lets it run on."))
        on = today(actor.institution.timezone)
        standing.to_on = on
        standing.save(update_fields=["to_on"])
        deadline.paused_on, deadline.remaining = None, None
        return _change(locked, deadline, actor, on, "resume_deadline", reason=reason.strip())


def recompute(case_id: int, *, reason: str = "", actor: Officer | None = None) -> Event | None:
    """Reckon one case's running deadline with today's days off; an event and notices only when the date moved.

    Run for every open case after the holiday table changed, and again by the daily work, so that a crash in between
    costs nothing. The rule stays as it read when the deadline began.
    """
    with transaction.atomic():
        # No joins: PostgreSQL refuses to lock the nullable side of one.
        case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
        if case is None:
            return None
        deadline = case.deadlines.select_related("rule").filter(ended_on__isnull=True).first()
        if deadline is None:
            return None
        region = case.bawaslu.region
        calendar = load_calendar(region)
        moved, marked = _differs(deadline, calendar)
        if moved:
            on = today(case.bawaslu.timezone)
            return _change(case, deadline, actor, on, "recompute_deadline", reason=reason, calendar=calendar)
        if marked:  # a day that was an estimate has been proclaimed: told under "how is this counted", moves nothing
            deadline.computation["estimates"] = estimated_days(reckon_again(deadline, calendar), calendar)
            deadline.save(update_fields=["computation"])
        return None


def _differs(deadline: Deadline, calendar: Calendar) -> tuple[bool, bool]:
    """Whether a calendar gives other days than the stored ones; and whether only their mark as estimates differs."""
    fresh = reckon_again(deadline, calendar)
    moved = fresh.due_on != deadline.due_on or list(fresh.days) != counted_days(deadline.computation)
    return moved, estimated_days(fresh, calendar) != deadline.computation.get("estimates", [])


def recompute_open(*, reason: str = "", actor: Officer | None = None) -> list[Event]:
    """Recompute every running deadline whose days differ, each case in its own short transaction; returns the events.

    Looked through without locks first: thousands that stay as they are keep nobody waiting.
    """
    differing = [deadline.case_id for deadline, calendar in _running() if any(_differs(deadline, calendar))]
    events = (recompute(case_id, reason=reason, actor=actor) for case_id in differing)
    return [event for event in events if event is not None]


def would_move(changed: Callable[[str, Calendar], Calendar]) -> int:
    """How many running deadlines would get another date if days off changed; writes nothing.

    ``changed`` gives the calendar as it would be, from a region and its calendar.
    """
    calendars: dict[str, Calendar] = {}
    count = 0
    for deadline, calendar in _running():
        region = deadline.case.bawaslu.region
        if region not in calendars:
            calendars[region] = changed(region, calendar)
        count += reckon_again(deadline, calendars[region]).due_on != deadline.due_on
    return count


def _running() -> Iterator[tuple[Deadline, Calendar]]:
    """Every running deadline with its parts fetched, and the calendar of its region."""
    rows = Deadline.objects.filter(ended_on__isnull=True).select_related("case__bawaslu", "extension")
    calendars: dict[str, Calendar] = {}
    for deadline in rows.prefetch_related("pauses").order_by("case_id").iterator(chunk_size=500):
        region = deadline.case.bawaslu.region
        if region not in calendars:
            calendars[region] = load_calendar(region)
        yield deadline, calendars[region]


# ---------------------------------------------------------------------- shared parts


def _ready(case: Case, actor: Officer, seen: str) -> Case:
    """The locked case, still as the person saw it, with the person still at the desk. Raises Refused."""
    locked = lock(case, actor)
    if locked.seen_token != seen:
        raise Stale(changed_sentence(locked), events=steps_since(locked, seen, actor))
    check_holding(actor)
    return locked


def _check_holder(case: Case, actor: Officer) -> None:
    if actor.desk.kind not in holding_kinds(case.state):
        raise WrongDesk(_("The institution the case waits for keeps its clock."))


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused(_("Say why."), field="reason")
    return text.strip()[:300]


def _change(
    case: Case,
    deadline: Deadline,
    actor: Officer | None,
    on: dt.date,
    name: str,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
    calendar: Calendar | None = None,
) -> Event:
    """Settle the deadline, copy it to the case, write the event, tell whoever the date concerns."""
    before = {"due_on": case.due_on, "clock_paused": case.clock_paused}
    region = case.bawaslu.region
    settle(deadline, calendar=calendar or load_calendar(region), region=region, on=on)
    case.due_on, case.clock_paused = deadline.due_on, deadline.paused_on is not None
    case.save(update_fields=["due_on", "clock_paused"])
    after = {"due_on": case.due_on, "clock_paused": case.clock_paused}
    event = write_event(
        case=case,
        kind=Event.Kind.DEADLINE,
        name=name,
        actor=actor,
        reason=reason,
        data={"rule": deadline.rule.code, "started_on": deadline.started_on, **(data or {})},
        changes={key: [before[key], after[key]] for key in before if before[key] != after[key]},
    )
    tell_deadline_moved(case=case, event=event, actor=actor)
    return event
