"""Reference data as rows: dated, with legal basis and confidence, open to correction by the office.

Rows are loaded from ``cases/catalogue/data`` by ``load_reference``; a row saved in the admin sets
``edited_by_office`` and is never overwritten again. What is doubtful in law stands here, marked as such, and
never in code. A change of law is a new row with a later ``valid_from`` (and a ``valid_to`` on the old one),
not an edit.
"""

from __future__ import annotations

import builtins
import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.catalogue.choices import (
    Confidence,
    Counting,
    Employment,
    HolidayKind,
    Level,
    Phase,
    Regime,
    Target,
    Unit,
    ViolationList,
)

__all__ = [
    "DeadlineRule",
    "Election",
    "Holiday",
    "PositionClass",
    "PunishAuthority",
    "Rank",
    "SanctionType",
    "ViolationType",
]


class Sourced(models.Model):
    """A row with its legal or technical basis. ``edited_by_office`` protects it from the loader."""

    legal_basis = models.TextField(_("legal basis"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices, default=Confidence.SOURCED)
    note = models.TextField(_("note"), blank=True)
    edited_by_office = models.BooleanField(
        _("edited here"),
        default=False,
        help_text=_("Loading the shipped reference data leaves this row alone."),
    )

    class Meta:
        abstract = True


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day to a day, both included."""

    def in_force(self, on: dt.date) -> Self:
        """Rows that hold on ``on``."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class Dated(Sourced):
    """A row that holds from ``valid_from`` to ``valid_to``, both included; without an end it still holds."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(class)s_validity_in_order",
            )
        ]

    def holds_on(self, on: dt.date) -> bool:
        """True when the row holds on ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class ElectionQuerySet(models.QuerySet[Any]):
    """Elections by what they forbid on a day."""

    def locking(self, on: dt.date) -> Self:
        """Elections whose lock on changing posts (UU 10/2016 Ps 71(2)) covers ``on``."""
        return self.filter(Q(lock_to__isnull=True) | Q(lock_to__gte=on), lock_from__lte=on)


class Election(Sourced):
    """An election and its phases.

    The day of determination parts *bakal calon* from *calon* (SKB 2022, lists A and B).

    ``number_code`` is what supervisors print in registration numbers: PP president, PL legislature, PG
    governor, PB regent, PW mayor. ``regions`` are official area codes separated by commas; empty means
    nationwide.
    """

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    regime = models.CharField(_("regime"), max_length=8, choices=[c for c in Regime.choices if c[0] != Regime.ALL])
    number_code = models.CharField(_("code in numbers"), max_length=4)
    regions = models.CharField(_("regions"), max_length=200, blank=True)
    candidates_determined_on = models.DateField(_("candidates determined on"))
    campaign_from = models.DateField(_("campaign from"), null=True, blank=True)
    campaign_to = models.DateField(_("campaign to"), null=True, blank=True)
    quiet_from = models.DateField(_("quiet days from"), null=True, blank=True)
    quiet_to = models.DateField(_("quiet days to"), null=True, blank=True)
    vote_on = models.DateField(_("vote on"))
    lock_from = models.DateField(
        _("posts locked from"), null=True, blank=True,
        help_text=_("From here a sanction that changes a post needs the Home Minister's written approval."),
    )  # fmt: skip
    lock_to = models.DateField(_("posts locked to"), null=True, blank=True)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ("-vote_on", "code")

    def __str__(self) -> str:
        return self.name


class ViolationType(Dated):
    """A row of annex II of SKB 2022: list A (ethics) or B (discipline), with its pair in the other list.

    ``wording`` is as published, ``plain`` (Indonesian) and ``plain_en`` say it in one line. An empty
    ``default_level`` means the list gives none. ``needs_intent``: the intent to support must be found
    expressly (B7). ``needs_satgas``: the task force decides the sanction, its decision's number and date are
    needed (B13).
    """

    code = models.CharField(_("code"), max_length=4, db_index=True)
    list = models.CharField(_("list"), max_length=1, choices=ViolationList.choices)
    wording = models.TextField(_("wording"))
    plain = models.CharField(_("in plain words"), max_length=200)
    plain_en = models.CharField(_("in plain words (English)"), max_length=200)
    target_status = models.CharField(_("whom it favours"), max_length=12, choices=Target.choices)
    phase = models.CharField(_("phase"), max_length=6, choices=Phase.choices)
    default_level = models.CharField(  # noqa: DJ001 - null says: the list gives none
        _("usual level"), max_length=10, choices=Level.choices, null=True, blank=True
    )
    prohibition_basis = models.CharField(_("prohibition"), max_length=300)
    sanction_basis = models.CharField(_("basis of the sanction"), max_length=300, blank=True)
    pair_codes = models.JSONField(_("pairs in the other list"), default=builtins.list, blank=True)
    needs_intent = models.BooleanField(_("intent must be found"), default=False)
    needs_satgas = models.BooleanField(_("task force decides"), default=False)
    skb_version = models.CharField(_("edition of the joint decree"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Dated.Meta):
        verbose_name = _("violation type")
        verbose_name_plural = _("violation types")
        ordering = ("list", "order", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "valid_from"), name="violationtype_once_per_date"),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.plain}"


