"""What was reported or found: the report, the sealed reporter, the witnesses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.audit.commit import new_salt


class Report(models.Model):
    """A report (laporan) by someone, or a finding (temuan) of the supervisor itself.

    Fields follow the supervisor's report form (B.1 / A.1). ``known_on`` is when it became known: the filing limit
    runs from there. One report may name several employees; each has a case of its own.
    """

    class Origin(models.TextChoices):
        REPORT = "REPORT", _("Report (laporan)")
        FINDING = "FINDING", _("Finding (temuan)")

    class Channel(models.TextChoices):
        COUNTER = "COUNTER", _("At the counter")
        LETTER = "LETTER", _("By letter")
        ONLINE = "ONLINE", _("Online")
        PATROL = "PATROL", _("Supervision or online patrol")

    number = models.CharField(_("receipt number"), max_length=80, unique=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    institution = models.ForeignKey(
        "accounts.Institution", verbose_name=_("received by"), on_delete=models.PROTECT, related_name="reports"
    )
    election = models.ForeignKey(
        "cases.Election", verbose_name=_("election"), on_delete=models.PROTECT, related_name="reports"
    )
    received_on = models.DateField(_("received on"))
    incident = models.CharField(_("incident"), max_length=300)
    place = models.CharField(_("place of the incident"), max_length=300)
    occurred_on = models.DateField(_("date of the act"))
    known_on = models.DateField(_("became known on"))
    chronology = models.TextField(_("chronology"))
    link = models.URLField(_("link to the post"), max_length=500, blank=True)
    suspected = models.CharField(
        _("violation it looks like"), max_length=4, blank=True,
        help_text=_("Code of a row of the joint decree, as first seen; registration decides."),
    )  # fmt: skip
    recorded_by = models.ForeignKey(
        "accounts.Officer", verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("recorded at"))
    filing = models.UUIDField(
        _("filing"), unique=True, null=True, editable=False,
        help_text=_("Of the page it was filed from: the same page sent twice is one report."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(known_on__gte=models.F("occurred_on")), name="report_known_after_occurred"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_reported(self) -> bool:
        """True for a report by someone, false for a finding."""
        return self.origin == self.Origin.REPORT


#: What is known of a reporter: how it may read before it is sealed. The columns below hold ciphertext.
IDENTITY: dict[str, models.CharField[str, str]] = {
    "name": models.CharField(_("name"), max_length=150),
    "birth": models.CharField(_("place and date of birth"), max_length=120, blank=True),
    "sex": models.CharField(_("sex"), max_length=20, blank=True),
    "occupation": models.CharField(_("occupation"), max_length=120, blank=True),
    "citizenship": models.CharField(_("citizenship"), max_length=60, default="WNI"),
    "address": models.CharField(_("address"), max_length=300),
    "phone": models.CharField(_("telephone"), max_length=40, blank=True),
    "email": models.EmailField(_("e-mail"), blank=True),
}


class Reporter(models.Model):
    """Who reported, sealed. A row of its own so that no query for cases, lists, exports or letters can reach it.

    Every column but the salt is ciphertext (``cases.sealed.reporter`` reads and writes it); empty once shredded.
    """

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="sealed_reporter")
    name = models.TextField(_("name"))
    birth = models.TextField(_("place and date of birth"))
    sex = models.TextField(_("sex"))
    occupation = models.TextField(_("occupation"))
    citizenship = models.TextField(_("citizenship"))
    address = models.TextField(_("address"))
    phone = models.TextField(_("telephone"))
    email = models.TextField(_("e-mail"))
    statement = models.TextField(_("statement"), help_text=_("What the reporter said when heard."))
    salt = models.CharField(
        _("salt of the commitment"), max_length=64, default=new_salt, editable=False,
        help_text=_("Kept with the identity; the history holds only a salted hash of it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Witness(models.Model):
    """A witness named in the report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="witnesses")
    name = models.CharField(_("name"), max_length=150)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
