"""What guards ask about a case, answered from the database: each fact at most one query, and only when asked."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.models import Institution, Officer
from accounts.prepared import prepared
from accounts.roles import Kind
from cases.catalogue.fit import fit
from cases.catalogue.lookups import authorities_for, position_class_on, rule_for
from cases.catalogue.models import PositionClass, PunishAuthority, Rank, SanctionType
from cases.clock import today
from cases.models import Case, Deadline, Decision, Election, Evidence, Examiner, Minutes, Summons, ViolationType
from cases.sealed.reporter import open_identity
from cases.workdays import Calendar, due_date, load_calendar

#: What guards ask most, inside a step's transaction.
_summonses, _minutes = (
    prepared(lambda _reader, case, rows=model.objects: rows.filter(case=case)) for model in (Summons, Minutes)
)


class CaseSituation:
    """A case on a day, seen by an actor, with or without answers. Implements ``cases.guards.Situation``."""

    def __init__(self, case: Case, actor: Officer, *, on: dt.date | None = None, data: dict[str, Any] | None = None):
        self.case = case
        self.actor = actor
        self.on = on or today(actor.institution.timezone)
        self.data = data

    # ---- facts of the report
    @property
    def has_reporter(self) -> bool:
        """True when someone reported; a finding has no reporter."""
        return self.case.report.is_reported

    @property
    def election(self) -> Election:
        """The election the act concerned."""
        return self.case.report.election

    @cached_property
    def evidence_count(self) -> int:
        """Items of evidence in this case's file."""
        return Evidence.objects.of_case(self.case).count()

    def fit_warnings(self) -> list[Any]:
        """Why the chosen SKB row does not fit act date and target status; empty when it fits."""
        data = self.data or {}
        violation: ViolationType | None = data.get("violation")
        if violation is None:
            return []
        return fit(violation, self.election, self.case.report.occurred_on, data.get("target_status", ""))

    def filing_deadline(self) -> dt.date:
        """Last day on which this report could be filed."""
        return self.due("reporting_limit", self.case.report.known_on)

    # ---- people and institutions
    @cached_property
    def reviewers_in_office(self) -> list[Institution]:
        """Reviewing bodies in office on this day; the first is the default between two."""
        return list(Institution.objects.of_kind(Kind.REVIEWER).in_office(self.on))

    def right_employers(self) -> list[Institution]:
        """Employing authorities that may receive the recommendation for this employee.

        The employee's own; for a position class whose team is formed one level up (a regional secretary: by the
        governor), that level's. Falls back to the own one when the higher level keeps no institution here.
        """
        if self.case.employee is None:
            return []
        employer = self.case.employee.employer
        position = position_class_on(self.case.snapshot["position_class"], self.on)
        if position is None or position.forms_team_at == PositionClass.FormsTeam.PPK:
            return [employer]
        # A region code grows downwards: 35.72 is a city in province 35.
        higher = Institution.objects.of_kind(Kind.BKPSDM).in_office(self.on)
        return list(higher.filter(region=employer.region.rpartition(".")[0])) or [employer]

    def rank_order(self, rank: str) -> int | None:
        """Position of a rank in its scale, low to high; None for an unknown one."""
        return self._rank_orders.get(rank)

    @cached_property
    def _rank_orders(self) -> dict[str, int]:
        # The scales of PNS and PPPK are apart: a rank of the other scale has no order here.
        scale = "PPPK" if self.case.employment == "PPPK" else "PNS"
        return dict(Rank.objects.filter(employment=scale).values_list("code", "order"))

    def barred_names(self) -> set[str]:
        """Casefolded names that may not examine: the employee, the witnesses, everyone heard as such, the reporter."""
        report = self.case.report
        names = {self.case.subject_name, *report.witnesses.values_list("name", flat=True)}
        names.update(minutes.person_name for minutes in self._minutes if minutes.person_role == "WITNESS")
        if self.has_reporter:
            names.add(open_identity(report.sealed_reporter)["name"])
        return {name.casefold() for name in names if name}

    def authorities(self, sanction: SanctionType) -> list[PunishAuthority]:
        """Officials the law names for this employee and sanction, the usual one first."""
        position = self.case.snapshot.get("position_class", "")
        return authorities_for(
            position, sanction.level, self.on, sanction_code=sanction.code, employment=self.case.employment
        )

    # ---- hearings
    @cached_property
    def _summonses(self) -> list[Summons]:
        return _summonses(None, case=self.case.pk)

    @cached_property
    def _minutes(self) -> list[Minutes]:
        return _minutes(None, case=self.case.pk)

    def summonses(self, purpose: str, person_role: str = "", person_name: str = "") -> list[Summons]:
        """Invitations or summonses of a purpose, optionally of one person, oldest first."""
        return [
            row
            for row in self._summonses
            if row.purpose == purpose
            and (not person_role or row.person_role == person_role)
            and (not person_name or row.person_name == person_name)
        ]

    def minutes(self, purpose: str, person_role: str = "") -> list[Minutes]:
        """Minutes of a purpose, optionally of one kind of person, oldest first."""
        return [
            row
            for row in self._minutes
            if row.purpose == purpose and (not person_role or row.person_role == person_role)
        ]

    @cached_property
    def examiners(self) -> list[Examiner]:
        """Who examines, in the order named."""
        return list(self.case.examiners.all())

    # ---- outcome
    @property
    def violation(self) -> ViolationType | None:
        """The SKB row of the case."""
        return self.case.violation

    @cached_property
    def decision(self) -> Decision | None:
        """The standing decision."""
        return self.case.decisions.select_related("sanction").filter(void_on__isnull=True).first()

    @cached_property
    def past_sanctions(self) -> list[SanctionType]:
        """Sanctions standing against the same NIP for the same SKB list in earlier cases."""
        if not self.case.subject_nip or self.violation is None:
            return []
        rows = Decision.objects.select_related("sanction").filter(
            case__subject_nip=self.case.subject_nip,
            case__violation__list=self.violation.list,
            void_on__isnull=True,
            in_force_on__isnull=False,
            case__report__occurred_on__lt=self.case.report.occurred_on,
        )
        return [row.sanction for row in rows.exclude(case=self.case)]

    def sanctions_open(self) -> list[SanctionType]:
        """Sanctions imposable today for an act of that day, whatever the employment type."""
        act_on = self.case.report.occurred_on
        rows = SanctionType.objects.in_force(act_on).filter(imposable_from__lte=self.on)
        return list(rows.filter(Q(imposable_to__isnull=True) | Q(imposable_to__gte=self.on)))

    @cached_property
    def locking_election(self) -> Election | None:
        """The election whose lock on changing posts covers this day in the employer's region, or None."""
        region = self.case.employer.region if self.case.employer else ""
        for election in Election.objects.locking(self.on):
            regions = [code.strip() for code in election.regions.split(",") if code.strip()]
            if not regions or region in regions:
                return election
        return None

    # ---- time
    @cached_property
    def deadline(self) -> Deadline | None:
        """The running deadline."""
        return self.case.deadlines.select_related("rule").filter(ended_on__isnull=True).first()

    @cached_property
    def calendar(self) -> Calendar:
        """Days off of the acting institution's region."""
        return load_calendar(self.case.bawaslu.region)

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to and including ``end``."""
        return self.calendar.working_days_between(start, end)

    def due(self, rule: str, start: dt.date) -> dt.date:
        """The date rule ``rule`` gives for a start on ``start``."""
        row = rule_for(rule, self.election.regime, start)
        return due_date(start, row.days, row.unit, self.calendar, roll_forward=row.roll_forward)
