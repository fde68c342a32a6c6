"""Letters as issued, and the counters that number them."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models.file import private_storage
from cases.querysets import LetterQuerySet

#: Random bytes in a letter's public address: 144 bits, 24 characters.
TOKEN_BYTES = 18


def new_token() -> str:
    """A secret nobody guesses, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class NumberSeries(models.Model):
    """The last number given out in one institution, series and year. Locked in the step's transaction."""

    scope = models.CharField(_("counted for"), max_length=60, help_text=_("Code of an institution, or the portal."))
    series = models.CharField(_("series"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=("scope", "series", "year"), name="one_counter_per_series")]

    def __str__(self) -> str:
        return f"{self.series}/{self.year}: {self.last}"


class Letter(models.Model):
    """A letter issued by a step: numbered and frozen in the step's transaction, rendered after it.

    ``context`` is everything the template reads; the PDF can be made again from it alone. ``addressees`` are the
    institutions that hold a copy and may read it besides the issuer and auditors. The row is the outbox: pending rows
    are rendered by the task or, after a crash, by the sweeper.

    ``token`` is the secret in the address its QR code leads to. ``sha256`` is of the sealed bytes, as released;
    ``unsealed_sha256`` of the page made from ``context``, before the seal.

    A withdrawn letter keeps its number as void: ``voided_at`` says since when, ``successor`` which letter took its
    place, if any. ``template_version`` is the frozen set of templates it is printed from.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", _("Being made")
        READY = "READY", _("Ready")
        FAILED = "FAILED", _("Failed")
        DISPOSED = "DISPOSED", _("Destroyed at the end of its retention")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="letters")
    event = models.ForeignKey("cases.Event", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(_("kind"), max_length=40)
    position = models.PositiveSmallIntegerField(_("order within the step"), default=0)
    institution = models.ForeignKey(
        "accounts.Institution", on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    addressees = models.ManyToManyField("accounts.Institution", related_name="+", blank=True)
    series = models.CharField(_("series"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("serial number"))
    number = models.CharField(_("number"), max_length=120, db_index=True)
    dated_on = models.DateField(_("date"))
    subject = models.CharField(_("subject"), max_length=300)
    sealed = models.BooleanField(_("sealed: carries what the reporter said"), default=False)
    token = models.CharField(_("public address"), max_length=32, unique=True, default=new_token, editable=False)
    template = models.CharField(_("template"), max_length=80)
    template_version = models.PositiveSmallIntegerField(_("template version"), default=1)
    context = models.JSONField(_("frozen content"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("why it failed"), blank=True)
    file = models.FileField(_("file"), storage=private_storage, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    unsealed_sha256 = models.CharField(_("SHA-256 before sealing"), max_length=64, blank=True)
    seal_certificate = models.CharField(_("certificate of the seal (SHA-256)"), max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    created_at = models.DateTimeField(_("issued at"))
    rendered_at = models.DateTimeField(_("made at"), null=True, blank=True)
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)
    void_reason = models.TextField(_("why void"), blank=True)
    voided_by = models.ForeignKey(
        "accounts.Officer", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("withdrawn by"),
    )  # fmt: skip
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="forerunners",
        verbose_name=_("replaced by"),
    )  # fmt: skip

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("created_at", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("institution", "series", "year", "serial"), name="letter_number_once_per_series"
            ),
            models.UniqueConstraint(fields=("event", "kind", "position"), name="letter_once_per_event"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=False) | Q(void_reason="", voided_by=None, successor=None),
                name="letter_void_in_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(status="PENDING"), name="letter_pending"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_void(self) -> bool:
        """True once it was withdrawn."""
        return self.voided_at is not None

    @property
    def state_words(self) -> str:
        """What must be said about it beside its number: void, replaced, failed, being made; empty when all is well."""
        if self.is_void:
            return gettext("Replaced") if self.successor_id else gettext("Withdrawn")
        return "" if self.status == self.Status.READY else self.get_status_display()


class Delivery(models.Model):
    """One copy of a letter that reached somebody: who, when, how, and who put it on record.

    ``recipient`` is the addressee or copy as printed on the letter, ``place`` its position there (0 is the addressee,
    copies count from 1). Written once, never changed.
    """

    class Manner(models.TextChoices):
        IN_PERSON = "IN_PERSON", _("Handed over in person")
        SENT = "SENT", _("Sent by post or courier")
        SUPERIOR = "SUPERIOR", _("Through the direct superior")
        EMAIL = "EMAIL", _("By e-mail")
        PORTAL = "PORTAL", _("In this portal")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="deliveries")
    place = models.PositiveSmallIntegerField(_("position on the letter"))
    recipient = models.CharField(_("recipient"), max_length=300)
    manner = models.CharField(_("how"), max_length=10, choices=Manner.choices)
    delivered_on = models.DateField(_("delivered on"))
    received_by = models.CharField(_("received by"), max_length=150)
    recorded_by = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    event = models.ForeignKey("cases.Event", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("letter", "place", "pk")
        constraints = [models.UniqueConstraint(fields=("letter", "place"), name="delivery_once_per_copy")]

    def __str__(self) -> str:
        return f"{self.recipient} {self.delivered_on}"
