"""Questions to the reference data that have exactly one answer on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from accounts.prepared import Late, prepared
from cases.catalogue.choices import Regime
from cases.catalogue.models import DeadlineRule, Holiday, PositionClass, PunishAuthority


class NoRuleError(LookupError):
    """No deadline rule of that code holds on that day: the reference data are incomplete."""


def rule_for(code: str, regime: str, on: dt.date) -> DeadlineRule:
    """The deadline rule ``code`` that holds on ``on`` for an election regime; its own rule wins over ALL.

    ``on`` is the day the deadline starts. Raises NoRuleError, naming code, regime and day, when there is none.
    """
    rows = DeadlineRule.objects.in_force(on).filter(code=code, regime__in={regime, Regime.ALL})
    found = sorted(rows, key=lambda row: (row.regime != Regime.ALL, row.valid_from))
    if not found:
        raise NoRuleError(f"no deadline rule {code!r} for {regime} on {on.isoformat()}; see the reference data")
    return found[-1]


def authorities_for(
    position_class: str, level: str, on: dt.date, *, sanction_code: str = "", employment: str = ""
) -> list[PunishAuthority]:
    """Officials who may impose ``level`` on a holder of ``position_class`` on ``on``, the usual one first.

    A row made for particular sanctions pushes the others aside when ``sanction_code`` is one of them
    (dismissing the highest functional experts is the President's), and is left out otherwise. An empty answer
    means the text names nobody: then it is the next higher official (PP 94/2021). Where the text itself names
    two, both are returned: the office chooses and says why.
    """
    rows = [
        row
        for row in PunishAuthority.objects.in_force(on)
        if position_class in row.over_classes
        and level in row.levels
        and (not employment or employment in row.employments)
    ]
    special = [row for row in rows if sanction_code and sanction_code in row.sanction_codes]
    return special or [row for row in rows if not row.sanction_codes]


def position_class_on(code: str, on: dt.date) -> PositionClass | None:
    """The position class ``code`` as it was on ``on``, or None for a code the table does not know."""
    return PositionClass.objects.in_force(on).filter(code=code).order_by("-valid_from").first()


@prepared
def _days_off(_reader: None, count: int, **regions: Late) -> QuerySet[Any]:
    rows = Holiday.objects.filter(withdrawn=False, region__in=list(regions.values())).order_by("-region", "kind")
    return rows.values_list("date", "name", "estimated")


def days_off(regions: list[str]) -> tuple[tuple[dt.date | str, str, bool], ...]:
    """Day (as the database hands it over), name and whether it is an estimate, of the days off of these regions."""
    return _days_off.plain(None, len(regions), **{f"region{place}": region for place, region in enumerate(regions)})
