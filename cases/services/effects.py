"""What a step writes besides the state. Each effect changes the locked case and returns rows to be tied to the event.

An effect is named in the table and runs after the guards, before the event; the caller saves the case, ties the
returned rows to the event and saves them. Effects never look at the clock or the request: all they need is in ``s``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models

from cases.models import Appeal, Decision, Examiner, Minutes, Rank, Summons
from cases.models.hearing import PersonRole, Purpose
from cases.sealed.reporter import seal_statement
from cases.services.numbers import take_registration_number
from cases.services.situation import CaseSituation

Rows = list[models.Model]
EFFECTS: dict[str, Callable[[CaseSituation], Rows]] = {}

#: What stands for the reporter wherever a person is named: the identity is sealed, so it is never typed in.
REPORTER_STANDS_AS = "Pelapor"


def effect(function: Callable[[CaseSituation], Rows]) -> Callable[[CaseSituation], Rows]:
    """Register an effect under its function's name."""
    EFFECTS[function.__name__] = function
    return function


def _answers(s: CaseSituation) -> dict[str, Any]:
    if s.data is None:
        raise LookupError("an effect runs only with answers")
    return s.data


def _standing(s: CaseSituation) -> Decision:
    """The standing decision. Raises LookupError in a state that has none: then the table is wrong."""
    if s.decision is None:
        raise LookupError(f"case {s.case.number} has no standing decision")
    return s.decision


def _delivered_on(decision: Decision) -> dt.date:
    if decision.delivered_on is None:
        raise LookupError("the decision was never delivered")
    return decision.delivered_on


@effect
def identify(s: CaseSituation) -> Rows:
    """Registration: freeze the employee, set the violation, give the official number."""
    data, case = _answers(s), s.case
    employee = data["employee"]
    rank = Rank.objects.filter(code=employee.rank).first()
    case.employee = employee
    case.snapshot = employee.snapshot(rank_name=rank.name if rank else "")
    case.subject_name, case.subject_nip = employee.name, employee.nip
    case.employment = employee.employment
    case.employer = employee.employer
    case.violation = data["violation"]
    case.target_status = data["target_status"]
    case.registration_number = take_registration_number(case=case, on=s.on)
    return []


@effect
def write_invitations(s: CaseSituation) -> Rows:
    """One invitation row a person."""
    data = _answers(s)
    rows: Rows = []
    for person in data["people"]:
        earlier = s.summonses(Purpose.CLARIFICATION, person["role"], person["name"])
        rows.append(_summons(s, Purpose.CLARIFICATION, person["role"], person["name"], len(earlier) + 1))
    return rows


@effect
def write_summons(s: CaseSituation) -> Rows:
    """The employee's first or second summons."""
    ordinal = len(s.summonses(Purpose.EXAMINATION)) + 1
    return [_summons(s, Purpose.EXAMINATION, PersonRole.REPORTED, s.case.subject_name, ordinal)]


def _summons(s: CaseSituation, purpose: str, role: str, name: str, ordinal: int) -> Summons:
    data = _answers(s)
    return Summons(
        case=s.case,
        purpose=purpose,
        person_role=role,
        person_name=name,
        ordinal=ordinal,
        issued_on=s.on,
        scheduled_on=data["scheduled_on"],
        scheduled_at=data["scheduled_at"],
        place=data["place"],
    )


@effect
def write_statement(s: CaseSituation) -> Rows:
    """Minutes of a clarification. What the reporter said goes to the sealed row, not into the history."""
    data = _answers(s)
    row = Minutes(
        case=s.case,
        purpose=Purpose.CLARIFICATION,
        person_role=data["person_role"],
        person_name=data["person_name"],
        held_on=data["held_on"],
    )
    if data["person_role"] == PersonRole.REPORTER:
        seal_statement(s.case.report_id, data["statement"])
    return [row]


