"""The only doors to rows: who sees which case, event, letter, evidence, note — and what waits on whose desk.

Every list, page, count, search, export and letter goes through ``visible_to``; nothing else filters by institution.
The QuerySet classes know the models only through ``self``, so that the models can carry them as managers.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.roles import AUDITOR_DESK, Kind
from cases.workflow import (
    EVIDENCE_OPEN_TO,
    clock_acts_shown_to,
    desks,
    states_on_desk,
    states_open_to,
    states_with,
    steps_shown_to,
)

if TYPE_CHECKING:
    from accounts.models import Officer
    from accounts.prepared import Reader

    # Who asks: a desk held by a person, or what stands for one while a query is prepared.
    Asker: TypeAlias = Officer | Reader

#: The case column that names the institution of each kind carrying it.
CARRIER_FIELD: dict[Kind, str] = {Kind.BAWASLU: "bawaslu", Kind.REVIEWER: "reviewer", Kind.BKPSDM: "employer"}


def _case_door(officer: Asker | None, prefix: str = "") -> Q:
    """Condition on a case (reached through ``prefix``) that ``officer`` may see it."""
    nothing = Q(pk__in=[])
    if officer is None:
        return nothing
    desk, institution = officer.desk, officer.institution
    if desk == AUDITOR_DESK:
        # An auditor without a region audits the nation; otherwise the supervisor's region is the case's region.
        region = Q(**{f"{prefix}bawaslu__region": institution.region}) if institution.region else Q()
        return region & _not_walled_off(officer, prefix)
    if desk not in desks():
        return nothing
    return _not_walled_off(officer, prefix) & Q(
        **{
            f"{prefix}{CARRIER_FIELD[desk.kind]}_id": institution.pk,
            f"{prefix}state__in": states_open_to(desk.kind),
        }
    )


def _not_walled_off(officer: Asker, prefix: str) -> Q:
    """Condition that the case does not concern this person.

    It is not about them, nor about somebody named with them in one report, and they declared no conflict of interest
    in it. By person: a second desk or account opens nothing.
    """
    # Two small sets the database looks up once, instead of two questions asked anew for every row.
    conflicts = apps.get_model("cases", "Conflict").objects.filter(person=officer.person_key)
    free = ~Q(**{f"{prefix}pk__in": conflicts.values("case_id")})
    if officer.nip:
        own = apps.get_model("cases", "Case").objects.filter(subject_nip=officer.nip)
        free &= ~Q(**{f"{prefix}report_id__in": own.order_by().values("report_id")})
    return free


def _of_line(officer: Asker) -> Q:
    """Rows of the officer's institution, or of the one it succeeded: a case handed over comes with its whole file."""
    return Q(institution_id=officer.institution_id) | Q(institution__successor_id=officer.institution_id)


class DoorQuerySet(models.QuerySet[Any]):
    """A queryset of rows that belong to a case; ``case_path`` is the way there."""

    case_path = "case__"

    def in_visible_cases(self, officer: Asker | None) -> Self:
        """Rows of cases the officer may see, before the row's own walls."""
        return self.filter(_case_door(officer, self.case_path))


class CaseQuerySet(models.QuerySet[Any]):
    """Doors to cases."""

    def visible_to(self, officer: Asker | None) -> CaseQuerySet:
        """Cases this desk may see: carried by its institution in a state the table opens; auditors by region."""
        return self.filter(_case_door(officer))

    def on_desk_of(self, officer: Asker | None) -> CaseQuerySet:
        """Visible cases that wait for this desk now."""
        if officer is None:
            return self.none()
        return self.visible_to(officer).filter(state__in=states_on_desk(officer.desk))

    def waiting_for_others(self, officer: Asker | None) -> CaseQuerySet:
        """Visible open cases that wait for somebody else."""
        if officer is None:
            return self.none()
        return self.visible_to(officer).open().exclude(state__in=states_on_desk(officer.desk))

    def open(self) -> CaseQuerySet:
        """Cases not in a final state."""
        return self.filter(state__in=states_with(final=False))

    def overdue(self, on: dt.date) -> CaseQuerySet:
        """Open cases whose running deadline lies before ``on``."""
        return self.open().filter(due_on__lt=on, clock_paused=False)


class EventQuerySet(DoorQuerySet):
    """Doors to the history."""

    def visible_to(self, officer: Asker | None) -> EventQuerySet:
        """Events the officer may read: its own institution's, and steps the table shows to its kind."""
        rows = self.in_visible_cases(officer)
        if officer is None or officer.desk == AUDITOR_DESK:
            return rows
        shown = Q(kind="STEP", name__in=steps_shown_to(officer.desk.kind))
        shown |= Q(kind="DEADLINE", name__in=clock_acts_shown_to(officer.desk.kind))
        return rows.filter(_of_line(officer) | shown)


class LetterQuerySet(DoorQuerySet):
    """Doors to letters."""

    def visible_to(self, officer: Asker | None) -> LetterQuerySet:
        """Letters issued by or addressed to the officer's institution; sealed ones stay with the issuer."""
        rows = self.in_visible_cases(officer)
        if officer is None:
            return rows
        if officer.desk == AUDITOR_DESK:
            return rows.filter(sealed=False)
        own = _of_line(officer)
        held = Q(pk__in=self.model.addressees.through.objects.filter(
            institution_id=officer.institution_id).values("letter_id"))  # fmt: skip
        return rows.filter(own | held & Q(sealed=False))


class EvidenceQuerySet(models.QuerySet[Any]):
    """Doors to evidence. A file without a case belongs to all cases of its report."""

    def of_case(self, case: Any) -> EvidenceQuerySet:
        """Evidence in one case's file: its own and its report's."""
        return self.filter(Q(case=case) | Q(case__isnull=True, report_id=case.report_id))

    def visible_to(self, officer: Asker | None) -> EvidenceQuerySet:
        """Evidence in cases the officer may see: added by its institution, or by one whose evidence is open to it."""
        if officer is None:
            return self.none()
        cases = self.model._meta.get_field("report").related_model._meta.get_field("cases").related_model
        visible = cases.objects.visible_to(officer).order_by()
        of_case, of_report = visible.filter(pk=OuterRef("case_id")), visible.filter(report_id=OuterRef("report_id"))
        rows = self.filter(Exists(of_case) | Q(case__isnull=True) & Exists(of_report))
        if officer.desk == AUDITOR_DESK:
            return rows
        own = _of_line(officer)
        return rows.filter(own | Q(institution__kind__in=EVIDENCE_OPEN_TO.get(officer.desk.kind, ())))


class NoteQuerySet(DoorQuerySet):
    """Doors to internal notes."""

    def visible_to(self, officer: Asker | None) -> NoteQuerySet:
        """The officer's own institution's notes; auditors read all."""
        rows = self.in_visible_cases(officer)
        if officer is None or officer.desk == AUDITOR_DESK:
            return rows
        return rows.filter(_of_line(officer))
