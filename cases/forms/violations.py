"""The picker of a row of the joint decree: plain words, and which of two paired rows the date of the act asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.catalogue.choices import Phase
from cases.catalogue.fit import fit
from cases.formats import long_date
from cases.models import Election, ViolationType


class ViolationPicker(forms.Widget):
    """Radio buttons: rows that fit the date first, the others after them with the reason and their pair."""

    template_name = "django/forms/widgets/violations.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows: Sequence[ViolationType] = ()
        self.election: Election | None = None
        self.act_on: dt.date | None = None

    def words(self, code: str) -> str:
        """The row in plain words."""
        plain = "plain_en" if get_language() == "en" else "plain"
        return next((f"{row.code}, {getattr(row, plain)}" for row in self.rows if row.code == code), code)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first button, so that the error summary leads somewhere."""
        return f"{id_}_{self.rows[0].code}" if id_ and self.rows else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Two groups of choices with their explanations, and one sentence on the date."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "sentence": self._sentence(),
            "groups": self._groups(str(value or "")),
            "none": not value,
            "optional": not self.is_required,
        }
        return context

    def _sentence(self) -> str:
        if self.election is None or self.act_on is None:
            return _("Choose the election and the date of the act: they say which of the two lists fits.")
        values = {
            "act": long_date(self.act_on), "election": self.election.name,
            "determined": long_date(self.election.candidates_determined_on),
        }  # fmt: skip
        if self.act_on < self.election.candidates_determined_on:
            return _(
                "On %(act)s the candidates of %(election)s had not been determined yet (%(determined)s): the rows of "
                "list A, ethics, fit, and those that hold at any time."
            ) % values  # fmt: skip
        return _(
            "On %(act)s the candidates of %(election)s had been determined (%(determined)s): the rows of list B, "
            "discipline, fit, and those that hold at any time."
        ) % values  # fmt: skip

    def _groups(self, value: str) -> list[dict[str, Any]]:
        plain = "plain_en" if get_language() == "en" else "plain"
        fitting: list[dict[str, Any]] = []
        others: list[dict[str, Any]] = []
        for row in self.rows:
            against = None
            if self.election is not None and self.act_on is not None:
                against = next(iter(fit(row, self.election, self.act_on, "")), None)
            choice = {
                "code": row.code, "plain": getattr(row, plain), "chosen": row.code == value,
                "pair": self._pair(row),
            }  # fmt: skip
            (others if against else fitting).append(choice)
        groups = [{"title": _("Fits the date of the act"), "choices": fitting, "open": True},
                  {"title": _("Does not fit the date of the act"), "choices": others,
                   "open": any(choice["chosen"] for choice in others)}]  # fmt: skip
        return [group for group in groups if group["choices"]]

    @staticmethod
    def _pair(row: ViolationType) -> str:
        if not row.pair_codes:
            return ""
        codes = ", ".join(row.pair_codes)
        if row.phase == Phase.BEFORE:
            return _("From the determination of candidates on the same act is %(codes)s.") % {"codes": codes}
        return _("Before the determination of candidates the same act is %(codes)s.") % {"codes": codes}


class ViolationField(forms.CharField):
    """The code of a row of the joint decree, from those in force on the day of the act."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4, widget=ViolationPicker(), **kwargs)
        self.codes: frozenset[str] = frozenset()

    def offer(self, *, election: Election | None, act_on: dt.date | None, on: dt.date) -> None:
        """Offer the rows in force on the day of the act, as long as it is not known on ``on``."""
        rows = list(ViolationType.objects.in_force(act_on or on).order_by("list", "order"))
        self.codes = frozenset(row.code for row in rows)
        picker: Any = self.widget
        picker.rows, picker.election, picker.act_on = rows, election, act_on

    def clean(self, value: Any) -> str:
        """The code or an empty string. Raises ValidationError for a row not in force that day."""
        code = str(super().clean(value))
        if code and code not in self.codes:
            raise ValidationError(_("This row was not in force on the day of the act; choose another."))
        return code
