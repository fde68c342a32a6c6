"""The history in sentences, by day, with letters and files where they happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.formats import clock_time, long_date, on_the_wall
from cases.forms import STEP_FORMS
from cases.forms.rows import RowsField
from cases.letters.kinds import KINDS
from cases.models import Case, Event, Evidence, Letter
from cases.workflow import CLOCK_ACT, LETTER_ACT, SEALED_ACT, step_or_intake

#: Sentences for what is not a step.
OTHER_SENTENCES = {
    Event.Kind.NOTE: gettext_noop("%(actor)s wrote an internal note."),
    Event.Kind.UPLOAD: gettext_noop("%(actor)s added evidence."),
    Event.Kind.LETTER: gettext_noop("The letter %(number)s was made."),
}
OTHER_ICONS = {Event.Kind.NOTE: "note", Event.Kind.UPLOAD: "paperclip", Event.Kind.LETTER: "file-certificate"}
#: For kinds that have no words of their own here.
PLAIN_SENTENCE, PLAIN_ICON = gettext_noop("%(actor)s made an entry."), "history"
DUTY_SENTENCES = {
    "assign": gettext_noop("%(actor)s gave the case to %(handler)s."),
    "unassign": gettext_noop("%(actor)s gave the case back to the whole desk."),
    "succeed": gettext_noop("%(actor)s handed the case to the successor %(successor)s."),
}


#: What the timeline can be narrowed to: the address's word, its name, the kinds of events.
SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "steps": (gettext_noop("Steps"), (Event.Kind.STEP,)),
    "deadlines": (gettext_noop("Deadlines"), (Event.Kind.DEADLINE,)),
    "letters": (gettext_noop("Letters"), (Event.Kind.LETTER,)),
    "evidence": (gettext_noop("Evidence"), (Event.Kind.UPLOAD,)),
    "notes": (gettext_noop("Notes"), (Event.Kind.NOTE,)),
}


def narrowed(events: Sequence[Event], *, show: str, by: str) -> list[Event]:
    """Events of the kinds ``show`` names, by the institution named ``by``; empty or unknown words narrow nothing."""
    kinds = SHOWN[show][1] if show in SHOWN else None
    known = {event.institution_name for event in events}
    return [
        event
        for event in events
        if (kinds is None or event.kind in kinds) and (by not in known or event.institution_name == by)
    ]


def narrowing(events: Sequence[Event], *, show: str, by: str) -> dict[str, list[dict[str, Any]]]:
    """The choices of both: only what occurs among ``events``."""
    kinds = {event.kind for event in events}
    houses = sorted({event.institution_name for event in events if event.institution_name})
    return {
        "kinds": [
            {"value": name, "label": _(label), "chosen": name == show}
            for name, (label, of) in SHOWN.items()
            if kinds & set(of)
        ],
        "houses": [{"value": name, "label": name, "chosen": name == by} for name in houses],
    }


def _words(event: Event) -> tuple[str, str]:
    """Sentence (untranslated) and icon of an event."""
    kind = Event.Kind(event.kind)
    if kind == Event.Kind.STEP:
        step = step_or_intake(event.name)
        return step.done, step.icon
    if kind == Event.Kind.DEADLINE and event.name in CLOCK_ACT:
        return CLOCK_ACT[event.name].done, CLOCK_ACT[event.name].icon
    if kind == Event.Kind.LETTER and event.name in LETTER_ACT:
        return LETTER_ACT[event.name].done, LETTER_ACT[event.name].icon
    if kind == Event.Kind.SEALED and event.name in SEALED_ACT:
        return SEALED_ACT[event.name].done, SEALED_ACT[event.name].icon
    if kind == Event.Kind.DUTY and event.name in DUTY_SENTENCES:
        return DUTY_SENTENCES[event.name], "user-check"
    return OTHER_SENTENCES.get(kind, PLAIN_SENTENCE), OTHER_ICONS.get(kind, PLAIN_ICON)


def sentence(event: Event, case: Case) -> SafeString:
    """What happened, with the actor's name in bold; names are as of that day."""
    template = _(_words(event)[0])
    # gettext keeps %(name)s for translators; format_html wants braces, and escapes what goes in.
    names = {
        "actor": format_html("<b>{}</b>", event.actor_name),
        "reviewer": case.reviewer.short_name if case.reviewer else _("the reviewing body"),
        "employer": case.employer.short_name if case.employer else _("the employing authority"),
        "number": str(event.data.get("number", "")),
        "asker": str(event.data.get("asker", "")),
        "successor": str(event.data.get("successor", "")),
        "handler": (event.changes.get("handler") or ["", ""])[1] or "",
    }
    for name in names:
        template = template.replace(f"%({name})s", f"{{{name}}}")
    return format_html(template, **names)


