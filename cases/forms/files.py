"""Small forms beside the steps: a file, a note."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import line, text

ACCEPTED_FILES = ".png,.jpg,.jpeg,.webp,.pdf,.mp4,.mp3,.wav"


def file_field() -> forms.FileField:
    """A file to upload; the picker offers what ``services.evidence`` accepts, the content decides."""
    return forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}))


class EvidenceForm(forms.Form):
    """One item of evidence for one case."""

    title = line(_("What it shows"))
    file = file_field()


class NoteForm(forms.Form):
    """An internal note; only the own institution and auditors read it."""

    text = text(_("Note"), rows=3, most=5000)
