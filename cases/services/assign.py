"""Who handles a case: taken, given, given on in bulk, and what happens when an officer leaves.

A signatory gives cases to the officers of the own institution; an officer may take one nobody handles. Every change is
an event in the case's own history, seen by the own institution.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import Role
from cases.clock import today
from cases.models import Assignment, Case, Event
from cases.querysets import CARRIER_FIELD
from cases.services.access import account_changed
from cases.services.errors import Refused, WrongDesk
from cases.services.locking import check_holding, lock
from cases.services.notify import Told, write_notices
from cases.services.record import write_event


@dataclass(slots=True)
class Reassigned:
    """What a bulk change did: cases given on, and those left alone with the sentence why."""

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)


def assign(*, case: Case, actor: Officer, officer: Officer | None, reason: str = "") -> Assignment | None:
    """Give ``case`` to ``officer`` of the actor's institution, or to nobody (None). Raises Refused.

    Giving it to whoever has it already changes nothing.
    """
    with transaction.atomic():
        locked = lock(case, actor)
        check_holding(actor)
        on = today(actor.institution.timezone)
        standing = _standing(locked, actor)
        _check_right(actor, officer, standing)
        if officer is not None:
            _check_target(locked, actor, officer, on)
        if (standing.officer_id if standing else None) == (officer.pk if officer else None):
            return standing
        before = standing.officer.name if standing else None
        if standing is not None:
            standing.to_on = on
            standing.save(update_fields=["to_on"])
        row = None
        if officer is not None:
            row = Assignment.objects.create(
                case=locked, institution=actor.institution, officer=officer, from_on=on, reason=reason.strip()[:300]
            )
        event = write_event(
            case=locked,
            kind=Event.Kind.DUTY,
            name="assign" if officer else "unassign",
            actor=actor,
            reason=reason.strip(),
            changes={"handler": [before, officer.name if officer else None]},
        )
        if officer is not None and officer.person_key != actor.person_key:
            write_notices(case=locked, about=f"event:{event.pk}", told=[Told(officer, "assigned")], facts={})
        return row


def reassign(*, actor: Officer, cases: Iterable[Case], officer: Officer | None, reason: str) -> Reassigned:
    """Give many cases on, each in its own transaction: one that cannot be given holds up none of the others."""
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    found = Reassigned()
    for case in cases:
        try:
            assign(case=case, actor=actor, officer=officer, reason=reason)
            found.done.append(case)
        except Refused as refusal:
            found.refused.append((case, refusal.sentence))
    return found


def handled_by(officer: Officer) -> list[Case]:
    """Open cases an officer handles, nearest deadline first."""
    rows = Case.objects.open().filter(assignments__officer=officer, assignments__to_on__isnull=True)
    return list(rows.order_by("due_on", "pk"))


def officer_left(
    *, actor: Officer, officer: Officer, last_day: dt.date, successor: Officer | None, reason: str
) -> Reassigned:
    """An officer leaves: the desk ends with ``last_day``, and every case still handled goes to ``successor``.

    Without a successor the cases go back to the whole desk. Raises Refused; then nothing was changed.
    """
    if not leads(actor) or actor.institution_id != officer.institution_id:
        raise WrongDesk(_("The signatory of the institution says who has left."))
    if officer.pk == actor.pk:
        raise Refused(_("You cannot end your own desk."), field="officer")
    if successor is not None and successor.pk == officer.pk:
        raise Refused(_("Name somebody else."), field="successor")
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    found = reassign(actor=actor, cases=handled_by(officer), officer=successor, reason=reason)
    if found.refused:
        return found
    with transaction.atomic():
        Officer.objects.filter(pk=officer.pk).update(valid_to=last_day)
        changes = {"valid_to": [str(officer.valid_to or ""), str(last_day)]}
        account_changed(actor=actor, what="officer", key=str(officer.pk), changes=changes)
    return found


def _standing(case: Case, actor: Officer) -> Assignment | None:
    rows = Assignment.objects.select_related("officer").filter(case=case, to_on__isnull=True)
    return rows.filter(institution=actor.institution_id).first()


def leads(officer: Officer) -> bool:
    """Whether this desk gives cases to the officers of its institution."""
    return officer.role == Role.SIGNATORY and officer.desk.kind in CARRIER_FIELD


def _check_right(actor: Officer, officer: Officer | None, standing: Assignment | None) -> None:
    if actor.desk.kind not in CARRIER_FIELD:
        raise WrongDesk(_("This desk only reads."))
    if leads(actor):
        return
    own = officer is not None and officer.pk == actor.pk
    gives_back = officer is None and standing is not None and standing.officer_id == actor.pk
    if not (own and standing is None) and not gives_back:
        raise WrongDesk(_("The signatory gives cases to officers; you can take one nobody handles."))


def _check_target(case: Case, actor: Officer, officer: Officer, on: dt.date) -> None:
    if officer.institution_id != actor.institution_id or officer.role != Role.OFFICER:
        raise Refused(_("Choose an officer of your own institution."), field="officer")
    if not Officer.objects.holding(on).filter(pk=officer.pk).exists():
        raise Refused(_("%(name)s no longer holds this desk.") % {"name": officer.name}, field="officer")
    if not Case.objects.visible_to(officer).filter(pk=case.pk).exists():
        raise Refused(_("%(name)s is walled off from this case.") % {"name": officer.name}, field="officer")
