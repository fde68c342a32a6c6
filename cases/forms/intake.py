"""The form of a new report or finding, after the supervisor's forms B.1 (report) and A.1 (finding)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms.base import OneOfField, date, line, text
from cases.forms.files import file_field
from cases.forms.rows import RowsField
from cases.forms.violations import ViolationField
from cases.models import Election, Report
from cases.nip import parse
from cases.services.drafts import MOST_FILES
from cases.services.errors import Refused
from cases.services.evidence import check_file
from cases.services.intake import check_dates

REPORTER = "reporter_"
#: The pages of a new report in order, with the fields each asks for. The last one reads everything back.
PARTS: dict[str, tuple[str, ...]] = {
    "incident": ("election", "incident", "place", "occurred_on", "known_on", "chronology", "link", "suspected"),
    "reported": ("reported",),
    "reporter": (
        "origin", "channel", "received_on", "reporter_name", "reporter_address", "reporter_phone", "reporter_email",
        "reporter_birth", "reporter_sex", "reporter_occupation", "reporter_citizenship",
    ),
    "evidence": ("witnesses", "evidence"),
    "check": (),
}  # fmt: skip
#: Never kept in a draft's text: files are kept as files.
NOT_TYPED = frozenset({"evidence"})


class NipField(forms.CharField):
    """A NIP typed with or without spaces; cleaned to its digits. May be unknown: a reporter seldom knows it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        """The eighteen digits, or an empty string. Raises ValidationError for a malformed number."""
        typed = super().clean(value)
        return parse(typed).digits if typed else ""


def reported_columns() -> dict[str, forms.Field]:
    """Columns of the employees reported."""
    return {
        "name": forms.CharField(label=_("Name"), max_length=150),
        "nip": NipField(label="NIP"),
        "position": forms.CharField(label=_("Position"), max_length=150, required=False),
        "unit": forms.CharField(label=_("Work unit"), max_length=150, required=False),
    }


def witness_columns() -> dict[str, forms.Field]:
    """Columns of the witnesses."""
    return {
        "name": forms.CharField(label=_("Name"), max_length=150),
        "address": forms.CharField(label=_("Address"), max_length=300, required=False),
        "phone": forms.CharField(label=_("Telephone"), max_length=40, required=False),
    }


def evidence_columns() -> dict[str, forms.Field]:
    """Columns of the evidence handed in."""
    return {"title": forms.CharField(label=_("What it shows"), max_length=200), "file": file_field()}


class IntakeForm(forms.Form):
    """Everything of a new report. ``arguments`` are those of ``services.intake.take_in`` but the actor.

    With ``part`` it asks for one page's answers only.
    """

    origin = forms.ChoiceField(label=_("Origin"), choices=Report.Origin.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How it came in"), choices=Report.Channel.choices)
    received_on = date(_("Received on"))
    election = OneOfField(label=_("Election"))

    incident = line(_("Incident in one line"), most=300)
    place = line(_("Place of the incident"), most=300, help_text=_("A building, an address or an account."))
    occurred_on = date(_("Date of the act"))
    known_on = date(_("Became known on"), help_text=_("The limit for filing runs from this day."))
    chronology = text(_("Chronology"), rows=7)
    link = forms.URLField(label=_("Link to the post"), required=False, max_length=500, assume_scheme="https")

    suspected = ViolationField(
        label=_("Which violation it looks like"),
        required=False,
        help_text=_("A first impression; registration decides. The date of the act says which list fits."),
    )

    reported = RowsField(
        reported_columns(),
        label=_("Employees reported"),
        help_text=_("One case is opened for each. Without a NIP the employee is identified at registration."),
        spare=2,
        most=30,
    )

    reporter_name = line(_("Name"), required=False, most=150)
    reporter_birth = line(_("Place and date of birth"), required=False, most=120)
    reporter_sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", "—"), ("L", _("Male")), ("P", _("Female"))]
    )
    reporter_occupation = line(_("Occupation"), required=False, most=120)
    reporter_citizenship = line(_("Citizenship"), required=False, most=60)
    reporter_address = line(_("Address"), required=False, most=300)
    reporter_phone = line(_("Telephone"), required=False, most=40)
    reporter_email = forms.EmailField(label=_("E-mail"), required=False)

    witnesses = RowsField(witness_columns(), label=_("Witnesses"), required=False, spare=2)
    evidence = RowsField(
        evidence_columns(),
        label=_("Evidence"),
        help_text=_("Pictures, PDF, MP4, MP3 or WAV, at most 20 MB each."),
        required=False,
        spare=2,
        most=MOST_FILES,
    )

    def __init__(self, *args: Any, on: dt.date, part: str = "", **kwargs: Any) -> None:
        self.on, self.part = on, part
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if part and name not in PARTS[part]]:
            del self.fields[name]
        if "election" in self.fields:
            field: Any = self.fields["election"]
            field.offer(Election.objects.all())
        if "suspected" in self.fields:
            picker: Any = self.fields["suspected"]
            picker.offer(election=self.read("election"), act_on=self.read("occurred_on"), on=on)
        if "received_on" in self.fields:
            self.fields["received_on"].initial = on
            self.fields["reporter_citizenship"].initial = "WNI"

    def read(self, name: str) -> Any:
        """One answer as far as it can be read, bound or not; None when it cannot."""
        field = self.fields[name]
        try:
            return field.clean(self.typed()[name] if self.is_bound else self.get_initial_for_field(field, name))
        except ValidationError:
            return None

    def typed(self) -> dict[str, Any]:
        """Every answer as typed, readable or not, as a draft keeps it."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
            if name not in NOT_TYPED
        }

    def clean_evidence(self) -> list[dict[str, Any]]:
        """Each file measured, opened and hashed. Raises ValidationError naming the row."""
        rows = self.cleaned_data["evidence"]
        for number, row in enumerate(rows, start=1):
            try:
                row["checked"] = check_file(row["file"])
            except Refused as refusal:
                raise ValidationError(
                    _("Row %(row)d, %(label)s: %(error)s"),
                    params={"row": number, "label": row["title"], "error": refusal.sentence},
                ) from refusal
        return list(rows)

    def clean(self) -> dict[str, Any]:
        """A report says who reports and where they can be reached."""
        cleaned = super().clean() or {}
        try:
            check_dates(cleaned.get("occurred_on"), cleaned.get("known_on"), cleaned.get("received_on"), self.on)
        except Refused as refusal:
            self.add_error(refusal.field, refusal.sentence)
        if cleaned.get("origin") == Report.Origin.REPORT:
            for name in ("reporter_name", "reporter_address"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A report needs its reporter."))
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """The cleaned answers as ``take_in`` takes them; evidence comes from the draft."""
        cleaned = self.cleaned_data
        reporter = {
            name.removeprefix(REPORTER): value
            for name, value in cleaned.items()
            if name.startswith(REPORTER) and value
        }  # fmt: skip
        is_report = cleaned["origin"] == Report.Origin.REPORT
        plain = ("origin", "channel", "received_on", "election", "incident", "place", "occurred_on", "known_on",
                 "chronology", "link", "suspected", "reported", "witnesses")  # fmt: skip
        return {
            **{name: cleaned[name] for name in plain},
            "reporter": reporter if is_report else None,
        }
