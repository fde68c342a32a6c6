"""Institutions, the people who sit in them, and their accounts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMIN_DESK, DESK_LABELS, Desk, Kind, Role

if TYPE_CHECKING:
    from accounts.prepared import Late

KIND_CHOICES = [
    (Kind.BAWASLU, _("Election supervisor (Bawaslu)")),
    (Kind.REVIEWER, _("Reviewing body")),
    (Kind.BKPSDM, _("Personnel agency / employing authority")),
    (Kind.AUDITOR, _("Auditor")),
    (Kind.SYSTEM, _("System administration")),
]
ROLE_CHOICES = [
    (Role.OFFICER, _("Officer")),
    (Role.SIGNATORY, _("Signatory")),
    (Role.AUDITOR, _("Auditor")),
    (Role.ADMIN, _("Administrator")),
]


class User(AbstractUser):
    """An account. Rights come from the desks (Officer rows) it holds, never from the account itself."""

    email = models.EmailField(_("office e-mail"), unique=True)

    #: The desk acted from in the current request; set by the middleware, never stored.
    acting_as: Officer | None = None

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.email or self.username


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Readings of the institution table."""

    def in_office(self, on: dt.date) -> InstitutionQuerySet:
        """Institutions that exist on ``on``; newest first, so that the first is the default between two."""
        return self.filter(Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by(
            "-valid_from", "code"
        )

    def of_kind(self, kind: Kind) -> InstitutionQuerySet:
        """Institutions of one kind."""
        return self.filter(kind=kind)


class Institution(models.Model):
    """A body that takes part in cases, as it is called and prints during its time of validity.

    Bodies are merged and abolished; a case begun under one name prints under it for ever, so a change of name is a
    new row with ``successor`` set on the old one. ``region`` is the official area code (``35.72``); empty is national.
    """

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=KIND_CHOICES)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    region = models.CharField(_("region code"), max_length=8, blank=True)
    region_name = models.CharField(_("region name"), max_length=80, blank=True)
    region_type = models.CharField(
        _("region type in numbers"), max_length=8, blank=True, help_text=_("Kab, Kota, Prov")
    )
    place = models.CharField(_("place on letters"), max_length=80)
    address = models.CharField(_("address"), max_length=300, blank=True)
    contact = models.CharField(_("telephone, e-mail, website"), max_length=300, blank=True)
    letterhead = models.JSONField(_("letterhead lines"), default=list, help_text=_("From the top line down."))
    head_title = models.CharField(_("title of its head"), max_length=120, help_text=_("As addressed on letters."))
    decree_title = models.CharField(
        _("title in decrees"), max_length=120, blank=True, help_text=_("The authority named in decrees, in capitals.")
    )
    decree_region = models.CharField(
        _("region line below it"), max_length=120, blank=True, help_text=_("As printed on decrees: PROVINSI …")
    )
    number_formats = models.JSONField(
        _("letter number formats"),
        default=dict,
        blank=True,
        help_text=_("Series name to format text; placeholders in braces."),
    )
    area_code = models.CharField(_("area code in numbers"), max_length=20, blank=True)
    archive_code = models.CharField(_("archive code in numbers"), max_length=40, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Jakarta")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name=_("successor"), null=True, blank=True, on_delete=models.PROTECT, related_name="forerunners"
    )
    note = models.TextField(_("note"), blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ("kind", "region", "valid_from")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="institution_validity_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.short_name


class OfficerQuerySet(models.QuerySet["Officer"]):
    """Readings of the desk table."""

    def holding(self, on: dt.date | Late) -> OfficerQuerySet:
        """Desks that are held on ``on``."""
        return self.filter(
            Q(is_active=True),
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        )


class Officer(models.Model):
    """One person at one desk: an account, an institution, a role, and how the person is printed on letters.

    The person is known by NIP (18 digits); commissioners of Bawaslu are not civil servants and have none, then the
    account stands for the person.
    """

    user = models.ForeignKey(User, verbose_name=_("account"), on_delete=models.PROTECT, related_name="desks")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="officers"
    )
    role = models.CharField(_("role"), max_length=12, choices=ROLE_CHOICES)
    name = models.CharField(_("name as printed"), max_length=150)
    nip = models.CharField(
        _("NIP"), max_length=18, blank=True, validators=[RegexValidator(r"^\d{18}$", _("A NIP has 18 digits."))]
    )
    position = models.CharField(_("position as printed"), max_length=150)
    rank = models.CharField(_("rank (golongan)"), max_length=8, blank=True)
    administers = models.ForeignKey(
        Institution, verbose_name=_("administers"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="administrators",
        help_text=_("An administrator of one institution keeps its accounts only; empty: of the whole portal."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ("institution", "role", "name")
        constraints = [
            models.UniqueConstraint(fields=("user", "institution", "role"), name="one_row_per_person_and_desk")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.institution.short_name})"

    @property
    def desk(self) -> Desk:
        """Kind and role joined: what rights are given to."""
        return Desk(Kind(self.institution.kind), Role(self.role))

    @property
    def desk_label(self) -> str:
        """The desk in words, untranslated (translate where shown)."""
        return DESK_LABELS[self.desk]

    @property
    def person_key(self) -> str:
        """The person behind the account, for four-eyes checks: NIP, or the account when there is none."""
        return self.nip or f"account:{self.user_id}"

    def clean(self) -> None:
        """Refuse a role that does not exist in this kind of institution."""
        if self.institution_id and self.role and (Kind(self.institution.kind), Role(self.role)) not in DESK_LABELS:
            raise ValidationError({"role": _("This role does not exist in this kind of institution.")})

    def keeps(self, institution: Institution) -> bool:
        """Whether this desk keeps the accounts of ``institution``: as its administrator, or as the whole portal's."""
        return self.desk == ADMIN_DESK and self.administers_id in (None, institution.pk)

    @property
    def keeps_all(self) -> bool:
        """Whether this desk is an administrator of the whole portal."""
        return self.desk == ADMIN_DESK and self.administers_id is None

    def snapshot(self) -> dict[str, Any]:
        """The person as frozen into letters."""
        return {"name": self.name, "nip": self.nip, "position": self.position, "rank": self.rank}


class Proposal(models.Model):
    """Something about accounts that takes two administrators: one asks, another person decides.

    A GRANT gives a desk to whoever has ``email`` (inviting them when there is no account yet), a RESET takes the second
    factor of ``user`` away so that a new one can be set up, a SUCCESSION hands the open cases of ``institution`` to
    ``successor``. Written only by ``accounts.proposals``; rows stay.
    """

    class Kind(models.TextChoices):
        GRANT = "GRANT", _("Desk")
        RESET = "RESET", _("New second key")
        SUCCESSION = "SUCCESS", _("Succession")

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Waiting for a second administrator")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAW", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.WAITING)
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="proposals"
    )
    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    email = models.EmailField(_("office e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=12, choices=ROLE_CHOICES, blank=True)
    name = models.CharField(_("name as printed"), max_length=150, blank=True)
    nip = models.CharField(
        _("NIP"), max_length=18, blank=True, validators=[RegexValidator(r"^\d{18}$", _("A NIP has 18 digits."))]
    )
    position = models.CharField(_("position as printed"), max_length=150, blank=True)
    rank = models.CharField(_("rank (golongan)"), max_length=8, blank=True)
    administers = models.ForeignKey(
        Institution, verbose_name=_("administers"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    successor = models.ForeignKey(
        Institution, verbose_name=_("successor"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_day = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(Officer, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        Officer, verbose_name=_("decided by"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.institution.short_name}"

    @property
    def waits(self) -> bool:
        """Whether it still waits for a decision."""
        return self.status == self.Status.WAITING

    @property
    def role_label(self) -> str:
        """The desk asked for, in words (translated)."""
        desk = (Kind(self.institution.kind), Role(self.role)) if self.role else None
        return str(_(DESK_LABELS[Desk(*desk)])) if desk else ""