@effect
def write_examination(s: CaseSituation) -> Rows:
    """Examination minutes (BAP), signed or refused."""
    data = _answers(s)
    return [
        Minutes(
            case=s.case,
            purpose=Purpose.EXAMINATION,
            person_role=PersonRole.REPORTED,
            person_name=s.case.subject_name,
            held_on=data["held_on"],
            signed=data["signed"],
        )
    ]


@effect
def set_reviewer(s: CaseSituation) -> Rows:
    """From here the reviewing body carries the case."""
    s.case.reviewer = _answers(s)["reviewer"]
    return []


@effect
def set_recommendation(s: CaseSituation) -> Rows:
    """What the reviewer recommends, and to whom."""
    data = _answers(s)
    s.case.finding = data["finding"]
    s.case.recommended_level = data.get("level") or ""
    s.case.employer = data["employer"]
    return []


@effect
def set_unproven(s: CaseSituation) -> Rows:
    """The review found nothing proven."""
    s.case.finding = "UNPROVEN"
    return []


@effect
def write_examiners(s: CaseSituation) -> Rows:
    """The superior, the team or the council."""
    return [
        Examiner(
            case=s.case,
            part=person["part"],
            name=person["name"],
            nip=person.get("nip", ""),
            position=person["position"],
            rank=person.get("rank", ""),
        )
        for person in _answers(s)["examiners"]
    ]


@effect
def revoke_decision(s: CaseSituation) -> Rows:
    """Void the standing decree; it stays in the file with date and reason."""
    decision = _standing(s)
    decision.void_on, decision.void_reason = s.on, _answers(s).get("reason") or _answers(s)["considerations"]
    decision.save(update_fields=["void_on", "void_reason"])
    return []


@effect
def write_decision(s: CaseSituation) -> Rows:
    """The sanction decided, replacing the decree voided just before, if any."""
    data = _answers(s)
    return [
        Decision(
            case=s.case,
            sanction=data["sanction"],
            article=data["article"],
            decided_on=s.on,
            replaces=s.decision if s.decision is not None and s.decision.void_on else None,
        )
    ]


@effect
def write_delivery(s: CaseSituation) -> Rows:
    """When the employee received the decree."""
    decision = _standing(s)
    decision.delivered_on = _answers(s)["received_on"]
    decision.save(update_fields=["delivered_on"])
    return []


@effect
def write_appeal(s: CaseSituation) -> Rows:
    """The objection or appeal."""
    data = _answers(s)
    Appeal.objects.create(decision=_standing(s), kind=data["kind"], filed_on=data["filed_on"])
    return []


def _rule(s: CaseSituation, ruling: str) -> Decision:
    decision = _standing(s)
    Appeal.objects.filter(decision=decision).update(ruling=ruling, ruled_on=_answers(s)["ruling_on"])
    return decision


@effect
def write_ruling(s: CaseSituation) -> Rows:
    """A sanction holds: the decided one, or the one the ruling put in its place; in force as the ruling says."""
    data = _answers(s)
    decision = _rule(s, data["ruling"])
    if data.get("sanction") in (None, decision.sanction):
        decision.in_force_on = data["ruling_on"]
        decision.save(update_fields=["in_force_on"])
        return []
    revoke_decision(s)
    return [
        Decision(
            case=s.case,
            sanction=data["sanction"],
            article=decision.article,
            decided_on=data["ruling_on"],
            delivered_on=data["ruling_on"],
            in_force_on=data["ruling_on"],
            replaces=decision,
        )
    ]


@effect
def write_annulment(s: CaseSituation) -> Rows:
    """Nothing holds."""
    _rule(s, Appeal.Ruling.ANNULLED)
    return revoke_decision(s)


@effect
def put_in_force(s: CaseSituation) -> Rows:
    """In force on the 15th working day after receipt, whatever the day somebody pressed the button."""
    decision = _standing(s)
    decision.in_force_on = s.due("entry_into_force", _delivered_on(decision))
    decision.save(update_fields=["in_force_on"])
    return []
