"""Declaring a conflict of interest: the case no longer exists for that person, at any desk."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now, today
from cases.models import Assignment, Case, Conflict, Event
from cases.services.errors import Refused, WrongDesk
from cases.services.locking import lock
from cases.services.record import write_event
from cases.workflow import SEALED_ACT


def declare_conflict(*, case: Case, actor: Officer, reason: str) -> Event:
    """Wall ``actor``'s person off from ``case``, and give back what they handle of it. Cannot be taken back.

    The event comes first, so that it is written by somebody who could still see the case. Raises Refused.
    """
    act = SEALED_ACT["declare_conflict"]
    if actor.desk not in act.by:
        raise WrongDesk(_("This step belongs to another desk."))
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    with transaction.atomic():
        locked = lock(case, actor)
        handled = Assignment.objects.filter(case=locked, to_on__isnull=True, officer__in=_desks_of(actor))
        before = handled.values_list("officer__name", flat=True).first()
        event = write_event(
            case=locked,
            kind=Event.Kind.SEALED,
            name=act.name,
            actor=actor,
            reason=reason.strip(),
            changes={"handler": [before, None]} if before else {},
        )
        handled.update(to_on=today(actor.institution.timezone))
        Conflict.objects.create(
            case=locked, person=actor.person_key, officer=actor, reason=reason.strip(), declared_at=now()
        )
    return event


def _desks_of(actor: Officer) -> list[int]:
    same_person = Officer.objects.filter(nip=actor.nip) if actor.nip else Officer.objects.filter(user=actor.user_id)
    return [officer.pk for officer in same_person if officer.person_key == actor.person_key]
