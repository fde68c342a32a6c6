"""Deadlines of a case: started, paused, resumed, stopped by the table's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from cases.catalogue.lookups import rule_for
from cases.models import Deadline, Pause
from cases.services.situation import CaseSituation
from cases.workdays import days_left, due_by_rule, remaining_after_pause
from cases.workflow import Clock


def _end(s: CaseSituation) -> None:
    if s.deadline is not None:
        s.deadline.ended_on = s.on
        s.deadline.save(update_fields=["ended_on"])
    s.case.due_on, s.case.clock_paused = None, False


def _start(s: CaseSituation, clock: Clock) -> None:
    _end(s)
    field, by_answer = clock.rule_by
    answers = s.data or {}
    code = clock.rule or dict(by_answer)[answers[field]]
    begins: dt.date = answers[clock.starts_on] if clock.starts_on else s.on
    rule = rule_for(code, s.election.regime, begins)
    due, latest = due_by_rule(rule, begins, s.calendar)
    Deadline.objects.create(case=s.case, rule=rule, started_on=begins, due_on=due, latest_on=latest)
    s.case.due_on, s.case.clock_paused = due, False


def _pause(s: CaseSituation, _clock: Clock) -> None:
    deadline = s.deadline
    if deadline is None or deadline.paused_on is not None:
        return
    deadline.remaining = max(0, days_left(deadline.due_on, s.on, deadline.rule.unit, s.calendar))
    deadline.paused_on = s.on
    deadline.save(update_fields=["remaining", "paused_on"])
    reason = str((s.data or {}).get("missing_items", ""))[:300]
    Pause.objects.create(deadline=deadline, from_on=s.on, reason=reason)
    s.case.clock_paused = True


def _resume(s: CaseSituation, _clock: Clock) -> None:
    deadline = s.deadline
    if deadline is None or deadline.paused_on is None:
        return
    for name in ("due_on", "latest_on"):
        after = remaining_after_pause(
            getattr(deadline, name), deadline.paused_on, s.on, deadline.rule.unit, s.calendar,
            roll_forward=deadline.rule.roll_forward,
        )  # fmt: skip
        setattr(deadline, name, after.due_on)
    deadline.pauses.filter(to_on__isnull=True).update(to_on=s.on)
    deadline.paused_on, deadline.remaining = None, None
    deadline.save(update_fields=["due_on", "latest_on", "paused_on", "remaining"])
    s.case.due_on, s.case.clock_paused = deadline.due_on, False


def _keep(_s: CaseSituation, _clock: Clock) -> None:
    return


def _stop(s: CaseSituation, _clock: Clock) -> None:
    _end(s)


ACTIONS: dict[str, Callable[[CaseSituation, Clock], None]] = {
    "keep": _keep,
    "start": _start,
    "stop": _stop,
    "pause": _pause,
    "resume": _resume,
}


def wind(s: CaseSituation, clock: Clock) -> None:
    """Do to the case's deadline what the table says. Changes ``case.due_on``/``clock_paused``; the caller saves."""
    ACTIONS[clock.action](s, clock)
