"""What happens to letters issued before: taken out of force, delivered, shared with an institution that comes later.

A void letter keeps its number; its successor is linked. Every act leaves one event. Callers hold the case's lock.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accounts.models import Officer
from cases.clock import now
from cases.letters.copies import CONCERNED, Recipient, recipients
from cases.letters.kinds import KINDS
from cases.models import Case, Delivery, Event, Letter
from cases.querysets import CARRIER_FIELD
from cases.services.letters import CONDITIONS, holders_of
from cases.services.notify import tell_letter_void
from cases.services.record import write_event
from cases.services.situation import CaseSituation
from cases.workflow import Step

#: How an event names a letter withdrawn, with and without another in its place (``workflow.LETTER_ACTS``).
WITHDRAWN, REPLACED, DELIVERED = "withdraw_letter", "replace_letter", "record_delivery"


def write_void(letter: Letter, *, actor: Officer, reason: str, successor: Letter | None = None) -> None:
    """Mark ``letter`` as void and tell whoever holds a copy. The caller writes the event."""
    letter.voided_at, letter.void_reason, letter.voided_by, letter.successor = now(), reason, actor, successor
    letter.save(update_fields=["voided_at", "void_reason", "voided_by", "successor"])
    tell_letter_void(case=letter.case, letter=letter, actor=actor)


def void_facts(letter: Letter, successor: Letter | None = None) -> dict[str, Any]:
    """What the event keeps: which letter is void, and what stands in its place."""
    return {
        "withdrawn": str(letter.pk),
        "number": letter.number,
        "successor": str(successor.pk) if successor else "",
        "successor_number": successor.number if successor else "",
    }


def after_step(*, step: Step, situation: CaseSituation, issued: list[Letter], changed: Collection[str]) -> None:
    """Everything ``step`` does to earlier letters. ``issued`` are its own, ``changed`` the case columns it changed."""
    if not {*CARRIER_FIELD.values()}.isdisjoint(changed):
        _share(situation.case)
    if step.voids:
        _void_by_step(step, situation, issued)
    if step.delivers:
        _deliver_by_step(step, situation)


def _share(case: Case) -> None:
    """Copies of earlier letters reach the institution the case has just come to, as their kinds say."""
    for letter in Letter.objects.filter(case=case).only("pk", "kind"):
        kind = KINDS[letter.kind]
        letter.addressees.add(*holders_of(case, (*kind.to, *kind.copies)))


def _void_by_step(step: Step, situation: CaseSituation, issued: list[Letter]) -> None:
    case, actor, mine = situation.case, situation.actor, [letter.pk for letter in issued]
    data = situation.data or {}
    reason = str(data.get("reason") or data.get("considerations") or "")
    for void in step.voids:
        if void.only_if and not CONDITIONS[void.only_if](situation):
            continue
        successor = next((letter for letter in issued if letter.kind == void.successor), None)
        for letter in standing(case, void.kind).exclude(pk__in=mine):
            write_void(letter, actor=actor, reason=reason, successor=successor)
            write_event(
                case=case,
                kind=Event.Kind.LETTER,
                name=REPLACED if successor else WITHDRAWN,
                actor=actor,
                reason=reason,
                data=void_facts(letter, successor),
            )


def _deliver_by_step(step: Step, situation: CaseSituation) -> None:
    """The step's answers say how the employee received the standing letter of the kind the table names."""
    data, letter = situation.data or {}, standing(situation.case, step.delivers).last()
    copies = recipients(letter.context) if letter is not None else []
    for copy in (one for one in copies if one.name == CONCERNED):
        facts = {"manner": data["manner"], "delivered_on": data["received_on"], "received_by": data["received_by"]}
        write_delivery(letter, situation.case, situation.actor, copy, facts)


def write_delivery(letter: Letter, case: Case, actor: Officer, to: Recipient, facts: dict[str, Any]) -> Delivery:
    """Put on record that ``to`` got its copy; ``facts`` are manner, delivered_on and received_by."""
    facts = {"recipient": to.name, **facts}
    event = write_event(
        case=case,
        kind=Event.Kind.LETTER,
        name=DELIVERED,
        actor=actor,
        data={"letter": letter.pk, "number": letter.number, "place": to.place, **facts},
    )
    return Delivery.objects.create(
        letter=letter, place=to.place, recorded_by=actor, recorded_at=now(), event=event, **facts
    )


def standing(case: Case, kind: str) -> Any:
    """Letters of a kind that are in force in a case, oldest first."""
    return Letter.objects.filter(case=case, kind=kind, voided_at__isnull=True).order_by("event__seq", "position")
