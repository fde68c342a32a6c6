"""THE TABLE, besides the steps: what is done to deadlines, letters, sealed identities; who may exchange, who dispose.

None of these moves a case.
"""

from __future__ import annotations

from accounts.roles import (
    AUDITOR_DESK,
    BAWASLU_OFFICER,
    BAWASLU_SIGNATORY,
    BKPSDM_OFFICER,
    BKPSDM_SIGNATORY,
    REVIEWER_OFFICER,
    REVIEWER_SIGNATORY,
    Desk,
    Kind,
)
from cases.table.words import BAWASLU, BKPSDM, REVIEWER, ClockAct, LetterAct, SealedAct, _

#: What can happen to a deadline besides the steps. Who may do it: ``Clock.extend_by``, ``Clock.receipt_by``; pausing
#: is for the institution that holds the case, and only where the dated rule allows it.
CLOCK_ACTS: tuple[ClockAct, ...] = (
    ClockAct(
        name="acknowledge_receipt",
        label=_("Confirm receipt"),
        done=_("%(actor)s confirmed receipt; the deadline counts from that day."),
        shown_to=(BAWASLU, REVIEWER, BKPSDM),
        icon="inbox",
    ),
    ClockAct(
        name="extend_deadline",
        label=_("Extend the deadline"),
        done=_("%(actor)s extended the deadline."),
        shown_to=(REVIEWER,),
        icon="calendar",
    ),
    ClockAct(
        name="pause_deadline",
        label=_("Pause the deadline"),
        done=_("%(actor)s paused the deadline."),
        shown_to=(BAWASLU, REVIEWER, BKPSDM),
        icon="player-pause",
    ),
    ClockAct(
        name="resume_deadline",
        label=_("Resume the deadline"),
        done=_("%(actor)s let the deadline run on."),
        shown_to=(BAWASLU, REVIEWER, BKPSDM),
        icon="refresh",
    ),
    ClockAct(
        name="recompute_deadline",
        label=_("Deadline recomputed"),
        done=_("The deadline was recomputed because the days off changed."),
        shown_to=(BAWASLU, REVIEWER, BKPSDM),
        icon="calendar",
    ),
)

#: What can happen to a letter besides being issued. Its own institution and auditors read about it.
LETTER_ACTS: tuple[LetterAct, ...] = (
    LetterAct(
        name="withdraw_letter",
        label=_("Withdraw the letter"),
        done=_("The letter %(number)s was withdrawn; its number stays, void."),
        by=(BAWASLU_SIGNATORY, REVIEWER_SIGNATORY, BKPSDM_SIGNATORY),
        icon="x",
    ),
    LetterAct(
        name="replace_letter",
        label=_("Withdraw and replace the letter"),
        done=_("The letter %(number)s was withdrawn and replaced."),
        by=(BAWASLU_SIGNATORY, REVIEWER_SIGNATORY, BKPSDM_SIGNATORY),
        icon="replace",
    ),
    LetterAct(
        name="record_delivery",
        label=_("Record a delivery"),
        done=_("%(actor)s recorded the delivery of the letter %(number)s."),
        by=(
            BAWASLU_OFFICER,
            BAWASLU_SIGNATORY,
            REVIEWER_OFFICER,
            REVIEWER_SIGNATORY,
            BKPSDM_OFFICER,
            BKPSDM_SIGNATORY,
        ),
        icon="package",
    ),
)

KEEPERS = (BAWASLU_OFFICER, BAWASLU_SIGNATORY)
#: Who may see who reported: only the receiving supervisor keeps the identity, and nobody opens it alone.
SEALED_ACTS: tuple[SealedAct, ...] = (
    SealedAct(
        name="ask_identity",
        label=_("Ask to see the reporter"),
        done=_("%(actor)s asked to see the reporter's identity."),
        by=KEEPERS,
    ),
    SealedAct(
        name="release_identity",
        label=_("Release"),
        done=_("%(actor)s released the reporter's identity to %(asker)s."),
        by=KEEPERS,
        second=True,
        icon="user-check",
    ),
    SealedAct(
        name="refuse_identity",
        label=_("Refuse"),
        done=_("%(actor)s refused to release the reporter's identity."),
        by=KEEPERS,
        second=True,
        icon="x",
    ),
    SealedAct(
        name="shred",
        label=_("Destroy the reporter's identity"),
        done=_("%(actor)s destroyed the reporter's identity for good."),
        by=(BAWASLU_SIGNATORY,),
        icon="x",
    ),
    SealedAct(
        name="declare_conflict",
        label=_("Declare a conflict of interest"),
        done=_("%(actor)s declared a conflict of interest and no longer sees this case."),
        by=(
            BAWASLU_OFFICER,
            BAWASLU_SIGNATORY,
            REVIEWER_OFFICER,
            REVIEWER_SIGNATORY,
            BKPSDM_OFFICER,
            BKPSDM_SIGNATORY,
            AUDITOR_DESK,
        ),
        icon="alert-triangle",
    ),
)
#: Minutes for which a released identity can be read.
IDENTITY_OPEN_MINUTES = 15

#: Whose evidence each kind reads besides its own. The inner examination stays with the employing authority.
EVIDENCE_OPEN_TO: dict[Kind, tuple[Kind, ...]] = {
    Kind.BAWASLU: (),
    Kind.REVIEWER: (Kind.BAWASLU,),
    Kind.BKPSDM: (Kind.BAWASLU, Kind.REVIEWER),
}

#: Exchange: who brings the registry of employees in (their own institution's rows only), and who takes case lists out
#: (only what they may see). Not steps: no case changes.
IMPORT_EMPLOYEES_BY: tuple[Desk, ...] = (BKPSDM_OFFICER,)
EXPORT_CASES_BY: tuple[Desk, ...] = (
    BAWASLU_OFFICER,
    BAWASLU_SIGNATORY,
    REVIEWER_OFFICER,
    REVIEWER_SIGNATORY,
    BKPSDM_OFFICER,
    BKPSDM_SIGNATORY,
    AUDITOR_DESK,
)

#: Who asks for, and who approves, the destruction of a closed case's contents once its retention is over: the
#: supervisor, who keeps the file; two persons.
DISPOSAL_ASKED_BY: Desk = BAWASLU_OFFICER
DISPOSAL_APPROVED_BY: Desk = BAWASLU_SIGNATORY
