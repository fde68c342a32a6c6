"""A day off, and the decree it rests on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from cases.catalogue.choices import HolidayKind
from cases.forms.base import date, line

DECREE_HELP = _("For example: SK Wali Kota Blitar Nomor 12 Tahun 2024, 3 Oktober 2024.")


class DayOffForm(forms.Form):
    """A day that becomes a day off."""

    date = date(_("Date"))
    name = line(_("Name of the day"), most=150)
    kind = forms.ChoiceField(label=_("Kind"), choices=HolidayKind.choices, initial=HolidayKind.LOCAL)
    region = forms.ChoiceField(label=_("Where"), required=False)
    decree = line(_("Decree: number and date"), most=200, help_text=DECREE_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Institution.objects.exclude(region="").order_by("region", "kind").values_list("region", "short_name")
        places: dict[str, list[str]] = {}
        for region, name in rows:
            places.setdefault(region, []).append(name)
        choices = [(region, f"{region} · {', '.join(names)}"[:120]) for region, names in places.items()]
        self.fields["region"].choices = [("", _("The whole nation")), *choices]  # type: ignore[attr-defined]


class WorkingDayForm(forms.Form):
    """A day off that becomes a working day after all."""

    holiday = forms.IntegerField(widget=forms.HiddenInput)
    decree = line(_("Decree: number and date"), most=200, help_text=DECREE_HELP)