class SanctionType(Dated):
    """A sanction. ``valid_from``/``valid_to`` are compared with the day of the *act* (tempus delicti).

    Whether it may be imposed is another matter, compared with the day of the *decision*: ``imposable_from``
    empty means suspended (the pay cuts of PP 94/2021 until the regulation on pay); when that regulation
    comes, the office fills this date and ends the transitional rows with ``imposable_to``. ``severity_rank``
    orders by weight. ``ends_employment`` leads to the administrative appeal (banding) instead of the
    objection (PP 79/2021).
    """

    code = models.CharField(_("code"), max_length=8, db_index=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    name = models.CharField(_("name"), max_length=200)
    severity_rank = models.PositiveSmallIntegerField(_("weight"))
    open_to = models.JSONField(_("open to"), default=builtins.list, help_text=_("Kinds of employment."))
    changes_post = models.BooleanField(_("changes the post"), default=False)
    ends_employment = models.BooleanField(_("ends the employment"), default=False)
    needs_satgas = models.BooleanField(_("task force decides"), default=False)
    decree_variant = models.SlugField(_("decree template"), max_length=20)
    imposable_from = models.DateField(_("may be imposed from"), null=True, blank=True, help_text=_("Empty: suspended."))
    imposable_to = models.DateField(_("may be imposed to"), null=True, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ("severity_rank", "code", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "valid_from"), name="sanctiontype_once_per_date"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, *, act_on: dt.date, employment: str, on: dt.date) -> bool:
        """True when it held on the day of the act, exists for the employment and may be imposed on ``on``."""
        imposable = self.imposable_from is not None and self.imposable_from <= on
        ended = self.imposable_to is not None and self.imposable_to < on
        return self.holds_on(act_on) and imposable and not ended and employment in self.open_to


class PunishAuthority(Dated):
    """Who may impose which level on whom.

    Position classes and levels as lists; an empty ``sanction_codes`` is all.

    ``official`` is printed; ``official_class`` is the official's own position class when it is not the PPK.
    """

    code = models.SlugField(_("code"), max_length=40)
    official = models.CharField(_("official"), max_length=150)
    official_class = models.CharField(_("official's position class"), max_length=40, blank=True)
    over_classes = models.JSONField(_("over position classes"), default=builtins.list)
    relation = models.CharField(_("relation"), max_length=150, blank=True)
    levels = models.JSONField(_("levels"), default=builtins.list)
    employments = models.JSONField(_("kinds of employment"), default=builtins.list)
    sanction_codes = models.JSONField(_("only these sanctions"), default=builtins.list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Dated.Meta):
        verbose_name = _("authority to punish")
        verbose_name_plural = _("authorities to punish")
        ordering = ("order", "code", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "valid_from"), name="punishauthority_once_per_date"),
        ]

    def __str__(self) -> str:
        return self.official


