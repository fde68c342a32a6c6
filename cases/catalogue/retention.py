"""How long the contents of a closed case are kept, by its outcome, and what is destroyed afterwards."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.catalogue.models import Dated


class Destroyed(models.TextChoices):
    """What a retention class destroys. Events, numbers, hashes and the case's own row always stay."""

    REPORTER = "reporter", _("the sealed identity of the reporter")
    EVIDENCE = "evidence", _("the evidence files")
    LETTERS = "letters", _("the content of the letters")
    NOTES = "notes", _("the internal notes")


class RetentionRule(Dated):
    """Years a case's contents are kept after it closed (active, then inactive), and what is destroyed then.

    ``code`` is the outcome of the final state. The row that holds on the day of closing counts.
    """

    code = models.SlugField(_("outcome"), max_length=40)
    name = models.CharField(_("name"), max_length=150)
    name_en = models.CharField(_("name (English)"), max_length=150)
    active_years = models.PositiveSmallIntegerField(_("years active"))
    inactive_years = models.PositiveSmallIntegerField(_("years inactive"))
    destroys = models.JSONField(_("destroys"), default=list, help_text=_("reporter, evidence, letters, notes"))

    class Meta(Dated.Meta):
        verbose_name = _("retention class")
        verbose_name_plural = _("retention classes")
        ordering = ("code", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "valid_from"), name="retentionrule_once_per_date"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: object = None) -> None:
        """Only what the portal knows how to destroy may be named."""
        super().clean_fields(exclude=exclude)  # type: ignore[arg-type]
        if not isinstance(self.destroys, list) or set(self.destroys) - set(Destroyed.values):
            raise ValidationError({"destroys": _("Name only: reporter, evidence, letters, notes.")})

    @property
    def years(self) -> int:
        """Years from closing to disposal."""
        return self.active_years + self.inactive_years
