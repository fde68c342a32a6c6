"""What a case page reads: the case with all it needs beside it, its history, its letters; each in one query."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Officer
from accounts.prepared import Late, Reader, prepared
from cases.models import Case, Event, Evidence, Letter, Note


def _counted(rows: QuerySet[Any]) -> Any:
    """The number of rows of a correlated query, in the outer query."""
    one_group = rows.order_by().annotate(all_=Value(1)).values("all_")
    return Coalesce(Subquery(one_group.annotate(n=Count("*")).values("n")), 0)


@prepared
def _visible_case(reader: Reader, *, number: Late) -> QuerySet[Case]:
    of_case = Q(case=OuterRef("pk"))
    of_file = of_case | Q(case__isnull=True, report=OuterRef("report_id"))
    return (
        Case.objects.visible_to(reader)
        .select_related(
            "report__election",
            "report__institution",
            "bawaslu",
            "reviewer",
            "employer",
            "employee__employer",
            "violation",
        )
        # At most one deadline of a case is open (a constraint holds that), so the join doubles no row.
        .annotate(running=FilteredRelation("deadlines", condition=Q(deadlines__ended_on__isnull=True)))
        .select_related("running__rule")
        .annotate(
            file_total=_counted(Evidence.objects.filter(of_file)),
            evidence_total=_counted(Evidence.objects.visible_to(reader).filter(of_file)),
            letter_total=_counted(Letter.objects.visible_to(reader).filter(of_case)),
            note_total=_counted(Note.objects.visible_to(reader).filter(of_case)),
            sibling_total=_counted(
                Case.objects.visible_to(reader).filter(report=OuterRef("report_id")).exclude(pk=OuterRef("pk"))
            ),
        )
        .filter(number=number)
        .order_by()
    )


def visible_case(number: str, officer: Officer) -> Case | None:
    """The case with all its page needs of related rows, or None when the officer may not see it."""
    found: Case | None = _visible_case.first(officer, number=number)
    return found


@prepared
def events_of(reader: Reader, *, case: Late) -> QuerySet[Event]:
    """Every event of a case, oldest first, each with ``readable``: whether this desk may read its content.

    One query for two readers: the steps' dates are the same for all, the content has walls.
    """
    readable = Event.objects.visible_to(reader).filter(pk=OuterRef("pk"))
    return Event.objects.filter(case=case).annotate(readable=Exists(readable)).order_by("seq")


@prepared
def letters_of(reader: Reader, *, case: Late) -> QuerySet[Letter]:
    """Letters of a case this desk may read, oldest first."""
    rows = Letter.objects.visible_to(reader).filter(case=case)
    return rows.defer("context").select_related("institution")


@prepared
def evidence_of(reader: Reader, *, case: Late, report: Late) -> QuerySet[Evidence]:
    """Evidence in the file of a case this desk may open, newest first: its own and its report's."""
    of_file = Q(case=case) | Q(case__isnull=True, report=report)
    rows = Evidence.objects.filter(of_file).visible_to(reader)
    return rows.select_related("institution", "added_by").order_by("-added_at", "pk")
