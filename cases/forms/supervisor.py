"""Forms of the supervisor's steps (Bawaslu)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import choices
from cases.forms.base import EmployeeField, OneOfField, StepForm, choose, date, line, text, time
from cases.forms.rows import RowsField
from cases.forms.violations import ViolationPicker
from cases.models import ViolationType
from cases.models.case import TARGETS
from cases.models.hearing import PersonRole
from cases.services.effects import REPORTER_STANDS_AS


class ConfirmForm(StepForm):
    """Nothing to fill in; pressing the button is the answer."""


class ReasonForm(StepForm):
    """A reason, printed and kept."""

    reason = text(_("Reason"))


class CompletionRequestForm(StepForm):
    """What the reporter must add."""

    missing_items = text(_("What is missing"), help_text=_("One item a line; printed in the letter."))


class CompletionForm(StepForm):
    """What the reporter added. Files are added under Evidence."""

    added = text(_("What was added"))


class DeclineForm(StepForm):
    """Why a report is not registered: a code for statistics, a text for the reporter."""

    reason_code = choose(_("Ground"), choices.DECLINE_REASONS)
    reason = text(_("Reason told to the reporter"))


class RegisterForm(StepForm):
    """Who, what, under which list."""

    employee = EmployeeField(label=_("NIP of the reported employee"))
    violation = forms.ModelChoiceField(
        label=_("Violation (SKB 2022, annex II)"), queryset=ViolationType.objects.none(), to_field_name="code",
        widget=ViolationPicker,
    )  # fmt: skip
    target_status = choose(_("Who was favoured"), TARGETS)
    violation_reason = text(
        _("Reason for a row that does not fit the date"), required=False, rows=3,
        help_text=_("Only needed when a warning says that the row does not fit."),
    )  # fmt: skip
    late_reason = text(
        _("Reason for registering a late report"), required=False, rows=3,
        help_text=_("Only needed when the limit for filing has passed."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Rows of the SKB in force, what it looked like at intake; the NIP as reported, to be confirmed."""
        report = self.case.report
        field: Any = self.fields["violation"]
        field.queryset = ViolationType.objects.in_force(report.occurred_on)
        field.initial = report.suspected
        picker = field.widget
        picker.rows = list(field.queryset.order_by("list", "order"))
        picker.election, picker.act_on = report.election, report.occurred_on
        self.fields["employee"].initial = self.case.reported_nip


def person_columns() -> dict[str, forms.Field]:
    """Columns of the list of people invited."""
    return {
        "role": forms.ChoiceField(label=_("Role"), choices=[("", "—"), *PersonRole.choices]),
        "name": forms.CharField(label=_("Name"), max_length=150, required=False),
    }


class InviteForm(StepForm):
    """Who is invited, when, where. The reporter's name is never typed: it is sealed."""

    people = RowsField(
        person_columns(), label=_("People"), help_text=_("Leave the name empty for the reporter and the employee.")
    )
    scheduled_on = date(_("Date"))
    scheduled_at = time(_("Time"))
    place = line(_("Place or link"))
    online = forms.BooleanField(label=_("Online, recorded in sound and picture"), required=False)

    def clean_people(self) -> list[dict[str, str]]:
        """Names the reporter by role and the employee by the register."""
        people = self.cleaned_data["people"]
        for person in people:
            person["name"] = person_name(self, person["role"], person["name"])
            if not person["name"]:
                raise forms.ValidationError(_("Name the person invited."))
        return people


def person_name(form: StepForm, role: str, typed: str) -> str:
    """How a person heard is named: the reporter never by name, the employee as registered."""
    fixed = {PersonRole.REPORTER: REPORTER_STANDS_AS, PersonRole.REPORTED: form.case.subject_name}
    return fixed.get(PersonRole(role), typed.strip())


class ClarificationForm(StepForm):
    """What a person said."""

    person_role = forms.ChoiceField(label=_("Role"), choices=PersonRole.choices)
    person_name = line(
        _("Name"), required=False, most=150, help_text=_("Leave empty for the reporter and the employee.")
    )
    held_on = date(_("Held on"))
    place = line(_("Place"))
    oath = choose(_("Oath"), choices.OATHS, help_text=_("A refused oath does not stop it."))
    statement = text(_("Statement"), rows=8)

    def prepare(self) -> None:
        """Today is the usual day."""
        self.fields["held_on"].initial = self.situation.on

    def clean_held_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["held_on"] > self.situation.on:
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["held_on"]

    def clean(self) -> dict[str, Any]:
        """Fill in the name by role."""
        cleaned = super().clean() or {}
        if role := cleaned.get("person_role"):
            cleaned["person_name"] = person_name(self, role, cleaned.get("person_name", ""))
            if not cleaned["person_name"]:
                self.add_error("person_name", _("Name the person heard."))
        return cleaned


class AssessmentForm(StepForm):
    """The assessment (kajian): facts, each element, conclusion, proposal."""

    facts = text(_("Facts"))
    element_subject = text(_("Element: the person is a civil servant"), rows=2)
    element_act = text(_("Element: the act"), rows=2)
    element_target = text(_("Element: whom it favoured"), rows=2)
    intent = text(_("Element: intent to give support"), rows=2, required=False)
    analysis = text(_("Analysis"))
    conclusion = text(_("Conclusion"), rows=3)
    overlaps_offence = forms.BooleanField(
        label=_("Overlaps with an election offence"), required=False, help_text=_("Handled in parallel by Gakkumdu.")
    )
    proposed_outcome = choose(_("Proposed outcome"), choices.PROPOSED_OUTCOMES)


class PlenaryForm(StepForm):
    """The plenary's record."""

    plenary_number = line(_("Number of the plenary record"), most=80)
    plenary_on = date(_("Date of the plenary"))

    def prepare(self) -> None:
        """The plenary usually meets today."""
        self.fields["plenary_on"].initial = self.situation.on

    def clean_plenary_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["plenary_on"] > self.situation.on:
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["plenary_on"]


class DismissForm(PlenaryForm):
    """Why the plenary dismisses."""

    reason = text(_("Reason told to the reporter"))
    field_order = ("plenary_number", "plenary_on", "reason")


class ForwardForm(PlenaryForm):
    """To which reviewing body. Between two bodies the officer confirms; the newer one is the default."""

    reviewer = OneOfField(label=_("Reviewing body"))
    note = text(_("Note on the choice of the reviewing body"), required=False, rows=2)
    field_order = ("plenary_number", "plenary_on", "reviewer", "note")

    def prepare(self) -> None:
        """Bodies in office on this day."""
        super().prepare()
        field: Any = self.fields["reviewer"]
        field.offer(self.situation.reviewers_in_office, first=True)


class SupplementForm(StepForm):
    """What was added for the reviewer. Files are added under Evidence."""

    added = text(_("What is supplied"))
