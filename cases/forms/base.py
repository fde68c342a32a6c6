"""What all step forms share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.models import Employee
from cases.nip import parse
from cases.services.situation import CaseSituation


class StepForm(forms.Form):
    """The answers a step needs. Built with the case's situation; ``cleaned_data`` goes to ``services.move`` as it is.

    ``seen`` travels outside the form. A form checks shape (dates, choices, lengths); law is the guards'.
    """

    def __init__(self, *args: Any, situation: CaseSituation, **kwargs: Any) -> None:
        self.situation = situation
        self.case = situation.case
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Narrow choices and set initial values from the situation."""

    def unknown_answers(self, answers: Mapping[str, Any]) -> list[str]:
        """Names in ``answers`` that this form does not have (scenario files)."""
        return sorted(set(answers) - set(self.fields))


def text(
    label: Any, *, help_text: Any = "", rows: int = 5, required: bool = True, most: int = 20_000
) -> forms.CharField:
    """A multi-line text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def line(label: Any, *, help_text: Any = "", required: bool = True, most: int = 200) -> forms.CharField:
    """A single line."""
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=most)


def date(label: Any, *, help_text: Any = "", required: bool = True) -> forms.DateField:
    """A date, with the browser's own picker."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
    )


def time(label: Any, *, initial: dt.time = dt.time(9, 0)) -> forms.TimeField:
    """A time of day, 24 hours."""
    return forms.TimeField(label=label, initial=initial, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def choose(label: Any, choices: Iterable[tuple[Any, Any]], *, help_text: Any = "") -> forms.ChoiceField:
    """One of several answers that carry weight: nothing is chosen beforehand, so that nobody signs a default."""
    return forms.ChoiceField(label=label, help_text=help_text, choices=[("", "—"), *choices])


def yes_no(label: Any, *, help_text: Any = "") -> forms.TypedChoiceField:
    """A question that must be answered, so two choices rather than a box."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value in (True, "yes", "True"),
    )


class OneOfField(forms.TypedChoiceField):
    """One of a few rows that have been read anyway, by their code. Asks no database; nothing chosen is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def offer(self, rows: Iterable[Any], *, first: bool = False) -> None:
        """Give the rows to choose from; with ``first`` the first is offered, else nothing is chosen beforehand."""
        by_code = {row.code: row for row in rows}
        self.choices = [*([] if first else [("", "—")]), *((code, str(row)) for code, row in by_code.items())]
        self.coerce = by_code.__getitem__
        self.initial = next(iter(by_code), None) if first else None


class EmployeeField(forms.CharField):
    """An employee of the registry, by NIP typed with or without spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> Employee | None:
        """The registry row. Raises ValidationError when the number is malformed or unknown."""
        typed = super().clean(value)
        if not typed:
            return None
        nip = parse(typed).digits
        employee = Employee.objects.select_related("employer").filter(nip=nip, is_active=True).first()
        if employee is None:
            raise ValidationError(_("No active employee with this NIP is in the registry."))
        return employee
