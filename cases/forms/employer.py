"""Forms of the employing authority's steps (BKPSDM)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import choices
from cases.forms.base import OneOfField, StepForm, choose, date, line, text, time, yes_no
from cases.forms.rows import RowsField
from cases.models import Appeal, Examiner, SanctionType
from cases.nip import validate_nip
from cases.services.readings import last_answers


def examiner_columns() -> dict[str, forms.Field]:
    """Columns of the list of examiners."""
    return {
        "part": forms.ChoiceField(label=_("Part"), choices=[("", "—"), *Examiner.Part.choices]),
        "name": forms.CharField(label=_("Name"), max_length=150),
        "nip": forms.CharField(label="NIP", max_length=18, required=False, validators=[validate_nip]),
        "position": forms.CharField(label=_("Position"), max_length=150),
        "rank": forms.CharField(label=_("Rank (golongan)"), max_length=8, required=False),
    }


class ExaminationOrderForm(StepForm):
    """Who examines."""

    examined_by = choose(_("Examined by"), choices.EXAMINED_BY)
    examiners = RowsField(examiner_columns(), label=_("Examiners"), spare=5)
    order_note = text(_("Remarks in the order"), required=False, rows=2)


class SummonForm(StepForm):
    """When and before whom."""

    scheduled_on = date(_("Date"), help_text=_("Usually at least 7 working days ahead."))
    scheduled_at = time(_("Time"))
    place = line(_("Place"))
    report_to = line(_("To report to"), most=150)
    report_to_position = line(_("Position"), most=150, required=False)

    def prepare(self) -> None:
        """The chair, or the only examiner."""
        if self.situation.examiners:
            first = self.situation.examiners[0]
            self.fields["report_to"].initial = first.name
            self.fields["report_to_position"].initial = first.position


def question_columns() -> dict[str, forms.Field]:
    """Columns of the examination."""
    return {
        "question": forms.CharField(label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})),
        "answer": forms.CharField(label=_("Answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 2})),
    }


class ExaminationForm(StepForm):
    """Questions and answers (BAP)."""

    held_on = date(_("Held on"))
    place = line(_("Place"))
    questions = RowsField(question_columns(), label=_("Questions and answers"), spare=6)
    signed = yes_no(_("Signed by the examined employee"), help_text=_("A refusal is recorded and does not block."))

    def prepare(self) -> None:
        """Today is the usual day."""
        self.fields["held_on"].initial = self.situation.on

    def clean_held_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["held_on"] > self.situation.on:
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["held_on"]


class ExaminationReportForm(StepForm):
    """The report (LHP)."""

    findings = text(_("Findings"), rows=6)
    aggravating = text(_("Aggravating factors"), required=False, rows=3)
    mitigating = text(_("Mitigating factors"), required=False, rows=3)
    impact = choose(_("Impact"), choices.IMPACTS)
    proven = yes_no(_("Proven"))
    article = line(_("Article violated"), required=False)
    proposed_sanction = OneOfField(label=_("Proposed sanction"), required=False)

    def prepare(self) -> None:
        """Sanctions open to this employee."""
        field: Any = self.fields["proposed_sanction"]
        field.offer(open_sanctions(self))
        if self.case.violation is not None:
            self.fields["article"].initial = self.case.violation.prohibition_basis

    def clean(self) -> dict[str, Any]:
        """A proven violation names its article."""
        cleaned = super().clean() or {}
        if cleaned.get("proven") and not cleaned.get("article"):
            self.add_error("article", _("Name the article violated."))
        return cleaned


def open_sanctions(form: StepForm) -> list[SanctionType]:
    """Sanctions in force for the day of the act and open to the employment type, lightest first."""
    rows = (row for row in form.situation.sanctions_open() if form.case.employment in row.open_to)
    return sorted(rows, key=lambda row: row.severity_rank)


class DecisionForm(StepForm):
    """The sanction."""

    sanction = OneOfField(label=_("Sanction"))
    article = line(_("Article violated"))
    proven_act = text(_("Act proven"), help_text=_("Printed in the decree after “berupa”."))
    level_reason = text(_("Reason for another level than recommended"), required=False, rows=3)
    new_position = line(
        _("New position or class"),
        required=False,
        help_text=_("Only for sanctions on the post; printed in the decree."),
    )
    approval_number = line(_("Number of the minister's approval"), required=False, most=80)
    approval_on = date(_("Date of the minister's approval"), required=False)
    satgas_number = line(_("Number of the task force's decision"), required=False, most=80)
    satgas_on = date(_("Date of the task force's decision"), required=False)

    def prepare(self) -> None:
        """Sanctions open to this employee; what the report proposed."""
        field: Any = self.fields["sanction"]
        field.offer(open_sanctions(self))
        proposed = last_answers(self.case, "report_examination")
        if proposed.get("proposed_sanction"):
            field.initial = proposed["proposed_sanction"]["key"]
        self.fields["article"].initial = proposed.get("article") or (
            self.case.violation.prohibition_basis if self.case.violation else ""
        )
        self.fields["proven_act"].initial = self.case.report.incident


class ReplacementForm(DecisionForm):
    """A new decree in place of one revoked."""

    reason = text(_("Why the decree is revoked"), rows=3)
    field_order = ("reason", "sanction")


class DeliveryForm(StepForm):
    """The hand-over."""

    received_on = date(_("Received on"))
    manner = forms.ChoiceField(label=_("How"), choices=choices.MANNERS)
    received_by = line(_("Received by"), most=150)
    place = line(_("Place"), required=False)

    def prepare(self) -> None:
        """Usually today, by the employee."""
        self.fields["received_on"].initial = self.situation.on
        self.fields["received_by"].initial = self.case.subject_name


class AppealForm(StepForm):
    """An objection or appeal that came in."""

    kind = choose(_("Kind"), Appeal.Kind.choices)
    filed_on = date(_("Filed on"))
    grounds = text(_("Grounds"))


class AnnulmentForm(StepForm):
    """A ruling that annuls."""

    ruling_number = line(_("Number of the ruling"), most=80)
    ruling_on = date(_("Date of the ruling"))
    considerations = text(_("Considerations of the ruling"))

    def clean_ruling_on(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["ruling_on"] > self.situation.on:
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["ruling_on"]


class RulingForm(AnnulmentForm):
    """A ruling after which a sanction holds."""

    ruling = choose(_("Ruling"), [c for c in Appeal.Ruling.choices if c[0] != "ANNULLED"])
    sanction = OneOfField(
        label=_("Sanction that holds"), required=False, help_text=_("Leave empty when the decree is upheld.")
    )
    field_order = ("ruling", "sanction", "ruling_number", "ruling_on", "considerations")

    def prepare(self) -> None:
        """Sanctions open to this employee."""
        field: Any = self.fields["sanction"]
        field.offer(open_sanctions(self))


class ClosingForm(StepForm):
    """The entry in the national discipline record."""

    record_system = forms.ChoiceField(label=_("System"), choices=choices.RECORD_SYSTEMS)
    record_number = line(_("Number of the entry"), most=80)
    recorded_on = date(_("Date of the entry"))

    def prepare(self) -> None:
        """Usually today."""
        self.fields["recorded_on"].initial = self.situation.on