def entry(event: Event, case: Case, letters: Iterable[Letter], titles: Mapping[str, str], zone: str) -> dict[str, Any]:
    """One event for the page; ``titles`` of the evidence the reader may open, by its id."""
    is_step = event.kind == Event.Kind.STEP
    return {
        "id": f"event-{event.seq}",
        "icon": _words(event)[1],
        "step": is_step,
        "text": sentence(event, case),
        "quote": event.reason,
        "files": [*_letter_files(letters), *_evidence_files(event, titles)],
        "time": clock_time(event.at, zone),
        "moment": event.at,
        "place": event.institution_name,
        "answers": answers(event, _house_zone(event, case)) if is_step else [],
        "cautions": event.cautions,
    }


def _house_zone(event: Event, case: Case) -> str:
    """The zone of the institution that acted: the times of day it wrote down are meant there."""
    houses = (case.bawaslu, case.reviewer, case.employer)
    return next((str(row.timezone) for row in houses if row and row.pk == event.institution_id), "")


def by_day(
    events: Sequence[Event],
    case: Case,
    letters: Iterable[Letter],
    evidence: Iterable[Evidence],
    *,
    zone: str,
    on: dt.date,
) -> list[dict[str, Any]]:
    """Days, newest first, each with its entries, newest first. ``events`` are ordered oldest first."""
    titles = {str(row.pk): row.title for row in evidence}
    of_event: dict[int, list[Letter]] = {}
    for letter in letters:
        of_event.setdefault(letter.event_id, []).append(letter)
    where = ZoneInfo(zone)
    days = []
    for day, group in groupby(reversed(events), key=lambda event: event.at.astimezone(where).date()):
        label = long_date(day, weekday=True)
        if day == on:
            label = _("Today, %(date)s") % {"date": label}
        days.append(
            {
                "label": label,
                "entries": [entry(event, case, of_event.get(event.pk, ()), titles, zone) for event in group],
            }
        )
    return days


def _letter_files(letters: Iterable[Letter]) -> list[dict[str, str]]:
    return [
        {
            "icon": "file-certificate",
            "label": _(KINDS[letter.kind].label),
            "number": letter.number,
            "url": reverse("cases:letter", args=[letter.pk]),
            "note": letter.state_words,
        }
        for letter in letters
    ]


def _evidence_files(event: Event, titles: Mapping[str, str]) -> list[dict[str, str]]:
    facts = event.data.get("evidence")
    files = [event.data] if isinstance(facts, str) else facts if isinstance(facts, list) else []
    return [
        {
            "icon": "paperclip",
            "label": titles.get(file["evidence"]) or _("A file that was destroyed"),
            "url": reverse("cases:evidence", args=[file["evidence"]]) if titles.get(file["evidence"]) else "",
        }
        for file in files
        # What was destroyed is told by ids alone; what is closed to this officer is not listed either.
        if isinstance(file, dict) and file["evidence"] in titles
    ]


def answers(event: Event, zone: str) -> list[tuple[str, str]]:
    """The step's answers as (label, text), in the form's order; the reason is quoted elsewhere, empty ones left out."""
    form = STEP_FORMS.get(step_or_intake(event.name).form)
    if form is None:
        return []
    found = []
    for name, field in form.base_fields.items():
        value = event.data.get(name)
        if name != "reason" and value not in (None, "", [], {}):
            found.append((str(field.label), readable(field, value, zone)))
    return found


def readable(field: forms.Field, value: Any, zone: str = "") -> str:
    """A frozen answer as text: rows by their label, choices by their words, tables a line a row, dates long.

    ``zone`` is the one its times of day were written down in.
    """
    if isinstance(value, dict):
        return str(value.get("label", ""))
    if isinstance(field, RowsField) and isinstance(value, list):
        return "\n".join(
            " · ".join(
                readable(field.columns[column], cell, zone)
                for column, cell in row.items()
                if cell and column in field.columns
            )
            for row in value
        )
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(str(value), value))
    if isinstance(field, forms.DateField):
        return long_date(dt.date.fromisoformat(str(value)))
    if isinstance(field, forms.TimeField):
        return on_the_wall(dt.time.fromisoformat(str(value)), zone)
    return str(value)
