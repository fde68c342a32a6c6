"""Deadlines of a case: started, paused, resumed, stopped by the table's clock.

A date is never moved: a part changes (start, pause, extension, day off) and ``settle`` reckons the deadline again from
all of them and writes the computation down. ``cases.services.deadlines`` holds what people do besides the steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from cases.catalogue.lookups import rule_for
from cases.models import Deadline, DeadlineRule, Extension, Pause
from cases.reckoning import OFF, Day, Reckoning, Span, Terms, reckon, reminder_days
from cases.services.situation import CaseSituation
from cases.workdays import Calendar, days_left
from cases.workflow import Clock

#: Format of ``Deadline.computation``.
FORMAT = 1


def rule_facts(rule: DeadlineRule) -> dict[str, Any]:
    """A rule as frozen into a computation: what it said on the day the deadline began."""
    return {
        "code": rule.code,
        "name": rule.name,
        "name_en": rule.name_en,
        "days": rule.days,
        "extension_days": rule.extension_days,
        "unit": rule.unit,
        "counting": rule.counting,
        "roll_forward": rule.roll_forward,
        "regime": rule.regime,
        "valid_from": rule.valid_from.isoformat(),
        "basis": rule.legal_basis,
        "confidence": rule.confidence,
        "starts_from": rule.starts_from,
        "consequence": rule.consequence,
    }


def settle(deadline: Deadline, *, calendar: Calendar, region: str, on: dt.date) -> bool:
    """Reckon ``deadline`` from its parts and write date and computation; True when the due date changed.

    ``on`` is the day this happens: nobody is reminded of days before it. While the clock is
    paused, ``remaining`` holds the days left on the day it stopped.
    """
    known = deadline.computation
    rule = known.get("rule") or rule_facts(deadline.rule)
    terms = Terms.of(rule)
    pauses, extension = _parts(deadline)
    reckoned = _reckon(deadline, terms, calendar, pauses, extension)
    before = deadline.due_on
    deadline.due_on, deadline.latest_on = reckoned.due_on, reckoned.latest_on
    if deadline.paused_on is not None:
        deadline.remaining = max(0, days_left(deadline.due_on, deadline.paused_on, terms.unit, calendar))
    deadline.computation = {
        "format": FORMAT,
        "rule": rule,
        "region": region,
        "settled_on": on.isoformat(),
        "start": deadline.started_on.isoformat(),
        "provisional": deadline.provisional_on.isoformat() if deadline.provisional_on else None,
        "pauses": [
            {
                "from": pause.from_on.isoformat(),
                "to": pause.to_on.isoformat() if pause.to_on else None,
                "reason": pause.reason,
            }
            for pause in pauses
        ],
        "extension": (
            {"days": extension.days, "on": extension.granted_on.isoformat(), "reason": extension.reason}
            if extension
            else None
        ),
        "days": [[day.on.isoformat(), day.kind, day.number, day.name] for day in reckoned.days],
        "estimates": estimated_days(reckoned, calendar),
        "due": reckoned.due_on.isoformat(),
        "latest": reckoned.latest_on.isoformat(),
        "reminders": {name: day.isoformat() for name, day in reminder_days(terms, reckoned.days).items()},
    }
    deadline.save()
    return before != deadline.due_on


def _parts(deadline: Deadline) -> tuple[list[Pause], Extension | None]:
    if deadline._state.adding:
        return [], None
    pauses = sorted(
        deadline.pauses.all(), key=lambda pause: pause.pk
    )  # in Python: prefetched for a whole recomputation
    return pauses, getattr(deadline, "extension", None)


def _reckon(
    deadline: Deadline, terms: Terms, calendar: Calendar, pauses: list[Pause], extension: Extension | None
) -> Reckoning:
    return reckon(
        terms,
        deadline.started_on,
        calendar,
        pauses=[Span(pause.from_on, pause.to_on) for pause in pauses],
        extended=extension.days if extension else 0,
    )


def reckon_again(deadline: Deadline, calendar: Calendar) -> Reckoning:
    """What the deadline would be by another calendar; writes nothing."""
    terms = Terms.of(deadline.computation.get("rule") or deadline.rule)
    return _reckon(deadline, terms, calendar, *_parts(deadline))


def estimated_days(reckoned: Reckoning, calendar: Calendar) -> list[str]:
    """Days left out because of a day off that is not proclaimed yet."""
    return [day.on.isoformat() for day in reckoned.days if day.kind == OFF and day.on in calendar.estimates]


def counted_days(computation: dict[str, Any]) -> list[Day]:
    """The days of a stored computation, from the start to the due date."""
    rows = computation.get("days", [])
    return [Day(dt.date.fromisoformat(on), kind, number, name) for on, kind, number, name in rows]


# ---------------------------------------------------------------------- what the table's clock does


def _settle(s: CaseSituation, deadline: Deadline) -> None:
    settle(deadline, calendar=s.calendar, region=s.case.bawaslu.region, on=s.on)
    s.case.due_on, s.case.clock_paused = deadline.due_on, deadline.paused_on is not None


def _end(s: CaseSituation) -> None:
    if s.deadline is not None:
        s.deadline.pauses.filter(to_on__isnull=True).update(to_on=s.on)
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
    _settle(s, Deadline(case=s.case, rule=rule, started_on=begins))


def _pause(s: CaseSituation, _clock: Clock) -> None:
    deadline = s.deadline
    if deadline is None:
        return
    # A pause by hand gives way: from here the step that answers lets the clock run on.
    deadline.pauses.filter(to_on__isnull=True).update(to_on=s.on)
    deadline.paused_on = s.on
    reason = str((s.data or {}).get("missing_items", ""))[:300]
    Pause.objects.create(deadline=deadline, from_on=s.on, reason=reason)
    _settle(s, deadline)


def _resume(s: CaseSituation, _clock: Clock) -> None:
    deadline = s.deadline
    if deadline is None or deadline.paused_on is None:
        return
    deadline.pauses.filter(to_on__isnull=True).update(to_on=s.on)
    deadline.paused_on, deadline.remaining = None, None
    _settle(s, deadline)


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
