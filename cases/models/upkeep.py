"""What is done with the history as a whole: looked at, taken out, and, when its time is over, thinned."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.file import private_storage


class HistoryJob(models.Model):
    """A check of the whole history, or the bundle of one case, made in the background for one auditor.

    The row is the order: a lost message costs nothing, the sweeper finds it. ``result`` of a check is what
    ``Result.as_json`` gives (without sentences: they are put into the reader's language); of a bundle, its counts.
    """

    class Kind(models.TextChoices):
        CHECK = "CHECK", _("Check of the whole history")
        BUNDLE = "BUNDLE", _("Bundle of one case")

    class Status(models.TextChoices):
        PENDING = "PENDING", _("Waiting")
        RUNNING = "RUNNING", _("At work")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="history_jobs")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("in a worker's hands until"), null=True, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    file = models.FileField(_("file"), storage=private_storage, blank=True)
    error = models.CharField(_("why it failed"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("work on the history")
        verbose_name_plural = _("work on the history")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("officer", "kind", "case"),
                condition=Q(status__in=("PENDING", "RUNNING"), case__isnull=False),
                name="one_open_bundle_per_case",
            ),
            models.UniqueConstraint(
                fields=("officer",),
                condition=Q(status__in=("PENDING", "RUNNING"), kind="CHECK"),
                name="one_open_check_per_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Disposal(models.Model):
    """The contents of one case thinned at the end of its retention: asked for by one person, approved by another.

    ``rule`` names the retention class of that day. The history keeps what was done, by numbers and hashes.
    """

    class Status(models.TextChoices):
        ASKED = "ASKED", _("Waiting for approval")
        REFUSED = "REFUSED", _("Refused")
        DONE = "DONE", _("Destroyed")

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="disposals")
    rule = models.CharField(_("retention class"), max_length=40)
    due_on = models.DateField(_("kept until"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ASKED)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("case",), condition=~Q(status="REFUSED"), name="one_standing_disposal_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.rule}"
