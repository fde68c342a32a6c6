"""The pages of a new report: how far it is, what can be said about the answers, everything read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Officer
from cases.catalogue.lookups import NoRuleError, rule_for
from cases.catalogue.models import Election
from cases.clock import today
from cases.formats import long_date
from cases.forms.intake import NOT_TYPED, PARTS, IntakeForm
from cases.forms.violations import ViolationPicker
from cases.nip import spaced
from cases.selectors.nip_reading import readings
from cases.services.drafts import Opened
from cases.workdays import due_by_rule, load_calendar

TITLES = {
    "incident": gettext_lazy("Incident"),
    "reported": gettext_lazy("Employees reported"),
    "reporter": gettext_lazy("Origin and reporter"),
    "evidence": gettext_lazy("Witnesses and evidence"),
    "check": gettext_lazy("Read back and file"),
}


def pages(draft: Opened, here: str) -> list[dict[str, Any]]:
    """The pages in order: title, number, where one is, which have all they must."""
    return [
        {
            "part": part, "number": number, "title": TITLES[part], "current": part == here,
            "done": bool(PARTS[part]) and draft.row is not None and _filled(part, draft.values),
            "url": reverse("cases:draft", args=[draft.key, part]),
        }
        for number, part in enumerate(PARTS, start=1)
    ]  # fmt: skip


def _filled(part: str, values: Mapping[str, Any]) -> bool:
    """Whether the page was saved and every answer it insists on is there."""
    fields = IntakeForm.base_fields
    needed = [name for name in PARTS[part] if fields[name].required]
    return any(name in values for name in PARTS[part]) and all(_said(values.get(name)) for name in needed)


def _said(value: Any) -> bool:
    if isinstance(value, list):
        return any(_said(cell) for row in value for cell in row.values())
    return bool(str(value or "").strip())


def _day(value: Any) -> dt.date | None:
    try:
        return IntakeForm.base_fields["occurred_on"].clean(value) if value else None
    except ValidationError:
        return None


def hints(officer: Officer, form: IntakeForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says about the answers: what the NIPs say, cases like this, until when a report may be filed."""
    found: dict[str, Any] = {"readings": [], "limit": None}
    whole = not form.part
    if "reported" in form.fields:
        act_on = _day(values.get("occurred_on"))
        found["readings"] = readings(officer, values.get("reported") or [], act_on, registry=not whole)
    if not whole and {"known_on", "received_on"} & set(form.fields):
        found["limit"] = _limit(officer, form, values)
    return found


def _limit(officer: Officer, form: IntakeForm, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The last day a report of this may be filed, counted as registration will count it."""
    known_on = _day(values.get("known_on"))
    if known_on is None:
        return None
    if "election" in form.fields:
        election = form.read("election")
    else:
        election = Election.objects.filter(code=str(values.get("election") or "")).first()
    if election is None:
        return None
    try:
        rule = rule_for("reporting_limit", election.regime, known_on)
    except NoRuleError:
        return None
    last = due_by_rule(rule, known_on, load_calendar(officer.institution.region)).due_on
    received_on = _day(values.get("received_on")) or today(officer.institution.timezone)
    return {"last": long_date(last, weekday=True), "late": received_on > last, "basis": rule.legal_basis}


def read_back(form: IntakeForm, draft: Opened, officer: Officer) -> list[dict[str, Any]]:
    """Everything typed, page by page, as it will be filed; answers that cannot be read as they stand."""
    form.is_valid()
    sections = []
    for part in list(PARTS)[:-1]:
        names = [name for name in PARTS[part] if name not in NOT_TYPED]
        facts = [(form.fields[name].label, _words(form, name, draft.values)) for name in names]
        if part == "evidence":
            facts += [(_("File"), file.title) for file in draft.files] or [(_("File"), _("No file"))]
        sections.append(
            {
                "title": TITLES[part],
                "url": reverse("cases:draft", args=[draft.key, part]),
                "facts": [(label, words) for label, words in facts if words],
                "part": part,
                "fields": [form[name] for name in PARTS[part]],
            }
        )
    return sections


def _words(form: IntakeForm, name: str, values: Mapping[str, Any]) -> str:
    """One answer in words."""
    raw = values.get(name)
    if isinstance(raw, list):
        rows = [[spaced(cell) if key == "nip" else cell for key, cell in row.items() if cell] for row in raw]
        return "\n".join(", ".join(map(str, row)) for row in rows if row)
    if not raw:
        return ""
    widget = form.fields[name].widget
    if isinstance(widget, ViolationPicker):
        return widget.words(str(raw))
    value = form.cleaned_data.get(name, raw)
    if isinstance(value, dt.date):
        return long_date(value, weekday=True)
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value) if isinstance(value, str) else value or "")
