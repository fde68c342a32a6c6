"""The lock every act on a case is done under, and whether the actor still holds the desk.

Both are asked inside each step's transaction while others wait: their texts are put together once.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.prepared import Late, Prepared, Reader, prepared
from cases.clock import today
from cases.models import Case
from cases.models.report import Report
from cases.querysets import CARRIER_FIELD
from cases.services.errors import NotVisible, WrongDesk


def door_for(manager: Any) -> Prepared:
    """The door to one row behind ``manager`` (of cases, or of a table like it), which it locks. No joins.

    PostgreSQL refuses to lock the nullable side of one; on SQLite the IMMEDIATE transaction is the lock.
    """

    def build(reader: Reader, pk: Late) -> QuerySet[Any]:
        rows: QuerySet[Any] = manager.visible_to(reader).order_by().select_for_update(of=("self",))
        return rows.filter(pk=pk)

    return prepared(build)


_CASE = door_for(Case.objects)


@prepared
def _report(_reader: None, pk: Late) -> QuerySet[Report]:
    return Report.objects.select_related("election").filter(pk=pk).order_by()


def lock(case: Case, actor: Officer) -> Case:
    """The case's row with its report, locked until the transaction ends.

    Raises NotVisible for a case this person may not see.
    """
    for locked in _CASE(actor, pk=case.pk):
        for field in CARRIER_FIELD.values():  # the actor's own institution is at hand: not read again under the lock
            if getattr(locked, f"{field}_id") == actor.institution_id:
                setattr(locked, field, actor.institution)
        locked.report = _report.first(None, pk=locked.report_id)
        return locked
    raise NotVisible(_("There is no such case."))


@prepared
def _holding(reader: Reader, day: Late) -> QuerySet[Officer]:
    return Officer.objects.holding(day).filter(pk=reader.pk).order_by()


def check_holding(actor: Officer) -> None:
    """The actor still holds the desk. Whom the case is about never gets here: ``lock`` asks ``visible_to``."""
    if not _holding(actor, day=today(actor.institution.timezone)):
        raise WrongDesk(_("You no longer hold this desk."))
