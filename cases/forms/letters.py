"""What is asked about an issued letter: why it is withdrawn and what its successor says; who received a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.base import date, line, text
from cases.letters.copies import Recipient
from cases.letters.renewal import COPIES
from cases.models import Delivery

#: Parts of a letter that can be corrected, in words.
TEXT_LABELS: dict[str, Any] = {
    "added": _("What is added"),
    "aggravating": _("Aggravating factors"),
    "analysis": _("Analysis"),
    "conclusion": _("Conclusion"),
    "considerations": _("Considerations"),
    "facts": _("Facts"),
    "findings": _("Findings"),
    "legal_basis": _("Legal basis"),
    "missing": _("What is missing"),
    "mitigating": _("Mitigating factors"),
    "note": _("Note"),
    "reason": _("Reason stated in the letter"),
    "where": _("Place"),
    COPIES: _("Copies to, one a line"),
}
WITHDRAW, REPLACE = "withdraw", "replace"


class WithdrawForm(forms.Form):
    """Why a letter is withdrawn, and whether a corrected one takes its place. ``texts`` are its correctable parts."""

    why = text(_("Why the letter is withdrawn"), rows=3, most=2000)
    then = forms.ChoiceField(
        label=_("And then"),
        choices=[
            ("", "—"),
            (REPLACE, _("Issue a corrected letter of today, with a new number")),
            (WITHDRAW, _("Nothing takes its place")),
        ],
    )

    def __init__(self, *args: Any, texts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {name for name, value in texts.items() if not isinstance(value, str)}
        for name, value in texts.items():
            field = text(TEXT_LABELS[name], rows=3 if name in self.lists else 6, required=False)
            field.initial = "\n".join(value) if name in self.lists else value
            self.fields[name] = field
        self.names = list(texts)

    @property
    def head(self) -> list[forms.BoundField]:
        """What is always asked."""
        return [self["why"], self["then"]]

    @property
    def corrections(self) -> list[forms.BoundField]:
        """What the successor may say otherwise."""
        return [self[name] for name in self.names]

    def texts(self) -> dict[str, Any]:
        """The corrected parts, lists as lists."""
        return {
            name: _lines(self.cleaned_data[name]) if name in self.lists else self.cleaned_data[name]
            for name in self.names
        }


def _lines(typed: str) -> list[str]:
    return [line_.strip() for line_ in typed.splitlines() if line_.strip()]


class DeliveryForm(forms.Form):
    """Who received which copy, when and how."""

    place = forms.TypedChoiceField(label=_("Copy for"), coerce=int)
    delivered_on = date(_("Received on"))
    manner = forms.ChoiceField(label=_("How"), choices=[("", "—"), *Delivery.Manner.choices])
    received_by = line(_("Received by"), most=150)

    def __init__(self, *args: Any, open_to: Sequence[Recipient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(one.place), one.name) for one in open_to),
        ]
