"""A deadline told day by day, and what the acting desk may do to it besides taking a step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from django import forms
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.catalogue.choices import Confidence, Unit
from cases.formats import long_date
from cases.forms.clock import CLOCK_FORMS
from cases.models import Case, Deadline
from cases.reckoning import COUNTED, DUE, OFF, PAUSED, START, WEEKEND, Day
from cases.services.clockwork import counted_days
from cases.workdays import WORKING
from cases.workflow import CLOCK_ACT, ClockAct, clock_of, holding_kinds


def strip(deadline: Deadline, on: dt.date) -> list[dict[str, Any]]:
    """The days from start to due date for ``components/deadline_card.html``; weekends of working days left out."""
    working = deadline.computation.get("rule", {}).get("unit") == WORKING
    estimates = deadline.computation.get("estimates", [])
    days = [day for day in counted_days(deadline.computation) if not (working and day.kind == WEEKEND)]
    return [_cell(day, on, estimated=day.on.isoformat() in estimates) for day in days]


def _cell(day: Day, on: dt.date, *, estimated: bool = False) -> dict[str, Any]:
    language = (get_language() or "id")[:2]
    ahead = day.kind == COUNTED and day.on > on
    return {
        "day": day.on.day,
        "weekday": format_date(day.on, "EEE", locale=language),
        "kind": "open" if ahead else "off" if day.kind == WEEKEND else day.kind,
        "note": _("estimate") if estimated else _note(day),
        "today": day.on == on,
        "title": " ".join(filter(None, (long_date(day.on, weekday=True), day.name))),
    }


def _note(day: Day) -> str:
    if day.number is not None:
        return _("no. %(n)d") % {"n": day.number}
    return {START: _("start"), PAUSED: _("paused"), OFF: _("day off"), WEEKEND: _("day off"), DUE: _("due")}.get(
        day.kind, ""
    )


def counted(deadline: Deadline, on: dt.date) -> str:
    """``Working day 5 of 7``: where in the count a day stands; empty before the count begins or after it ends."""
    days = [day for day in counted_days(deadline.computation) if day.number is not None]
    number = max((day.number or 0 for day in days if day.on <= on), default=0)
    if not number or on > deadline.due_on:
        return ""
    values = {"n": number, "total": len(days)}
    if deadline.computation["rule"]["unit"] == WORKING:
        return _("Working day %(n)d of %(total)d") % values
    return _("Day %(n)d of %(total)d") % values


def whys(deadline: Deadline, language: str) -> list[dict[str, str]]:
    """How the date came about, as (icon, sentence): start, length, extension, pauses, days off, basis, marks."""
    made = deadline.computation
    if not made:
        return []
    rule = made["rule"]
    lines = [("inbox", _started(made, rule))]
    lines.append(("calendar", _length(rule, language)))
    if extension := made["extension"]:
        days = ngettext("%(n)d day", "%(n)d days", extension["days"]) % {"n": extension["days"]}
        lines.append(
            (
                "calendar",
                _("Extended by %(days)s on %(date)s: %(reason)s")
                % {"days": days, "date": _date(extension["on"]), "reason": extension["reason"]},
            )
        )
    lines.extend(("player-pause", _paused(pause)) for pause in made["pauses"])
    if off := _days_off(made):
        lines.append(("calendar", off))
    if rule["basis"]:
        lines.append(("scale", _("Basis: %(basis)s") % {"basis": rule["basis"]}))
    lines.append(("history", _("The rule as it reads since %(date)s") % {"date": _date(rule["valid_from"])}))
    if rule["confidence"] != Confidence.SOURCED:
        mark = Confidence(rule["confidence"]).label
        lines.append(("alert-triangle", _("This rule is marked as: %(mark)s") % {"mark": mark}))
    return [{"icon": icon, "text": text} for icon, text in lines]


def _date(text: str) -> str:
    return long_date(dt.date.fromisoformat(text))


def _started(made: dict[str, Any], rule: dict[str, Any]) -> str:
    start = long_date(dt.date.fromisoformat(made["start"]), weekday=True)
    if made["provisional"]:
        return _("Starts %(date)s (day 0), the day of receipt; the letter is of %(letter)s") % {
            "date": start,
            "letter": _date(made["provisional"]),
        }
    clock = clock_of(rule["code"])
    if clock is not None and clock.receipt_by is not None:
        return _("Starts %(date)s (day 0), the letter's date, until its receipt is confirmed") % {"date": start}
    return _("Starts %(date)s (day 0): %(from)s") % {"date": start, "from": rule["starts_from"]}


def _length(rule: dict[str, Any], language: str) -> str:
    return _("%(name)s: %(days)d, counted in %(unit)s") % {
        "name": rule["name_en"] if language == "en" else rule["name"],
        "days": rule["days"],
        "unit": Unit(rule["unit"]).label.lower(),
    }


def _paused(pause: dict[str, Any]) -> str:
    if pause["to"] is None:
        return _("Paused since %(start)s") % {"start": _date(pause["from"])}
    return _("Paused from %(start)s until %(end)s") % {"start": _date(pause["from"]), "end": _date(pause["to"])}


def _days_off(made: dict[str, Any]) -> str:
    estimates = made.get("estimates", [])
    names = [
        (_("%(date)s (%(name)s, estimate)") if on in estimates else _("%(date)s (%(name)s)"))
        % {"date": _date(on), "name": name}
        for on, kind, _number, name in made["days"]
        if kind == OFF and name
    ]
    if made["rule"]["unit"] != WORKING:
        return ""
    if not names:
        return _("Left out: Saturdays and Sundays")
    return _("Left out: %(days)s, Saturdays and Sundays") % {"days": ", ".join(names)}


# ---------------------------------------------------------------------- what the desk may do


@dataclass(slots=True)
class Act:
    """One act on the running deadline offered to the acting desk, with its form (as posted when it came back)."""

    act: ClockAct
    form: forms.Form


def acts(case: Case, officer: Officer, deadline: Deadline | None, on: dt.date) -> list[Act]:
    """What ``officer`` may do to the running deadline now; the service checks all of it again under the lock."""
    if deadline is None or not deadline.computation:
        return []
    return [
        Act(CLOCK_ACT[name], CLOCK_FORMS[name](auto_id=f"{name}_%s"))
        for name, offered in (
            ("acknowledge_receipt", _may_acknowledge),
            ("extend_deadline", _may_extend),
            ("pause_deadline", _may_pause),
            ("resume_deadline", _may_resume),
        )
        if offered(case, officer, deadline, on)
    ]


def _may_acknowledge(case: Case, officer: Officer, deadline: Deadline, on: dt.date) -> bool:
    clock = clock_of(deadline.rule.code)
    return clock is not None and clock.receipt_by == officer.desk and deadline.received_on is None


def _may_extend(case: Case, officer: Officer, deadline: Deadline, on: dt.date) -> bool:
    clock, made = clock_of(deadline.rule.code), deadline.computation
    if clock is None or clock.extend_by != officer.desk or deadline.due_on < on:
        return False
    return bool(made["rule"]["extension_days"]) and not made["extension"]


def _holds(case: Case, officer: Officer, deadline: Deadline) -> bool:
    return deadline.rule.pausable and officer.desk.kind in holding_kinds(case.state)


def _may_pause(case: Case, officer: Officer, deadline: Deadline, on: dt.date) -> bool:
    return _holds(case, officer, deadline) and deadline.paused_on is None and deadline.due_on >= on


def _may_resume(case: Case, officer: Officer, deadline: Deadline, on: dt.date) -> bool:
    if deadline.paused_on is None or not _holds(case, officer, deadline):
        return False
    return deadline.pauses.filter(to_on__isnull=True, manual=True).exists()
