"""Forms of the exchange pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Election

FORMATS = [("xlsx", _("XLSX (spreadsheet)")), ("csv", "CSV")]
WHICH = [("", _("All cases I may see")), ("open", _("Open cases")), ("closed", _("Closed cases"))]


class UploadForm(forms.Form):
    """The registry file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV in UTF-8, at most 5 MB and 20,000 rows. Nothing is written yet."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ExportForm(forms.Form):
    """Which cases, in which format."""

    which = forms.ChoiceField(label=_("Cases"), choices=WHICH, required=False)
    election = forms.ModelChoiceField(
        label=_("Election"), queryset=Election.objects.all(), to_field_name="code", required=False,
        empty_label=_("All elections"),
    )  # fmt: skip
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, initial="xlsx")
