"""What people are told, how they want to be told, and the outbox of what is sent."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.notices import CHOICES, NOTICE_KIND, NOTICE_KINDS, NoticeKind

KIND_CHOICES = [(kind.name, _(kind.label)) for kind in NOTICE_KINDS]
DELIVERY_CHOICES = [(name, _(label)) for name, label in CHOICES]


class Mail(models.Model):
    """An e-mail to one officer, kept as it is sent. The row is the outbox: a broker only wakes somebody to look.

    ``id`` is derived from what the mail is about, so the same mail cannot be written twice; it is also the Message-ID,
    so a receiving server recognises a mail whose sender died between sending and noting it. ``leased_until`` is real
    time: until then one worker owns the sending. A DEAD mail has used up its attempts and waits for a person.
    ``officer`` is empty for a head sent to an auditor outside, and for a mail about an account: its text can carry a
    link that opens it, so it stands here sealed (``sealed``) and is gone once it was sent.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", _("Waiting")
        SENT = "SENT", _("Sent")
        DEAD = "DEAD", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+", null=True)
    sealed = models.BooleanField(_("text sealed until it is sent"), default=False)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    error = models.TextField(_("why it failed"), blank=True)
    created_at = models.DateTimeField(_("written at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ("created_at", "pk")
        indexes = [models.Index(fields=["next_try_at"], condition=Q(status="PENDING"), name="mail_pending")]

    def __str__(self) -> str:
        return self.subject


class Notice(models.Model):
    """One thing one officer is told about one case. ``id`` is derived from what it says, so nothing is told twice.

    ``facts`` fill the kind's sentence and hold no personal data. ``delivery`` is how e-mail about it was to come when
    it was written; ``mail`` is the mail that carried it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="notices")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_CHOICES)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    delivery = models.CharField(_("e-mail"), max_length=6, choices=DELIVERY_CHOICES)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-created_at", "pk")
        indexes = [
            models.Index(fields=["officer"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["officer"], condition=Q(mail__isnull=True, delivery="DIGEST"), name="notice_for_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"

    @property
    def about(self) -> NoticeKind:
        """The table's row for this notice."""
        return NOTICE_KIND[self.kind]


class NoticeChoice(models.Model):
    """How one officer wants e-mail about one kind; without a row the kind's default holds."""

    officer = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_CHOICES)
    delivery = models.CharField(_("e-mail"), max_length=6, choices=DELIVERY_CHOICES)

    class Meta:
        verbose_name = _("notice choice")
        verbose_name_plural = _("notice choices")
        constraints = [models.UniqueConstraint(fields=("officer", "kind"), name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.delivery}"


class Heartbeat(models.Model):
    """When a background job last did its work, in real time. Health pages and the "behind" message read it."""

    job = models.CharField(_("job"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last run"))

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")

    def __str__(self) -> str:
        return self.job


class Reminder(models.Model):
    """A reminder of one deadline that was given: so that it is given once, whoever sits at the desk later.

    ``due_on`` belongs to the key: a deadline that moved reminds again.
    """

    deadline = models.ForeignKey("cases.Deadline", on_delete=models.PROTECT, related_name="reminders")
    due_on = models.DateField(_("due"))
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_CHOICES)
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("deadline", "due_on", "kind"), name="reminder_given_once")]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.kind}"
