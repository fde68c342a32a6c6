"""The lock every act on a case is done under, and whether the actor still holds the desk.

Both are asked inside each step's transaction while others wait: their texts are put together once (``cases.prepared``).
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import Desk
from cases.clock import today
from cases.models import Case
from cases.prepared import Hole, Prepared
from cases.querysets import CARRIER_FIELD
from cases.services.errors import NotVisible, WrongDesk


def door_for(manager: Any) -> Prepared:
    """The door to one row behind ``manager`` (of cases, or of a table like it), which it locks. No joins.

    PostgreSQL refuses to lock the nullable side of one; on SQLite the IMMEDIATE transaction is the lock.
    """

    def build(desk: Desk, named: bool, regional: bool) -> models.QuerySet[Any]:
        text = models.CharField()
        # What the door looks at, and nothing more: if it ever asks for something else, this fails instead of
        # letting one officer through by another's answer.
        somebody: Any = SimpleNamespace(
            desk=desk,
            institution=SimpleNamespace(
                pk=Hole("institution", models.BigIntegerField()), region=regional and Hole("region", text)
            ),
            nip=named and Hole("nip", text),
            person_key=Hole("person", text),
        )
        rows = manager.visible_to(somebody).order_by().select_for_update(of=("self",))
        return rows.filter(pk=Hole("pk", models.BigIntegerField()))

    return Prepared(build)


_CASE = door_for(Case.objects)


def through(door: Prepared, pk: int, actor: Officer) -> list[Any]:
    """The row ``pk`` behind ``door``, locked, if ``actor`` may see it: one row or none."""
    institution = actor.institution
    return door.rows(
        actor.desk, bool(actor.nip), bool(institution.region),
        pk=pk, institution=institution.pk, region=institution.region, nip=actor.nip, person=actor.person_key,
    )  # fmt: skip


def lock(case: Case, actor: Officer) -> Case:
    """The case's row, locked until the transaction ends. Raises NotVisible for a case this person may not see."""
    for locked in through(_CASE, case.pk, actor):
        for field in CARRIER_FIELD.values():  # the actor's own institution is at hand: not read again under the lock
            if getattr(locked, f"{field}_id") == actor.institution_id:
                setattr(locked, field, actor.institution)
        return locked
    raise NotVisible(_("There is no such case."))


_HOLDING = Prepared(
    lambda: (
        Officer.objects.holding(Hole("day", models.DateField()))  # type: ignore[arg-type]
        .filter(pk=Hole("pk", models.BigIntegerField()))
        .order_by()
    )
)


def check_holding(actor: Officer) -> None:
    """The actor still holds the desk. Whom the case is about never gets here: ``lock`` asks ``visible_to``."""
    if not _HOLDING.rows(day=today(actor.institution.timezone), pk=actor.pk):
        raise WrongDesk(_("You no longer hold this desk."))
