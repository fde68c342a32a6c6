"""The one history."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.querysets import EventQuerySet


class AppendOnly(TypeError):
    """Someone tried to change or delete a written event."""


class Event(models.Model):
    """Something that happened, written once in the transaction that did it.

    The actor stands here by id *and* by name, institution and desk as of that day, because people move on. ``data`` is
    the step's cleaned answers (never the reporter's identity), ``changes`` maps a field to ``[before, after]``.
    ``cautions`` lists what was said and done all the same. ``letters_issued`` are the numbers the step gave out.
    ``sealed`` maps the name of something sealed to a commitment (salted hash) to it.

    ``stream`` is the chain the event belongs to: a case's, or that of something without a case (accounts, reference
    data, exports, what one desk has read). ``seq`` counts within it; ``hash`` covers every field and ``prev_hash``
    (see ``cases.audit.chain``). ``case_number`` stands in the hash; a reading names the case it read without being
    part of that case's file, so its ``case`` is empty. Triggers refuse changes (``cases.audit.sql``).
    """

    class Kind(models.TextChoices):
        STEP = "STEP", _("Step")
        NOTE = "NOTE", _("Note")
        UPLOAD = "UPLOAD", _("Upload")
        LETTER = "LETTER", _("Letter")
        DEADLINE = "DEADLINE", _("Deadline")
        DUTY = "DUTY", _("Assignment")
        READING = "READING", _("Reading")
        EXPORT = "EXPORT", _("Export")
        ACCOUNT = "ACCOUNT", _("Account")
        REFDATA = "REFDATA", _("Reference data")
        SEALED = "SEALED", _("Sealed identity")
        DISPOSAL = "DISPOSAL", _("Disposal")

    version = models.PositiveSmallIntegerField(_("format"), default=1, editable=False)
    stream = models.CharField(_("chain"), max_length=60, editable=False)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="events", db_index=False
    )
    case_number = models.CharField(_("case"), max_length=20, blank=True)
    seq = models.PositiveIntegerField(_("number in the chain"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("what"), max_length=40, help_text=_("Step name, or what was done."))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(_("actor"), max_length=150)
    actor_person = models.CharField(_("person key"), max_length=40, blank=True)
    institution = models.ForeignKey("accounts.Institution", on_delete=models.PROTECT, null=True, related_name="+")
    institution_name = models.CharField(_("institution"), max_length=200)
    desk = models.CharField(_("desk"), max_length=30)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    from_state = models.CharField(_("from"), max_length=32, blank=True)
    to_state = models.CharField(_("to"), max_length=32, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("answers"), default=dict, blank=True)
    changes = models.JSONField(_("changed fields"), default=dict, blank=True)
    cautions = models.JSONField(_("cautions"), default=list, blank=True)
    letters_issued = models.JSONField(_("letters issued"), default=list, blank=True)
    sealed = models.JSONField(_("commitments to sealed content"), default=dict, blank=True)
    prev_hash = models.CharField(_("hash before"), max_length=64, editable=False)
    hash = models.CharField(_("hash"), max_length=64, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("case", "seq")
        constraints = [
            models.UniqueConstraint(fields=("case", "seq"), name="event_number_once_per_case"),
            models.UniqueConstraint(fields=("stream", "seq"), name="event_number_once_per_stream"),
        ]
        indexes = [
            models.Index(fields=["case", "name"], name="event_case_name"),
            models.Index(fields=["case_number"], condition=models.Q(case__isnull=True), name="event_about_case"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises AppendOnly for a row that is already written."""
        if not self._state.adding:
            raise AppendOnly("An event is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused. Raises AppendOnly."""
        raise AppendOnly("An event is never deleted.")