class DeadlineRule(Dated):
    """A number of days the law gives, in its unit, from an event, with what follows when it passes.

    ``extension_days`` are added on top when the law knows an extension. ``roll_forward`` moves a calendar
    deadline that ends on a day off to the next working day; the texts are silent, so it is off. A rule of one
    regime wins over ALL.
    """

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=150)
    name_en = models.CharField(_("name (English)"), max_length=150)
    days = models.PositiveSmallIntegerField(_("days (or hours)"))
    extension_days = models.PositiveSmallIntegerField(_("extension"), default=0)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices)
    counting = models.CharField(_("counting"), max_length=10, choices=Counting.choices, default=Counting.DAYS_AFTER)
    roll_forward = models.BooleanField(_("move off days off"), default=False)
    starts_from = models.CharField(_("starts from"), max_length=200)
    regime = models.CharField(_("regime"), max_length=8, choices=Regime.choices, default=Regime.ALL)
    consequence = models.CharField(_("when it passes"), max_length=300, blank=True)
    pausable = models.BooleanField(
        _("may be paused by hand"), default=False, help_text=_("Steps pause and resume it where the workflow says so.")
    )

    class Meta(Dated.Meta):
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ("code", "regime", "valid_from")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "regime", "valid_from"), name="deadlinerule_once_per_date"),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(Sourced):
    """A day off.

    ``region`` is an official area code, empty for the nation. ``estimated``: not yet proclaimed.

    ``withdrawn`` keeps a seeded day that turned out to be a working day, so that the next load does not
    revive it.
    """

    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=6, choices=HolidayKind.choices)
    region = models.CharField(_("region code"), max_length=8, blank=True)
    estimated = models.BooleanField(_("estimated"), default=False)
    withdrawn = models.BooleanField(_("working day after all"), default=False)
    source = models.CharField(_("source"), max_length=200)
    added_by = models.CharField(_("added by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("date", "region", "kind")
        constraints = [
            models.UniqueConstraint(fields=("date", "region", "kind"), name="holiday_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"


class Rank(Sourced):
    """Golongan.

    PNS and PPPK have scales of their own: compare ``order`` only within one kind of employment.
    """

    code = models.CharField(_("code"), max_length=8)
    name = models.CharField(_("rank name"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"))
    employment = models.CharField(_("employment"), max_length=4, choices=Employment.choices)

    class Meta:
        verbose_name = _("rank")
        verbose_name_plural = _("ranks")
        ordering = ("employment", "order")
        constraints = [models.UniqueConstraint(fields=("employment", "code"), name="rank_once_per_employment")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.name else self.code


class PositionClass(Dated):
    """A class of position.

    ``order`` grows with the weight of the position, functional ones on a scale of their own.

    ``forms_team_at`` says who forms the examination team or ethics council: the own PPK, or above it (a
    city's secretary is examined at the Governor's).
    """

    class FormsTeam(models.TextChoices):
        """Who forms the team or council."""

        PPK = "PPK", _("The employing authority")
        GOVERNOR = "GUBERNUR", _("The Governor")
        MINISTER = "MENDAGRI", _("The Home Minister")

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"))
    is_functional = models.BooleanField(_("functional"), default=False)
    forms_team_at = models.CharField(
        _("team formed by"), max_length=8, choices=FormsTeam.choices, default=FormsTeam.PPK
    )

    class Meta(Dated.Meta):
        verbose_name = _("position class")
        verbose_name_plural = _("position classes")
        ordering = ("is_functional", "-order", "code")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=("code", "valid_from"), name="positionclass_once_per_date"),
        ]

    def __str__(self) -> str:
        return self.name
