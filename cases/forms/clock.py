"""What is asked when a deadline is acted on without a step."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import date, line


class ReceiptForm(forms.Form):
    """The day a letter was received."""

    received_on = date(
        _("Received on"), help_text=_("The deadline counts from this day. It can be confirmed only once.")
    )


class WhyForm(forms.Form):
    """A reason, kept in the history."""

    reason = line(_("Reason"), most=300)


class NothingForm(forms.Form):
    """Nothing to ask."""


#: Act to form; the cleaned data are the service's answers.
CLOCK_FORMS: dict[str, type[forms.Form]] = {
    "acknowledge_receipt": ReceiptForm,
    "extend_deadline": WhyForm,
    "pause_deadline": WhyForm,
    "resume_deadline": NothingForm,
}
