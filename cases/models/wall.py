"""What stands between a person and a case: a declared conflict of interest; and the sealed identity's releases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Conflict(models.Model):
    """A person declared a conflict of interest in a case: from then on the case does not exist for them.

    By person (``Officer.person_key``), so that no second desk or account opens it again. Never deleted.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="conflicts")
    person = models.CharField(_("person key"), max_length=40)
    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [models.UniqueConstraint(fields=("case", "person"), name="conflict_once_per_person")]
        indexes = [models.Index(fields=["person"], name="conflict_person")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.officer_id}"


class IdentityRequest(models.Model):
    """One person's request to see who reported: asked with a reason, answered by another person, open for minutes.

    ``open_until`` is set when it is released; nothing of the identity stands here.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="identity_requests")
    asked_by = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    reason = models.TextField(_("reason"))
    answered_by = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    open_until = models.DateTimeField(_("open until"), null=True)

    class Meta:
        verbose_name = _("request to see the reporter")
        verbose_name_plural = _("requests to see the reporter")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("case", "asked_by"), condition=models.Q(answered_at__isnull=True), name="one_open_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.asked_by_id}"
