"""Searching cases and their letters, by no field that the desk does not read (``cases.fields``)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Officer
from cases.fields import Where, shown
from cases.models import Letter

#: A condition that no row meets, and that adds nothing to another.
NOTHING = Q(pk__in=[])


def found_by(officer: Officer, **ways: Q) -> Q:
    """Any of the ways to find something, each named by the field of a case that it searches."""
    kind, found = officer.desk.kind, NOTHING
    for field, way in ways.items():
        if shown(field, kind, Where.SEARCH):
            found |= way
    return found


def letters_with(text: str, officer: Officer) -> QuerySet[Letter]:
    """Letters the desk reads whose number, case or employee has ``text`` in it; all of them for an empty one."""
    rows: QuerySet[Letter] = Letter.objects.visible_to(officer)
    if not text:
        return rows
    return rows.filter(
        found_by(
            officer,
            letter_number=Q(number__icontains=text),
            number=Q(case__number__icontains=text),
            subject_name=Q(case__subject_name__icontains=text),
        )
    )
