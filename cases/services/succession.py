"""An institution ends: its open cases go to its successor, in one act decided by two administrators.

Administrators see no case and choose none: every open case the institution carries goes over, each with an event of
its own. What is closed stays where it was closed. The legal basis (the regulation that ends the institution) is the
reason the administrators give; it stands in every event.
"""

from __future__ import annotations

from django.db import transaction

from accounts.models import Institution, Officer
from accounts.roles import Kind
from cases.clock import today
from cases.models import Assignment, Case, Event
from cases.querysets import CARRIER_FIELD
from cases.services.record import write_event

#: Columns the history tells as changes of the case; the supervisor's is told by whom the event is written for.
TOLD = ("reviewer", "employer")


def succeed(*, old: Institution, new: Institution, asked: Officer, decided: Officer, reason: str) -> int:
    """Hand every open case ``old`` carries to ``new``; returns how many. Must run inside a transaction."""
    column = CARRIER_FIELD.get(Kind(old.kind))
    if column is None:
        return 0
    on = today(new.timezone)
    with transaction.atomic():
        count = 0
        for case in Case.objects.open().filter(**{column: old}).select_for_update(of=("self",)).order_by("pk"):
            setattr(case, column, new)
            case.save(update_fields=[column])
            Assignment.objects.filter(case=case, institution=old, to_on__isnull=True).update(to_on=on)
            write_event(
                case=case,
                kind=Event.Kind.DUTY,
                name="succeed",
                actor=decided,
                reason=reason,
                institution=new,
                data={"from": old, "to": new, "successor": new.short_name, "asked_by": asked.name},
                changes={column: [old, new]} if column in TOLD else {},
            )
            count += 1
    return count
