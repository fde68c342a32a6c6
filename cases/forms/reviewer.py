"""Forms of the reviewing body's steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import OneOfField, StepForm, choose, date, line, text
from cases.models.case import FINDINGS, LEVELS
from cases.services.readings import last_answers

LEVEL_CHOICES = [("", _("Left to the employing authority")), *LEVELS]


class SupplementRequestForm(StepForm):
    """What the file lacks."""

    missing_items = text(_("What is missing"), help_text=_("One item a line; printed in the letter."))


class ReviewForm(StepForm):
    """The officer's result."""

    analysis = text(_("Analysis"), rows=8)
    finding = choose(_("Result"), FINDINGS)
    level = forms.ChoiceField(label=_("Level proposed"), choices=LEVEL_CHOICES, required=False)


class RecommendForm(StepForm):
    """The signatory's recommendation; starts from what the officer proposed."""

    finding = forms.ChoiceField(label=_("Result"), choices=FINDINGS[:2])
    level = forms.ChoiceField(label=_("Level recommended"), choices=LEVEL_CHOICES, required=False)
    legal_basis = text(_("Legal basis"), rows=3)
    considerations = text(_("Considerations"), required=False)
    employer = OneOfField(label=_("Employing authority"))
    satgas_number = line(_("Number of the task force's decision"), required=False, most=80)
    satgas_on = date(_("Date of the task force's decision"), required=False)

    def prepare(self) -> None:
        """The officer's proposal, the row's basis, and this employee's employing authority."""
        field: Any = self.fields["employer"]
        field.offer(self.situation.right_employers(), first=True)
        proposed = last_answers(self.case, "propose_review")
        self.fields["finding"].initial = proposed.get("finding")
        self.fields["level"].initial = proposed.get("level")
        if self.case.violation is not None:
            self.fields["legal_basis"].initial = self.case.violation.sanction_basis
        if self.case.violation is None or not self.case.violation.needs_satgas:
            del self.fields["satgas_number"], self.fields["satgas_on"]


class EscalateForm(StepForm):
    """What the employing authority is reminded of."""

    reason = text(_("What has not been done"))
