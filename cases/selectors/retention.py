"""What the retention page shows. Nothing here writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.models import Officer
from cases.catalogue.retention import Destroyed, RetentionRule
from cases.formats import long_date
from cases.models import Case, Disposal
from cases.services.disposal import due_cases


def due_rows(officer: Officer, on: dt.date) -> list[dict[str, Any]]:
    """Cases whose retention is over, with the class and what it destroys, in words."""
    return [
        {
            "case": case,
            "rule": rule_name(term.rule),
            "basis": term.rule.legal_basis,
            "doubtful": term.rule.confidence != "sourced",
            "closed": long_date(term.closed_on),
            "due": long_date(term.due_on),
            "destroys": [str(Destroyed(what).label) for what in term.rule.destroys],
        }
        for case, term in due_cases(officer, on)
    ]


def disposals(officer: Officer) -> QuerySet[Disposal]:
    """What was asked and decided at the officer's institution, of cases they see; newest first."""
    visible = Case.objects.visible_to(officer).filter(bawaslu=officer.institution)
    return Disposal.objects.filter(case__in=visible).select_related("case", "asked_by", "decided_by")


def rule_name(rule: RetentionRule) -> str:
    """The class in the active language."""
    return rule.name if (get_language() or "id").startswith("id") else rule.name_en
