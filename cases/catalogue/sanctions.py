"""Which sanctions stand open for an act, a person and a day of decision."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from cases.catalogue.models import DatedQuerySet, SanctionType
from cases.clock import today


def open_sanctions(
    on_act_date: dt.date, employment: str, level: str | None = None, on: dt.date | None = None
) -> DatedQuerySet:
    """Sanctions that may be imposed on ``on`` (default: today) for an act of ``on_act_date``, lightest first.

    Tempus delicti: the catalogue is the one in force when the act happened (PP 53/2010 before 31 August 2021,
    PP 94/2021 from then on). Suspended and transitional rows are told apart by the day of decision, in data.
    ``employment`` filters those that exist for PNS, CPNS or PPPK; ``level`` narrows to one level.
    """
    decided = on or today()
    rows = SanctionType.objects.in_force(on_act_date).filter(
        Q(imposable_to__isnull=True) | Q(imposable_to__gte=decided), imposable_from__lte=decided
    )
    if level:
        rows = rows.filter(level=level)
    # JSON lists cannot be searched alike on both engines, and the catalogue is small: choose here.
    open_to = [pk for pk, kinds in rows.values_list("pk", "open_to") if employment in kinds]
    return SanctionType.objects.filter(pk__in=open_to)


def is_heavier(one: SanctionType, other: SanctionType) -> bool:
    """True when ``one`` weighs more than ``other`` (for a repeated violation, PP 94/2021)."""
    return one.severity_rank > other.severity_rank
