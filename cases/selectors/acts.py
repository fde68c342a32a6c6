"""Acts and values of the history in words: no code, no date as the machine writes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution, Officer, User
from cases.formats import day_and_time, long_date
from cases.models import Case, Event
from cases.workflow import CLOCK_ACTS, LETTER_ACTS, SEALED_ACTS, all_steps

#: Acts that stand in no other table. ``tests/audit/acts.yaml`` holds them against what is really written.
LABELS: dict[str, Any] = {
    "note": gettext_lazy("Internal note written"),
    "evidence": gettext_lazy("Evidence added"),
    "letter_made": gettext_lazy("Letter made"),
    "assign": gettext_lazy("Case given to an officer"),
    "unassign": gettext_lazy("Case given back to the desk"),
    "disposal_asked": gettext_lazy("Destruction of the contents asked for"),
    "disposal_refused": gettext_lazy("Destruction of the contents refused"),
    "disposed": gettext_lazy("Contents destroyed at the end of their retention"),
    "letter_read": gettext_lazy("Letter read"),
    "evidence_read": gettext_lazy("Evidence read"),
    "original_read": gettext_lazy("Original of evidence read"),
    "identity_read": gettext_lazy("Reporter's identity read"),
    "case_viewed": gettext_lazy("Case looked at"),
    "check_asked": gettext_lazy("Check of the whole history asked for"),
    "bundle_asked": gettext_lazy("Bundle of a case asked for"),
    "bundle_taken": gettext_lazy("Bundle of a case taken out"),
    "history": gettext_lazy("History of a case exported"),
    "heads": gettext_lazy("Signed heads taken out"),
    "cases": gettext_lazy("List of cases exported"),
    "employees_added": gettext_lazy("Employees added to the registry"),
    "employees_changed": gettext_lazy("Employees changed in the registry"),
    "reference_loaded": gettext_lazy("Shipped reference data loaded"),
    "added": gettext_lazy("Day off added"),
    "changed": gettext_lazy("Day off changed"),
    "removed": gettext_lazy("Day off removed"),
    "signed_in": gettext_lazy("Signed in"),
    "signed_out": gettext_lazy("Signed out"),
    "sign_in_failed": gettext_lazy("Signing in failed"),
}
#: Models whose columns stand before and after in events that are about no case.
TOLD_MODELS: tuple[type[models.Model], ...] = (Officer, User, Institution)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")


def labels() -> dict[str, str]:
    """Every known act by its name, in the active language."""
    tables = (all_steps(), CLOCK_ACTS, LETTER_ACTS, SEALED_ACTS)
    found = {act.name: _(act.label) for table in tables for act in table}
    return found | {name: str(label) for name, label in LABELS.items()}


def act_of(event: Event, known: dict[str, str] | None = None) -> str:
    """What was done, in words; of an act without words of its own its kind and what it was done to."""
    label = (labels() if known is None else known).get(event.name)
    if label:
        return label
    with_model = _model(event.name)
    return f"{event.get_kind_display()}: {with_model._meta.verbose_name}" if with_model else event.get_kind_display()


def _model(name: str) -> type[models.Model] | None:
    """The model an account or reference event is about: its name without underscores, lower case."""
    wanted = name.partition("_")[0] if name.partition("_")[0] in ("user", "officer", "institution") else name
    for config in ("accounts", "cases"):
        for model in apps.get_app_config(config).get_models():
            if model._meta.model_name == wanted.replace("_", ""):
                return model
    return None


def field_of(name: str, event: Event) -> Any:
    """The column ``name`` of whatever the event is about; None for what is no column."""
    about = [Case] if event.case_id else [model for model in (_model(event.name), *TOLD_MODELS, Case) if model]
    for model in about:
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return None


#: Names that are no column anywhere.
NAMES: dict[str, Any] = {"handler": gettext_lazy("handled by"), "snapshot": gettext_lazy("employee as registered")}


def name_of(name: str, event: Event) -> str:
    """A column as forms and lists call it."""
    if name in NAMES:
        return str(NAMES[name])
    field = field_of(name, event)
    return str(getattr(field, "verbose_name", "") or name.replace("_", " "))


def value_of(value: Any, field: Any = None, zone: str = "UTC") -> str:
    """A stored value in words: the label of a choice, a date as people write it, yes or no."""
    if value in (None, "", {}, []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        if set(value) == {"key", "label"}:
            return str(value["label"])
        return ", ".join(_pairs(value, zone))
    if isinstance(value, list):
        return ", ".join(value_of(item, field, zone) for item in value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    return _date(str(value), zone)


def _date(text: str, zone: str) -> str:
    if ISO_DAY.fullmatch(text):
        return long_date(dt.date.fromisoformat(text))
    if ISO_MOMENT.fullmatch(text):
        at = dt.datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        return day_and_time(at, zone)
    return text


def _pairs(value: dict[str, Any], zone: str) -> Iterator[str]:
    """The parts of a frozen row, by their columns' names where an employee has such a column."""
    employee = apps.get_model("cases", "Employee")
    for key, item in value.items():
        if item in (None, "", [], {}):
            continue
        try:
            field: Any = employee._meta.get_field(key)
            name = str(field.verbose_name)
        except FieldDoesNotExist:
            field, name = None, key.replace("_", " ")
        yield f"{name}: {value_of(item, field, zone)}"
