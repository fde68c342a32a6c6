"""What letters print that the office may have to correct: form codes and the laws decrees cite."""

from __future__ import annotations

import builtins

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.catalogue.choices import Regime
from cases.catalogue.models import Dated

__all__ = ["FormCode", "LegalInstrument"]


class FormCode(Dated):
    """The supervisor's form code of a letter (``Formulir Model B.9``), by election law.

    Most codes are known from memory only, so a letter prints the document's name and the code merely as a suffix;
    without a row it prints no code.
    """

    letter_kind = models.SlugField(_("letter"), max_length=40)
    regime = models.CharField(_("regime"), max_length=8, choices=Regime.choices)
    code = models.CharField(_("form code"), max_length=60)

    class Meta(Dated.Meta):
        verbose_name = _("form code")
        verbose_name_plural = _("form codes")
        ordering = ("regime", "letter_kind", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("letter_kind", "regime", "valid_from"), name="formcode_once_per_date"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_kind}: {self.code}"


class LegalInstrument(Dated):
    """A law a decree cites under *Mengingat*.

    ``title`` is printed; ``gazette`` follows it in brackets when the office has filled it in. ``used_for`` lists the
    families of decrees and the kinds of employment it belongs to. ``dated_by`` says which day must lie in its
    validity: that of the act (tempus delicti) or that of the decision.
    """

    class DatedBy(models.TextChoices):
        """The day that is compared."""

        ACT = "ACT", _("Day of the act")
        DECISION = "DECISION", _("Day of the decision")

    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    gazette = models.CharField(_("state gazette"), max_length=300, blank=True)
    used_for = models.JSONField(_("used for"), default=builtins.list)
    dated_by = models.CharField(_("compared with"), max_length=8, choices=DatedBy.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Dated.Meta):
        verbose_name = _("law cited")
        verbose_name_plural = _("laws cited")
        ordering = ("order", "code", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "valid_from"), name="legalinstrument_once_per_date"),
        ]

    def __str__(self) -> str:
        return self.title
