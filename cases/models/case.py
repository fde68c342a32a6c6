"""The case: one reported employee, its state, its carriers, its deadline."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.machine import STATE_CHOICES, StateField, StateMachine
from cases.models.employee import EMPLOYMENT
from cases.querysets import CaseQuerySet
from cases.workflow import STATE, State

LEVELS = [
    ("MORAL", _("Moral sanction")),
    ("MINOR", _("Minor (ringan)")),
    ("MODERATE", _("Moderate (sedang)")),
    ("SEVERE", _("Severe (berat)")),
    ("DISMISSAL", _("Dismissal (PTDH)")),
]
FINDINGS = [
    ("ETHICS", _("Code of ethics violation")),
    ("DISCIPLINE", _("Discipline violation")),
    ("UNPROVEN", _("Not proven")),
]
TARGETS = [
    ("PROSPECTIVE", _("Prospective candidate (bakal calon)")),
    ("CANDIDATE", _("Candidate (calon)")),
    ("PARTY", _("Political party")),
    ("SPOUSE", _("Spouse who is a candidate")),
]


class Case(StateMachine):
    """One reported employee on the way from report to sanction.

    ``number`` is the portal's own short number, in addresses and search from the first day; ``registration_number`` is
    the supervisor's official number given at registration. ``reported_*`` is what the reporter said; ``snapshot`` is
    the employee as registered, frozen. ``due_on`` copies the running deadline for sorting. Written only by services.
    """

    number = models.CharField(_("portal number"), max_length=20, unique=True)
    report = models.ForeignKey("cases.Report", on_delete=models.PROTECT, related_name="cases", verbose_name=_("report"))
    state = StateField(_("state"), choices=STATE_CHOICES)
    bawaslu = models.ForeignKey(
        "accounts.Institution", on_delete=models.PROTECT, related_name="+", verbose_name=_("supervisor")
    )
    reviewer = models.ForeignKey(
        "accounts.Institution", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("reviewing body"),
    )  # fmt: skip
    employer = models.ForeignKey(
        "accounts.Institution", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("employing authority"),
    )  # fmt: skip

    reported_name = models.CharField(_("reported person"), max_length=150)
    reported_nip = models.CharField(_("NIP as reported"), max_length=18, blank=True)
    reported_position = models.CharField(_("position as reported"), max_length=150, blank=True)
    reported_unit = models.CharField(_("work unit as reported"), max_length=150, blank=True)

    registration_number = models.CharField(_("registration number"), max_length=80, blank=True, db_index=True)
    employee = models.ForeignKey(
        "cases.Employee", on_delete=models.PROTECT, related_name="cases", null=True, blank=True,
        verbose_name=_("employee"),
    )  # fmt: skip
    snapshot = models.JSONField(_("employee as registered"), default=dict, blank=True)
    subject_name = models.CharField(_("employee"), max_length=150)
    subject_nip = models.CharField("NIP", max_length=18, blank=True, db_index=True)
    employment = models.CharField(_("employment"), max_length=4, choices=EMPLOYMENT, blank=True)
    violation = models.ForeignKey(
        "cases.ViolationType", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("violation"),
    )  # fmt: skip
    target_status = models.CharField(_("status of the person favoured"), max_length=12, choices=TARGETS, blank=True)

    finding = models.CharField(_("review finding"), max_length=12, choices=FINDINGS, blank=True)
    recommended_level = models.CharField(
        _("recommended level"), max_length=10, choices=LEVELS, blank=True, help_text=_("Empty: left to the employer.")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, db_index=True)
    clock_paused = models.BooleanField(_("deadline paused"), default=False)
    opened_on = models.DateField(_("opened on"))
    moved_at = models.DateTimeField(_("last step at"), db_index=True)
    last_seq = models.PositiveIntegerField(_("last event"), default=0)
    head_hash = models.CharField(_("hash of the last event"), max_length=64, blank=True, default="", editable=False)
    moves = models.PositiveIntegerField(_("steps taken"), default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-moved_at", "-pk")
        indexes = [
            models.Index(fields=["state", "due_on"], name="case_state_due"),
            # The queue of each institution in its order: a page of it is read off the index, however long it is.
            models.Index(fields=["bawaslu", "due_on", "opened_on", "id"], name="case_queue_bawaslu"),
            models.Index(fields=["reviewer", "due_on", "opened_on", "id"], name="case_queue_reviewer"),
            models.Index(fields=["employer", "due_on", "opened_on", "id"], name="case_queue_employer"),
        ]

    def __str__(self) -> str:
        return self.registration_number or self.number

    def get_absolute_url(self) -> str:
        """The case page."""
        return reverse("cases:detail", args=[self.number])

    @property
    def seen_token(self) -> str:
        """What a page shows and a step sends back: two clicks on one page, or a page gone stale, do not match."""
        return f"{self.state}.{self.moves}"

    @property
    def place(self) -> State:
        """The table's row for the current state."""
        return STATE[self.state]


class Deadline(models.Model):
    """One running of the clock: rule, start, due date, pauses. At most one per case is open (``ended_on`` empty).

    ``latest_on`` is the last lawful day when the rule knows an extension; ``remaining`` is what was left at a pause, in
    the rule's unit. ``computation`` tells how the date came about, frozen with the rule as it read that day
    (``cases.services.deadlines`` writes and explains it). ``provisional_on`` is the letter's date a receipt replaced.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    rule = models.ForeignKey("cases.DeadlineRule", on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(_("starts"))
    due_on = models.DateField(_("due"))
    latest_on = models.DateField(_("latest with extension"))
    paused_on = models.DateField(_("paused on"), null=True, blank=True)
    remaining = models.PositiveSmallIntegerField(_("days left at the pause"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    received_on = models.DateField(_("receipt confirmed for"), null=True, blank=True)
    provisional_on = models.DateField(_("letter's date"), null=True, blank=True)
    computation = models.JSONField(_("how it was counted"), default=dict, blank=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("case",), condition=Q(ended_on__isnull=True), name="one_open_deadline_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.due_on}"


class Pause(models.Model):
    """A time in which the clock stood still, and why. ``manual``: somebody paused it; else a step did."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    manual = models.BooleanField(_("paused by hand"), default=False)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.from_on} – {self.to_on or '…'}"


class Extension(models.Model):
    """The one extension a deadline may get, in its rule's unit, and why."""

    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="extension")
    days = models.PositiveSmallIntegerField(_("days"))
    granted_on = models.DateField(_("granted on"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")

    def __str__(self) -> str:
        return f"+{self.days}"
