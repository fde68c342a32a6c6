"""The law a case stands on now: its violation, its running deadline, and what each next step starts."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.catalogue.models import DeadlineRule
from cases.clock import today
from cases.models import Case, Deadline
from cases.workflow import steps_for


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
    codes = {code: step for step in steps_for(case.state, officer.desk) for code in step.clock.rules}
    regime, day = case.report.election.regime, today(officer.institution.timezone)
    rules = DeadlineRule.objects.in_force(day).filter(code__in=codes, regime__in={regime, "ALL"}).order_by("pk")
    for rule in rules:
        subject = _("“%(step)s” starts: %(rule)s") % {"step": _(codes[rule.code].label), "rule": _name(rule)}
        lines.append((subject, rule.legal_basis))
    return [(subject, source) for subject, source in dict.fromkeys(lines) if source]


def _name(rule: DeadlineRule) -> str:
    return rule.name_en if get_language() == "en" else rule.name
