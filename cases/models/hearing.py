"""Hearing people: invitations and summonses, what they said, who examined."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """Whose hearing it is; the two have different law and different letters."""

    CLARIFICATION = "CLARIFICATION", _("Clarification")
    EXAMINATION = "EXAMINATION", _("Examination")


class PersonRole(models.TextChoices):
    """Who is heard."""

    REPORTED = "REPORTED", _("Reported employee")
    REPORTER = "REPORTER", _("Reporter")
    WITNESS = "WITNESS", _("Witness")
    EXPERT = "EXPERT", _("Expert")


class Summons(models.Model):
    """One invitation (clarification) or summons (examination) of one person. ``ordinal`` is 1 or 2."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="summonses")
    event = models.ForeignKey("cases.Event", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose.choices)
    person_role = models.CharField(_("role"), max_length=10, choices=PersonRole.choices)
    person_name = models.CharField(_("name"), max_length=150)
    ordinal = models.PositiveSmallIntegerField(_("which"))
    issued_on = models.DateField(_("issued on"))
    scheduled_on = models.DateField(_("scheduled on"))
    scheduled_at = models.TimeField(_("time"))
    place = models.CharField(_("place or link"), max_length=200)

    class Meta:
        verbose_name = _("summons")
        verbose_name_plural = _("summonses")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("case", "purpose", "person_role", "person_name", "ordinal"), name="summons_once_per_ordinal"
            ),
            models.CheckConstraint(condition=models.Q(ordinal__in=(1, 2)), name="summons_at_most_two"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.ordinal}"


class Minutes(models.Model):
    """What a person said at a clarification, or the questions and answers of an examination (BAP)."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="minutes")
    event = models.ForeignKey("cases.Event", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose.choices)
    person_role = models.CharField(_("role"), max_length=10, choices=PersonRole.choices)
    person_name = models.CharField(_("name"), max_length=150)
    held_on = models.DateField(_("held on"))
    signed = models.BooleanField(_("signed"), default=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.person_name} {self.held_on}"


class Examiner(models.Model):
    """A member of the examination: superior, team or ethics council."""

    class Part(models.TextChoices):
        CHAIR = "CHAIR", _("Chair")
        SECRETARY = "SECRETARY", _("Secretary")
        MEMBER = "MEMBER", _("Member")

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="examiners")
    event = models.ForeignKey("cases.Event", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)
    name = models.CharField(_("name"), max_length=150)
    nip = models.CharField("NIP", max_length=18, blank=True)
    position = models.CharField(_("position"), max_length=150)
    rank = models.CharField(_("rank (golongan)"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("examiner")
        verbose_name_plural = _("examiners")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
