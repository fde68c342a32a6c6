"""Who handles a case inside an institution, and each officer's calendar feed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """One officer handles a case for one institution, from a day on. At most one is open per case and institution.

    An assignment gives no rights: every officer of a desk may act. It says whose work it is, whom reminders go to, and
    what an officer leaves behind.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="assignments")
    institution = models.ForeignKey("accounts.Institution", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="assignments")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("case", "institution"), condition=Q(to_on__isnull=True), name="one_handler_per_institution"
            )
        ]
        indexes = [models.Index(fields=["officer"], condition=Q(to_on__isnull=True), name="assignment_open")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.officer_id}"


class CalendarFeed(models.Model):
    """A secret address under which one officer's due dates can be read by a calendar program.

    Only the SHA-256 of the secret is kept: the address is shown once, when it is made. Making a new one or revoking
    ends the old.
    """

    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="calendar_feeds")
    token_hash = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("made at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("officer",), condition=Q(revoked_at__isnull=True), name="one_live_feed_per_officer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id}"
