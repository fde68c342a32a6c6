"""What a row of a list says is to be done: a step that can be taken now, or what stands in the way.

The guards are asked, as on the case page, but for a whole list at once: what one row's guard wants to know is read for
all rows together, so that a list costs as many queries as there are kinds of facts, not as there are rows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Officer
from cases.catalogue.lookups import rule_for
from cases.guards import GUARDS
from cases.models import DeadlineRule, Decision, Event, Evidence, Minutes, Summons
from cases.selectors.rows import CaseRow
from cases.selectors.steps import usual_order
from cases.services.move import same_eyes
from cases.services.situation import CaseSituation
from cases.workdays import Calendar, due_date, load_calendar
from cases.workflow import Step


@dataclass(frozen=True, slots=True)
class Verb:
    """``steps`` are what the case waits for: one, or several ways out. ``blocked`` says why none can be taken now."""

    steps: tuple[Step, ...]
    blocked: str = ""


class _Shared:
    """Facts of all rows of a list, each kind read when the first row asks for it."""

    def __init__(self, cases: Sequence[CaseRow], calendars: dict[str, Calendar]) -> None:
        self.cases, self._calendars = cases, calendars
        self.keys = [case.pk for case in cases]
        self._rules: dict[tuple[str, str, dt.date], DeadlineRule] = {}

    def _by_case(self, rows: Iterable[Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            found[row.case_id].append(row)
        return found

    @cached_property
    def summonses(self) -> dict[int, list[Summons]]:
        return self._by_case(Summons.objects.filter(case__in=self.keys))

    @cached_property
    def minutes(self) -> dict[int, list[Minutes]]:
        return self._by_case(Minutes.objects.filter(case__in=self.keys))

    @cached_property
    def decisions(self) -> dict[int, list[Decision]]:
        rows = Decision.objects.select_related("sanction").filter(case__in=self.keys, void_on__isnull=True)
        return self._by_case(rows)

    @cached_property
    def evidence(self) -> dict[int, int]:
        """Items of evidence by case: its own and its report's."""
        reports = {case.report_id for case in self.cases}
        rows = list(Evidence.objects.filter(report__in=reports).values_list("report_id", "case_id"))
        return {
            case.pk: sum(1 for report, own in rows if report == case.report_id and own in (None, case.pk))
            for case in self.cases
        }

    @cached_property
    def takers(self) -> dict[tuple[int, str], str]:
        """Who took each step of each case last."""
        rows = Event.objects.filter(case__in=self.keys, kind=Event.Kind.STEP).order_by("seq")
        return {(case, name): person for case, name, person in rows.values_list("case_id", "name", "actor_person")}

    def calendar(self, region: str) -> Calendar:
        """Days off of a region."""
        if region not in self._calendars:
            self._calendars[region] = load_calendar(region)
        return self._calendars[region]

    def rule(self, code: str, regime: str, start: dt.date) -> DeadlineRule:
        """A deadline rule, looked up once for each start."""
        key = (code, regime, start)
        if key not in self._rules:
            self._rules[key] = rule_for(*key)
        return self._rules[key]


class _RowSituation(CaseSituation):
    """One row's situation, its facts taken from what was read for all."""

    def __init__(self, case: CaseRow, actor: Officer, on: dt.date, shared: _Shared) -> None:
        super().__init__(case, actor, on=on)  # type: ignore[arg-type]  # whatever a row lacks it reads
        self._shared = shared

    @cached_property
    def _summonses(self) -> list[Summons]:
        return self._shared.summonses.get(self.case.pk, [])

    @cached_property
    def _minutes(self) -> list[Minutes]:
        return self._shared.minutes.get(self.case.pk, [])

    @cached_property
    def decision(self) -> Decision | None:
        return next(iter(self._shared.decisions.get(self.case.pk, [])), None)

    @cached_property
    def evidence_count(self) -> int:
        return self._shared.evidence[self.case.pk]

    @cached_property
    def calendar(self) -> Calendar:
        return self._shared.calendar(self.case.bawaslu.region)

    def due(self, rule: str, start: dt.date) -> dt.date:
        row = self._shared.rule(rule, self.election.regime, start)
        return due_date(start, row.days, row.unit, self.calendar, roll_forward=row.roll_forward)


def verbs(cases: Sequence[CaseRow], officer: Officer, on: dt.date, calendar: Calendar) -> dict[int, Verb]:
    """What each case waits for at the officer's desk, by primary key; the cases carry ``last_step``."""
    shared = _Shared(cases, {officer.institution.region: calendar})
    found = {}
    for case in cases:
        ways, decides = usual_order(case.state, officer.desk, getattr(case, "last_step", "") or "")
        situation = _RowSituation(case, officer, on, shared)
        if decides:
            first = reason_against(ways[0], situation, shared)
            blocked = first and all(reason_against(step, situation, shared) for step in ways[1:])
            found[case.pk] = Verb(ways, first if blocked else "")
            continue
        first_reason = ""
        for step in ways:
            reason = reason_against(step, situation, shared)
            if not reason:
                found[case.pk] = Verb((step,))
                break
            first_reason = first_reason or reason
        else:
            found[case.pk] = Verb(ways[:1], first_reason)
    return found


def reason_against(step: Step, situation: CaseSituation, shared: _Shared) -> str:
    """The first sentence that says why the step cannot be taken now; empty when it can."""
    case, actor = situation.case, situation.actor
    if sentence := same_eyes(step, actor, lambda name: shared.takers.get((case.pk, name), "")):
        return sentence
    return next((said for name in step.guards if (said := GUARDS[name](situation))), "")
