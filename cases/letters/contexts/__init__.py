"""What each letter says, frozen at the step: one builder a kind, by the institution that issues it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases.letters.contexts import decree, employer, outcome, reviewer, supervisor
from cases.letters.dossier import Dossier
from cases.letters.kinds import LetterKind

#: A builder gets the kind, the dossier, the entry of the list the letter is for (or None), and the number.
Builder = Callable[[LetterKind, Dossier, Any, str], dict[str, Any]]

BUILDERS: dict[str, Builder] = {
    "report_receipt": supervisor.report_receipt,
    "completion_request": supervisor.completion_request,
    "status_notice": supervisor.status_notice,
    "clarification_invitation": supervisor.clarification_invitation,
    "clarification_minutes": supervisor.clarification_minutes,
    "assessment": supervisor.assessment,
    "bawaslu_recommendation": supervisor.bawaslu_recommendation,
    "supplement_reply": supervisor.supplement_reply,
    "supplement_request": reviewer.supplement_request,
    "review_memo": reviewer.review_memo,
    "unproven_notice": reviewer.unproven_notice,
    "reviewer_recommendation": reviewer.reviewer_recommendation,
    "escalation_notice": reviewer.escalation_notice,
    "examination_order": employer.examination_order,
    "summons": employer.summons,
    "examination_minutes": employer.examination_minutes,
    "examination_report": employer.examination_report,
    "sanction_decree": decree.sanction_decree,
    "delivery_record": outcome.delivery_record,
    "appeal_record": outcome.appeal_record,
    "appeal_ruling": outcome.appeal_ruling,
    "followup_report": outcome.followup_report,
}


def build_context(
    kind: LetterKind, *, situation: Any, event: Any, item: Any, number: str, variant: str = ""
) -> dict[str, Any]:
    """The frozen content of one letter: everything its template reads, JSON-able, in Indonesian.

    ``situation`` is the step's (``services.situation``), ``event`` the event just written, ``item`` the entry of the
    list the letter is for, ``variant`` the wording the table asks for. Always holds ``subject`` and ``sealed``. Runs in
    the step's transaction.
    """
    return BUILDERS[kind.name](kind, Dossier(situation, event, variant), item, number)
