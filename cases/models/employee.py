"""The registry of civil servants, imported by the employing authority."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.nip import spaced, validate_nip

EMPLOYMENT = [("PNS", _("PNS (permanent)")), ("CPNS", _("CPNS (on probation)")), ("PPPK", _("PPPK (contract)"))]


class Employee(models.Model):
    """A civil servant as the employer's registry knows them today. No NIK, no address: the NIP suffices.

    A case does not read this row after registration: it keeps a frozen snapshot.
    """

    nip = models.CharField("NIP", max_length=18, unique=True, validators=[validate_nip])
    name = models.CharField(_("name"), max_length=150)
    employer = models.ForeignKey(
        "accounts.Institution", verbose_name=_("employer"), on_delete=models.PROTECT, related_name="employees"
    )
    employment = models.CharField(_("employment"), max_length=4, choices=EMPLOYMENT)
    unit = models.CharField(_("work unit"), max_length=150)
    position = models.CharField(_("position"), max_length=150)
    position_class = models.CharField(_("position class"), max_length=40, help_text=_("Code of a position class."))
    rank = models.CharField(_("rank (golongan)"), max_length=8, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    updated_at = models.DateTimeField(_("updated"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        ordering = ("name", "nip")

    def __str__(self) -> str:
        return f"{self.name} ({spaced(self.nip)})"

    def snapshot(self, rank_name: str = "") -> dict[str, Any]:
        """What a case freezes at registration and letters print."""
        return {
            "nip": self.nip,
            "name": self.name,
            "employment": self.employment,
            "unit": self.unit,
            "position": self.position,
            "position_class": self.position_class,
            "rank": self.rank,
            "rank_name": rank_name,
            "employer": self.employer.name,
        }
