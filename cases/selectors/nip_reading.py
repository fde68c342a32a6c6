"""What the typed NIPs say, who they are in the registry, and whether the portal has a case like this already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.catalogue.choices import Employment
from cases.formats import long_date, short_date
from cases.models import Case, Employee
from cases.nip import PPPK, Nip, parse

#: Days between two acts within which a closed case of the same person is still worth a look.
NEAR_DAYS = 30
#: Hints shown; somebody reported more often than that needs a search.
MOST_HINTS = 5


@dataclass(slots=True)
class Reading:
    """One row of people typed. ``error`` says why the NIP cannot be read; ``hints`` are cases that may be the same."""

    number: int
    name: str
    nip: Nip | None = None
    error: str = ""
    looked_up: bool = True
    employee: Employee | None = None
    hints: list[dict[str, Any]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The number in words: born, appointed, kind of employment, sex."""
        if self.nip is None:
            return ""
        appointed = str(self.nip.appointed.year) if self.nip.employment == PPPK else _month(self.nip.appointed)
        return _("born %(born)s, appointed %(appointed)s, %(employment)s, %(sex)s") % {
            "born": long_date(self.nip.born),
            "appointed": appointed,
            "employment": Employment(self.nip.employment).label,
            "sex": _("Male") if self.nip.sex == "male" else _("Female"),
        }


def _month(day: dt.date) -> str:
    return long_date(day).partition(" ")[2]


def readings(
    officer: Officer, rows: Sequence[Mapping[str, Any]], act_on: dt.date | None, *, registry: bool = True
) -> list[Reading]:
    """One reading for each row with something in it, in two queries. Hints name only cases the officer may see.

    Without ``registry`` nobody is looked up, and no reading has an employee.
    """
    found = []
    for number, row in enumerate(rows, start=1):
        typed, name = str(row.get("nip") or "").strip(), str(row.get("name") or "").strip()
        if not typed and not name:
            continue
        reading = Reading(number, name, looked_up=registry)
        if typed:
            try:
                reading.nip = parse(typed)
            except ValidationError as error:
                reading.error = " ".join(error.messages)
        found.append(reading)
    nips = [reading.nip.digits for reading in found if reading.nip]
    people = Employee.objects.select_related("employer").filter(nip__in=nips) if registry and nips else ()
    known = {row.nip: row for row in people}
    cases = _like(officer, found)
    for reading in found:
        reading.employee = known.get(reading.nip.digits) if reading.nip else None
        reading.hints = [_hint(case) for case in cases if _same(case, reading) and _matters(case, act_on)][:MOST_HINTS]
    return found


def _like(officer: Officer, found: Sequence[Reading]) -> list[Case]:
    wanted = Q()
    for reading in found:
        if reading.nip:
            wanted |= Q(subject_nip=reading.nip.digits) | Q(reported_nip=reading.nip.digits)
        elif reading.name:
            wanted |= Q(subject_name__iexact=reading.name) | Q(reported_name__iexact=reading.name)
    if not wanted:
        return []
    cases = Case.objects.visible_to(officer).filter(wanted).select_related("report")
    return list(cases.order_by("-opened_on", "-pk")[:50])


def _same(case: Case, reading: Reading) -> bool:
    if reading.nip:
        return reading.nip.digits in (case.subject_nip, case.reported_nip)
    return reading.name.casefold() in (case.subject_name.casefold(), case.reported_name.casefold())


def _matters(case: Case, act_on: dt.date | None) -> bool:
    return not case.place.final or act_on is None or abs((case.report.occurred_on - act_on).days) <= NEAR_DAYS


def _hint(case: Case) -> dict[str, Any]:
    return {
        "number": str(case),
        "url": case.get_absolute_url(),
        "name": case.subject_name,
        "state": _(case.place.label),
        "act": short_date(case.report.occurred_on),
    }
