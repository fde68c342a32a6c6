"""The decree and the appeal against it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """A sanction decided. A revoked or annulled one stays, void, with its date; at most one per case is standing."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    event = models.ForeignKey("cases.Event", on_delete=models.PROTECT, related_name="+")
    sanction = models.ForeignKey(
        "cases.SanctionType", on_delete=models.PROTECT, related_name="+", verbose_name=_("sanction")
    )
    article = models.CharField(_("article violated"), max_length=200)
    decided_on = models.DateField(_("decided on"))
    delivered_on = models.DateField(_("received on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force on"), null=True, blank=True)
    void_on = models.DateField(_("void since"), null=True, blank=True)
    void_reason = models.TextField(_("why void"), blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("case",), condition=Q(void_on__isnull=True), name="one_standing_decision_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.decided_on}"


class Appeal(models.Model):
    """An objection (keberatan) or administrative appeal (banding), PP 79/2021, and its ruling."""

    class Kind(models.TextChoices):
        OBJECTION = "objection", _("Objection (keberatan)")
        APPEAL = "appeal", _("Administrative appeal (banding)")

    class Ruling(models.TextChoices):
        UPHELD = "UPHELD", _("Upheld")
        LIGHTENED = "LIGHTENED", _("Lightened")
        AGGRAVATED = "AGGRAVATED", _("Aggravated")
        CHANGED = "CHANGED", _("Changed")
        ANNULLED = "ANNULLED", _("Annulled")

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    filed_on = models.DateField(_("filed on"))
    ruling = models.CharField(_("ruling"), max_length=10, choices=Ruling.choices, blank=True)
    ruled_on = models.DateField(_("ruled on"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def __str__(self) -> str:
        return f"{self.kind} {self.filed_on}"
