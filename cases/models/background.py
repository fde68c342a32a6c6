"""Background tasks that failed for good: kept until they have run after all."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GivenUpTask(models.Model):
    """A task that raised an error after its last retry. Letters and mails have rows of their own; this is the rest.

    ``args`` are ids and dates, never texts of people; ``error`` is the kind of error and the place in the code, not its
    message, which may quote what somebody wrote. One open row for the same task with the same arguments: failing again
    counts up. All times are the machine's own.
    """

    task = models.CharField(_("task"), max_length=100)
    args = models.JSONField(_("arguments"), default=list)
    queue = models.CharField(_("queue"), max_length=20)
    error = models.CharField(_("why it failed"), max_length=300)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first failed"))
    last_at = models.DateTimeField(_("last failed"))
    done_at = models.DateTimeField(_("done after all"), null=True, blank=True)

    class Meta:
        verbose_name = _("task given up")
        verbose_name_plural = _("tasks given up")
        ordering = ("-last_at", "-pk")
        indexes = [models.Index(fields=["task"], condition=Q(done_at=None), name="task_given_up")]
        constraints = [
            models.UniqueConstraint(fields=["task", "args"], condition=Q(done_at=None), name="task_given_up_once")
        ]

    def __str__(self) -> str:
        return self.task
