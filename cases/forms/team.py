"""Giving cases to officers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Officer
from accounts.roles import Role
from cases.forms.base import date, line
from cases.models import Case


class _Colleagues(forms.Form):
    """Knows the officers of the acting institution."""

    def __init__(self, *args: Any, viewer: Officer, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = Officer.objects.holding(on).filter(institution=viewer.institution_id, role=Role.OFFICER)


class ReassignForm(_Colleagues):
    """Chosen cases, to one officer or to nobody."""

    cases = forms.ModelMultipleChoiceField(Case.objects.none(), to_field_name="number")
    officer = forms.ModelChoiceField(
        Officer.objects.none(), required=False, label=_("Give to"), empty_label=_("The whole desk")
    )
    reason = line(_("Reason"), most=300)

    def __init__(self, *args: Any, viewer: Officer, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, on=on, **kwargs)
        self.fields["officer"].queryset = self.colleagues  # type: ignore[attr-defined]
        self.fields["cases"].queryset = Case.objects.visible_to(viewer).open()  # type: ignore[attr-defined]


class LeftForm(_Colleagues):
    """An officer who leaves, and who takes over."""

    officer = forms.ModelChoiceField(Officer.objects.none(), label=_("Who leaves"))
    last_day = date(_("Last day"))
    successor = forms.ModelChoiceField(
        Officer.objects.none(), required=False, label=_("Who takes over"), empty_label=_("The whole desk")
    )
    reason = line(_("Reason"), most=300)

    def __init__(self, *args: Any, viewer: Officer, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, on=on, **kwargs)
        self.fields["officer"].queryset = self.colleagues  # type: ignore[attr-defined]
        self.fields["successor"].queryset = self.colleagues  # type: ignore[attr-defined]
