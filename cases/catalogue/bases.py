"""The law each step of the procedure rests on, as dated rows an office can correct."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.catalogue.choices import Regime
from cases.catalogue.models import Dated

__all__ = ["StepBasis"]


class StepBasis(Dated):
    """Articles a step of the workflow table rests on, by election law; shown in the help beside the case.

    A row of one regime wins over ``ALL``. ``legal_basis`` is what is shown; what is not ``sourced`` is shown as to be
    checked. A step without a row shows nothing.
    """

    step = models.SlugField(_("step"), max_length=40)
    regime = models.CharField(_("regime"), max_length=8, choices=Regime.choices)

    class Meta(Dated.Meta):
        verbose_name = _("legal basis of a step")
        verbose_name_plural = _("legal bases of steps")
        ordering = ("step", "regime", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("step", "regime", "valid_from"), name="stepbasis_once_per_date"),
        ]

    def __str__(self) -> str:
        return f"{self.step} ({self.regime})"
