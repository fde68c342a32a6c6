"""What is asked before the reporter is seen, and when somebody stands aside."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import text


class WhyIdentityForm(forms.Form):
    """Why the reporter must be seen; another person decides by it."""

    reason = text(_("Why do you need to see the reporter?"), rows=3, most=1000)


class ConflictForm(forms.Form):
    """Why somebody cannot work on a case."""

    reason = text(_("What connects you with this case?"), rows=3, most=1000)
