"""The law a case stands on now: its violation, its running deadline, its next steps and what each of them starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.catalogue.choices import Confidence, Regime
from cases.clock import today
from cases.models import Case, Deadline, DeadlineRule, StepBasis
from cases.workflow import all_steps, steps_from


def legal_lines(number: str, officer: Officer) -> list[tuple[str, str]] | None:
    """What the law says about the case, as (subject, source); None when the officer may not see the case."""
    case = (
        Case.objects.visible_to(officer).filter(number=number).select_related("violation", "report__election").first()
    )
    if case is None:
        return None
    lines = []
    if case.violation is not None:
        lines += [
            (_("Violation %(code)s: prohibition") % {"code": case.violation.code}, case.violation.prohibition_basis),
            (_("Violation %(code)s: sanction") % {"code": case.violation.code}, case.violation.sanction_basis),
        ]
    running = Deadline.objects.filter(case=case, ended_on__isnull=True).select_related("rule").first()
    if running is not None:
        lines.append((_("Deadline: %(rule)s") % {"rule": _name(running.rule)}, running.rule.legal_basis))
    steps = steps_from(case.state)
    regime, day = case.report.election.regime, today(officer.institution.timezone)
    bases = step_bases((step.name for step in steps), day, regime)
    lines += [(_("Step “%(step)s”") % {"step": _(step.label)}, bases.get(step.name, "")) for step in steps]
    codes = {code: step for step in steps for code in step.clock.rules}
    rules = DeadlineRule.objects.in_force(day).filter(code__in=codes, regime__in={regime, "ALL"}).order_by("pk")
    for rule in rules:
        subject = _("“%(step)s” starts: %(rule)s") % {"step": _(codes[rule.code].label), "rule": _name(rule)}
        lines.append((subject, rule.legal_basis))
    return [(subject, source) for subject, source in dict.fromkeys(lines) if source]


def step_bases(names: Iterable[str], on: dt.date, regime: str) -> dict[str, str]:
    """The law of these steps on a day, by their name, for one election law; what no published text confirms says so."""
    rows = StepBasis.objects.in_force(on).filter(step__in=list(names), regime__in={regime, Regime.ALL})
    # a row for every election law is read first, so that one for this law replaces it
    return {row.step: _source(row) for row in sorted(rows, key=lambda row: row.regime != Regime.ALL)}


def every_step() -> list[tuple[str, list[tuple[str, str]]]]:
    """The whole procedure as (step, [(election law, source)]), as the law stands today."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in StepBasis.objects.in_force(today()).order_by("regime"):
        law = "" if row.regime == Regime.ALL else row.get_regime_display()
        found.setdefault(row.step, []).append((law, _source(row)))
    return [(_(step.label), found[step.name]) for step in all_steps() if step.name in found]


def _source(row: StepBasis) -> str:
    if row.confidence == Confidence.SOURCED:
        return row.legal_basis
    return f"{row.legal_basis} ({row.get_confidence_display()})"


def _name(rule: DeadlineRule) -> str:
    return rule.name_en if get_language() == "en" else rule.name
