"""THE TABLE: every state a case can be in and every step that moves it. Pure Python, read top to bottom.

Rights, buttons, forms, letters, deadlines, notices, the diagram and the tests read this module and nothing else. A
name used here (guard, form, letter kind, deadline rule) must exist where it is implemented; system checks refuse the
start otherwise (``cases/checks.py``). The legal side of each number lives in dated reference data, never here.

Words: a *side* step is possible but is not what the case waits for; ``SAME`` means the state stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    Role,
)

SAME = "same"


def _(text: str) -> str:
    """Mark for translation; translated where it is shown, so that this module needs no Django."""
    return text


#: Stages shown to people. ``{reviewer}`` is filled from the case: the reviewing body is a dated record.
STAGES: dict[int, str] = {
    1: _("Report"),
    2: _("Clarification"),
    3: _("Bawaslu recommendation"),
    4: _("Review by {reviewer}"),
    5: _("BKPSDM sanction"),
}

BAWASLU, REVIEWER, BKPSDM = Kind.BAWASLU, Kind.REVIEWER, Kind.BKPSDM
SUPERVISOR = (BAWASLU,)
UP_TO_REVIEW = (BAWASLU, REVIEWER)
ALL_THREE = (BAWASLU, REVIEWER, BKPSDM)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A place a case can be. ``open_to`` lists the kinds that may see a case while it is here.

    ``outcome`` names how a finished case ended (for lists, statistics and colour); ``tone`` is its colour word.
    Auditors see every case of their region in every state.
    """

    name: str
    label: str
    stage: int
    open_to: tuple[Kind, ...]
    initial: bool = False
    final: bool = False
    outcome: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What a step does to the case's deadline.

    ``rule`` names a dated DeadlineRule; with ``rule_by`` the rule depends on an answer given in the step's form.
    ``starts_on`` names the form field holding the start date; empty means the day of the step. ``extend_by`` is the
    desk that may grant the rule's extension. ``receipt_by`` is the desk whose receipt of the letter starts the count:
    until it confirms one, the clock runs from the letter's date, so that silence wins no time.
    """

    action: str
    rule: str = ""
    rule_by: tuple[str, tuple[tuple[str, str], ...]] = ("", ())
    starts_on: str = ""
    extend_by: Desk | None = None
    receipt_by: Desk | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule code this clock may start."""
        return tuple(filter(None, (self.rule, *(code for _value, code in self.rule_by[1]))))


KEEP = Clock(action="keep")
STOP = Clock(action="stop")
PAUSE = Clock(action="pause")
RESUME = Clock(action="resume")


def start(rule: str, *, starts_on: str = "", extend_by: Desk | None = None, receipt_by: Desk | None = None) -> Clock:
    """End the running deadline and start ``rule``."""
    return Clock(action="start", rule=rule, starts_on=starts_on, extend_by=extend_by, receipt_by=receipt_by)


def start_by(field_name: str, *, starts_on: str = "", **rules: str) -> Clock:
    """Start the rule that belongs to the answer in ``field_name``."""
    return Clock(action="start", rule_by=(field_name, tuple(rules.items())), starts_on=starts_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A letter the step issues: its kind; one per entry of the list field ``each``; only when ``only_if`` holds.

    ``variant`` says which of the kind's wordings it is, where the kind has several (``LetterKind.variants``).
    """

    kind: str
    variant: str = ""
    each: str = ""
    only_if: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """An earlier letter the step takes out of force: the standing one of ``kind``, when ``only_if`` holds.

    ``successor`` is the kind of the step's own letter that takes its place; empty when nothing does.
    """

    kind: str
    successor: str = ""
    only_if: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing one desk may do to a case. ``by`` has no default on purpose: a step without a desk is a mistake.

    ``effects`` name what the step writes besides the state (``cases/services/effects.py``), in order.
    ``guards`` must all pass; ``cautions`` are said and recorded but do not block. ``requires`` are the answers the
    service insists on even when called without the form. ``four_eyes`` names earlier steps whose latest actor must be
    another person. ``shown_to`` are the kinds that read this step's content once they may see the case at all; the
    acting institution and auditors always do. ``done`` is the timeline's sentence. ``voids`` are earlier letters it
    takes out of force; ``delivers`` is the kind of letter whose handing over to the employee it puts on record.
    """

    name: str
    label: str
    help: str
    done: str
    source: tuple[str, ...]
    target: str
    by: Desk
    form: str
    guards: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    letters: tuple[Issue, ...] = ()
    voids: tuple[Void, ...] = ()
    delivers: str = ""
    clock: Clock = KEEP
    four_eyes: tuple[str, ...] = ()
    tells: tuple[Kind, ...] = ()
    shown_to: tuple[Kind, ...] = ()
    side: bool = False
    icon: str = "arrow-right"
    effects: tuple[str, ...] = ()

    @property
    def signs(self) -> bool:
        """A signatory puts a name under a letter: the person confirms first that nobody else sits there."""
        return self.by.role is Role.SIGNATORY and bool(self.letters)

    def lands_in(self, state: str) -> str:
        """The state a case in ``state`` is in after this step."""
        return state if self.target == SAME else self.target


STATES: tuple[State, ...] = (
    # --- 1 Report
    State(name="received", label=_("Report received"), stage=1, open_to=SUPERVISOR, initial=True),
    State(name="incomplete", label=_("Waiting for completion"), stage=1, open_to=SUPERVISOR),
    State(name="declined", label=_("Not registered"), stage=1, open_to=SUPERVISOR, final=True, outcome="declined"),
    # --- 2 Clarification
    State(name="registered", label=_("Registered"), stage=2, open_to=SUPERVISOR),
    State(name="clarification", label=_("Clarification"), stage=2, open_to=SUPERVISOR),
    # --- 3 Bawaslu recommendation
    State(name="assessment", label=_("Assessment"), stage=3, open_to=SUPERVISOR),
    State(name="plenary", label=_("Plenary"), stage=3, open_to=SUPERVISOR),
    State(name="dismissed", label=_("Dismissed"), stage=3, open_to=SUPERVISOR, final=True, outcome="dismissed"),
    # --- 4 Review
    State(name="forwarded", label=_("Forwarded"), stage=4, open_to=UP_TO_REVIEW),
    State(name="under_review", label=_("Under review"), stage=4, open_to=UP_TO_REVIEW),
    State(name="supplement", label=_("Supplement requested"), stage=4, open_to=UP_TO_REVIEW),
    State(name="review_board", label=_("Review board"), stage=4, open_to=UP_TO_REVIEW),
    State(name="unproven", label=_("Not proven"), stage=4, open_to=UP_TO_REVIEW, final=True, outcome="unproven"),
    # --- 5 Sanction
    State(name="sanction_recommended", label=_("Sanction recommended"), stage=5, open_to=ALL_THREE),
    State(name="examination", label=_("Examination"), stage=5, open_to=ALL_THREE),
    State(name="examined", label=_("Examined"), stage=5, open_to=ALL_THREE),
    State(name="decided", label=_("Decided"), stage=5, open_to=ALL_THREE),
    State(name="cleared", label=_("No sanction"), stage=5, open_to=ALL_THREE, final=True, outcome="cleared"),
    State(name="delivered", label=_("Decree delivered"), stage=5, open_to=ALL_THREE),
    State(name="appealed", label=_("Under appeal"), stage=5, open_to=ALL_THREE),
    State(name="annulled", label=_("Decree annulled"), stage=5, open_to=ALL_THREE, final=True, outcome="annulled"),
    State(name="in_force", label=_("In force"), stage=5, open_to=ALL_THREE),
    State(name="closed", label=_("Closed"), stage=5, open_to=ALL_THREE, final=True, outcome="sanctioned", tone="done"),
)

#: How a case is born. Not a move: there is no state before it.
INTAKE = Step(
    name="intake",
    label=_("New report or finding"),
    help=_("Records what was reported or found and opens one case for each employee named."),
    done=_("%(actor)s recorded the report."),
    source=(),
    target="received",
    by=BAWASLU_OFFICER,
    form="intake",
    letters=(Issue(kind="report_receipt", only_if="first_of_report"),),
    clock=start("initial_review", starts_on="received_on"),
    shown_to=(REVIEWER,),
    icon="file-plus",
)

STEPS: tuple[Step, ...] = (
    # ------------------------------------------------------------------ 1 Report
    Step(
        name="request_completion",
        label=_("Request completion"),
        help=_("Ask the reporter for the formal or material requirements that are missing."),
        done=_("%(actor)s asked the reporter to complete the report."),
        source=("received",),
        target="incomplete",
        by=BAWASLU_OFFICER,
        form="completion_request",
        guards=("has_reporter",),
        requires=("missing_items",),
        letters=(Issue(kind="completion_request"),),
        clock=start("completion"),
        side=True,
        icon="file-alert",
    ),
    Step(
        name="complete",
        label=_("Record completion"),
        help=_("Record what the reporter added; the initial review starts again."),
        done=_("%(actor)s recorded what was added to the report."),
        source=("incomplete",),
        target="received",
        by=BAWASLU_OFFICER,
        form="completion",
        requires=("added",),
        clock=start("initial_review"),
        icon="file-check",
    ),
    Step(
        name="decline",
        label=_("Decline registration"),
        help=_("The report is not registered. The reporter is told why."),
        done=_("%(actor)s declined to register the report."),
        source=("received", "incomplete"),
        target="declined",
        by=BAWASLU_SIGNATORY,
        form="decline",
        requires=("reason_code", "reason"),
        letters=(Issue(kind="status_notice", variant="not_registered", only_if="has_reporter"),),
        clock=STOP,
        side=True,
        icon="x",
    ),
    Step(
        name="register",
        label=_("Register"),
        help=_("Identify the employee, choose the violation, and give the case its registration number."),
        done=_("%(actor)s registered the case."),
        source=("received",),
        target="registered",
        by=BAWASLU_OFFICER,
        form="register",
        guards=("employee_identified", "not_conflicted", "violation_fits", "filed_in_time"),
        requires=("employee", "violation", "target_status"),
        clock=start("handling", extend_by=BAWASLU_SIGNATORY),
        shown_to=(REVIEWER,),
        icon="clipboard-check",
        effects=("identify",),
    ),
    # ------------------------------------------------------------------ 2 Clarification
    Step(
        name="invite",
        label=_("Invite to clarification"),
        help=_("Invite the reported person, the reporter or witnesses; at most two invitations a person."),
        done=_("%(actor)s issued invitations to clarification."),
        source=("registered", "clarification"),
        target="clarification",
        by=BAWASLU_OFFICER,
        form="invite",
        guards=("invited_ahead", "at_most_two_invitations"),
        requires=("people", "scheduled_on"),
        letters=(Issue(kind="clarification_invitation", each="people"),),
        shown_to=(REVIEWER,),
        icon="mail",
        effects=("write_invitations",),
    ),
    Step(
        name="record_clarification",
        label=_("Record clarification"),
        help=_("Record what a person said, and whether the oath was taken or refused."),
        done=_("%(actor)s recorded a clarification."),
        source=("clarification",),
        target="clarification",
        by=BAWASLU_OFFICER,
        form="clarification",
        requires=("person_role", "person_name", "statement", "oath"),
        letters=(Issue(kind="clarification_minutes"),),
        shown_to=(REVIEWER,),
        icon="message",
        effects=("write_statement",),
    ),
    Step(
        name="waive_clarification",
        label=_("Waive clarification"),
        help=_("Go to assessment without hearing anyone, for a stated reason."),
        done=_("%(actor)s waived the clarification."),
        source=("registered",),
        target="assessment",
        by=BAWASLU_OFFICER,
        form="reason",
        requires=("reason",),
        shown_to=(REVIEWER,),
        side=True,
        icon="player-skip-forward",
    ),
    Step(
        name="conclude_clarification",
        label=_("Conclude clarification"),
        help=_("Everyone needed has been heard or was invited twice; write the assessment next."),
        done=_("%(actor)s concluded the clarification."),
        source=("clarification",),
        target="assessment",
        by=BAWASLU_OFFICER,
        form="confirm",
        guards=("reported_heard_or_invited_twice",),
        shown_to=(REVIEWER,),
        icon="checks",
    ),
    # ------------------------------------------------------------------ 3 Bawaslu recommendation
    Step(
        name="propose",
        label=_("Submit assessment to plenary"),
        help=_("Findings for each element of the violation and the outcome you propose."),
        done=_("%(actor)s submitted the assessment to the plenary."),
        source=("assessment",),
        target="plenary",
        by=BAWASLU_OFFICER,
        form="assessment",
        guards=("intent_stated",),
        requires=("facts", "analysis", "conclusion", "proposed_outcome"),
        letters=(Issue(kind="assessment"),),
        shown_to=(REVIEWER,),
        icon="gavel",
    ),
    Step(
        name="return_assessment",
        label=_("Return the assessment"),
        help=_("Send the assessment back to the officer with a reason."),
        done=_("%(actor)s returned the assessment."),
        source=("plenary",),
        target="assessment",
        by=BAWASLU_SIGNATORY,
        form="reason",
        requires=("reason",),
        side=True,
        icon="arrow-back-up",
    ),
    Step(
        name="dismiss",
        label=_("Dismiss"),
        help=_("The plenary finds no violation to forward. The reporter is told why."),
        done=_("%(actor)s dismissed the case after the plenary."),
        source=("plenary",),
        target="dismissed",
        by=BAWASLU_SIGNATORY,
        form="dismiss",
        requires=("reason", "plenary_number", "plenary_on"),
        letters=(Issue(kind="status_notice", variant="not_forwarded", only_if="has_reporter"),),
        clock=STOP,
        four_eyes=("propose",),
        icon="x",
    ),
    Step(
        name="forward",
        label=_("Forward the recommendation"),
        help=_("Sign the recommendation and send the file to the reviewing body in office today."),
        done=_("%(actor)s forwarded the recommendation to %(reviewer)s."),
        source=("plenary",),
        target="forwarded",
        by=BAWASLU_SIGNATORY,
        form="forward",
        guards=("has_evidence", "reviewer_in_office"),
        requires=("reviewer", "plenary_number", "plenary_on"),
        letters=(
            Issue(kind="bawaslu_recommendation"),
            Issue(kind="status_notice", variant="sent_on", only_if="has_reporter"),
        ),
        clock=start("reviewer_review"),
        four_eyes=("propose",),
        tells=(REVIEWER,),
        shown_to=(REVIEWER, BKPSDM),
        icon="send",
        effects=("set_reviewer",),
    ),
    # ------------------------------------------------------------------ 4 Review
    Step(
        name="accept",
        label=_("Accept the file"),
        help=_("Confirm that the file has arrived and begin the review."),
        done=_("%(actor)s accepted the file and began the review."),
        source=("forwarded",),
        target="under_review",
        by=REVIEWER_OFFICER,
        form="confirm",
        tells=(BAWASLU,),
        shown_to=(BAWASLU,),
        icon="inbox",
    ),
    Step(
        name="request_supplement",
        label=_("Request a supplement"),
        help=_("Ask Bawaslu for what is missing. Your deadline pauses until they answer."),
        done=_("%(actor)s asked Bawaslu for a supplement; the deadline is paused."),
        source=("under_review",),
        target="supplement",
        by=REVIEWER_OFFICER,
        form="supplement_request",
        requires=("missing_items",),
        letters=(Issue(kind="supplement_request"),),
        clock=PAUSE,
        tells=(BAWASLU,),
        shown_to=(BAWASLU,),
        side=True,
        icon="player-pause",
    ),
    Step(
        name="supply",
        label=_("Supply the supplement"),
        help=_("Send what the reviewer asked for. Their deadline runs on."),
        done=_("%(actor)s supplied the supplement; the deadline runs on."),
        source=("supplement",),
        target="under_review",
        by=BAWASLU_OFFICER,
        form="supplement",
        requires=("added",),
        letters=(Issue(kind="supplement_reply"),),
        clock=RESUME,
        tells=(REVIEWER,),
        shown_to=(REVIEWER,),
        icon="refresh",
    ),
    Step(
        name="propose_review",
        label=_("Propose the review result"),
        help=_("Your analysis, whether it is proven, and the level you propose."),
        done=_("%(actor)s proposed the result of the review."),
        source=("under_review",),
        target="review_board",
        by=REVIEWER_OFFICER,
        form="review",
        guards=("level_fits_finding",),
        requires=("analysis", "finding"),
        letters=(Issue(kind="review_memo"),),
        icon="clipboard-check",
    ),
    Step(
        name="return_review",
        label=_("Return the review"),
        help=_("Send the review back to the officer with a reason."),
        done=_("%(actor)s returned the review."),
        source=("review_board",),
        target="under_review",
        by=REVIEWER_SIGNATORY,
        form="reason",
        requires=("reason",),
        side=True,
        icon="arrow-back-up",
    ),
    Step(
        name="close_unproven",
        label=_("Close as not proven"),
        help=_("The violation is not proven; the case ends here and Bawaslu gets a copy."),
        done=_("%(actor)s closed the case as not proven."),
        source=("review_board",),
        target="unproven",
        by=REVIEWER_SIGNATORY,
        form="reason",
        requires=("reason",),
        letters=(Issue(kind="unproven_notice"),),
        clock=STOP,
        four_eyes=("propose_review",),
        tells=(BAWASLU,),
        shown_to=(BAWASLU,),
        icon="x",
        effects=("set_unproven",),
    ),
    Step(
        name="recommend_sanction",
        label=_("Recommend a sanction"),
        help=_("Sign the recommendation to the employing authority of this employee; Bawaslu gets a copy."),
        done=_("%(actor)s recommended a sanction to %(employer)s."),
        source=("review_board",),
        target="sanction_recommended",
        by=REVIEWER_SIGNATORY,
        form="recommend",
        guards=("level_fits_finding", "right_employer", "satgas_decided"),
        requires=("finding", "legal_basis", "employer"),
        letters=(Issue(kind="reviewer_recommendation"),),
        clock=start("employer_follow_up", receipt_by=BKPSDM_OFFICER),
        four_eyes=("propose_review",),
        tells=(BKPSDM, BAWASLU),
        shown_to=(BAWASLU, BKPSDM),
        icon="send",
        effects=("set_recommendation",),
    ),
    Step(
        name="escalate",
        label=_("Escalate the delay"),
        help=_("The employing authority let its deadline pass; remind it in writing and report the delay."),
        done=_("%(actor)s escalated the employing authority's delay."),
        source=("sanction_recommended", "examination", "examined"),
        target=SAME,
        by=REVIEWER_SIGNATORY,
        form="escalate",
        guards=("deadline_passed",),
        requires=("reason",),
        letters=(Issue(kind="escalation_notice"),),
        tells=(BKPSDM, BAWASLU),
        shown_to=(BAWASLU, BKPSDM),
        side=True,
        icon="alert-triangle",
    ),
    # ------------------------------------------------------------------ 5 Sanction
    Step(
        name="start_examination",
        label=_("Start the examination"),
        help=_("Name who examines: the direct superior, an examination team, or an ethics council."),
        done=_("%(actor)s started the examination."),
        source=("sanction_recommended",),
        target="examination",
        by=BKPSDM_OFFICER,
        form="examination_order",
        guards=("examiner_fits_level", "examiners_complete", "examiners_rank", "examiners_impartial"),
        requires=("examined_by", "examiners"),
        letters=(Issue(kind="examination_order"),),
        icon="users",
        effects=("write_examiners",),
    ),
    Step(
        name="summon",
        label=_("Summon"),
        help=_("Summon the employee to the examination; a second summons only after the first was missed."),
        done=_("%(actor)s summoned the employee to the examination."),
        source=("examination",),
        target="examination",
        by=BKPSDM_OFFICER,
        form="summon",
        guards=("at_most_two_summonses", "first_summons_missed"),
        cautions=("summons_notice", "second_summons_late"),
        requires=("scheduled_on", "place", "report_to"),
        letters=(Issue(kind="summons"),),
        icon="mail",
        effects=("write_summons",),
    ),
    Step(
        name="record_examination",
        label=_("Record the examination"),
        help=_("Questions and answers of the examination; signed, or refused and said so."),
        done=_("%(actor)s recorded the examination."),
        source=("examination",),
        target="examination",
        by=BKPSDM_OFFICER,
        form="examination",
        requires=("held_on", "questions", "signed"),
        letters=(Issue(kind="examination_minutes"),),
        icon="message",
        effects=("write_examination",),
    ),
    Step(
        name="report_examination",
        label=_("Report the examination"),
        help=_("Findings, aggravating and mitigating factors, impact, and what you propose."),
        done=_("%(actor)s reported the result of the examination."),
        source=("examination",),
        target="examined",
        by=BKPSDM_OFFICER,
        form="examination_report",
        guards=("examined_or_missed_twice",),
        requires=("findings", "impact", "proven"),
        letters=(Issue(kind="examination_report"),),
        icon="file-text",
    ),
    Step(
        name="return_examination",
        label=_("Return the examination report"),
        help=_("Send the report back for further examination with a reason."),
        done=_("%(actor)s returned the examination report."),
        source=("examined",),
        target="examination",
        by=BKPSDM_SIGNATORY,
        form="reason",
        requires=("reason",),
        side=True,
        icon="arrow-back-up",
    ),
    Step(
        name="decide_sanction",
        label=_("Decide the sanction"),
        help=_("Choose and sign the sanction. Another level than recommended needs a reason."),
        done=_("%(actor)s decided the sanction."),
        source=("examined",),
        target="decided",
        by=BKPSDM_SIGNATORY,
        form="decision",
        guards=(
            "sanction_in_force",
            "sanction_fits_employment",
            "level_reasoned",
            "heavier_on_repetition",
            "post_lock_approved",
            "satgas_for_sanction",
        ),
        cautions=("authority_to_punish",),
        requires=("sanction", "article", "proven_act"),
        letters=(Issue(kind="sanction_decree"),),
        clock=start("decree_delivery"),
        four_eyes=("report_examination",),
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        icon="gavel",
        effects=("write_decision",),
    ),
    Step(
        name="decide_no_sanction",
        label=_("Decide: no sanction"),
        help=_("The violation is not proven in the examination. The reviewer and Bawaslu are told why."),
        done=_("%(actor)s decided that no sanction is imposed."),
        source=("examined",),
        target="cleared",
        by=BKPSDM_SIGNATORY,
        form="reason",
        requires=("reason",),
        letters=(Issue(kind="followup_report", variant="no_sanction"),),
        clock=STOP,
        four_eyes=("report_examination",),
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        icon="x",
    ),
    Step(
        name="deliver",
        label=_("Record delivery"),
        help=_("When, how and to whom the decree was handed over. It takes force on the 15th working day after."),
        done=_("%(actor)s recorded the delivery of the decree."),
        source=("decided",),
        target="delivered",
        by=BKPSDM_OFFICER,
        form="delivery",
        guards=("delivered_after_decree",),
        cautions=("delivered_late",),
        requires=("received_on", "manner", "received_by"),
        letters=(Issue(kind="delivery_record"),),
        delivers="sanction_decree",
        clock=start("entry_into_force", starts_on="received_on"),
        shown_to=(REVIEWER, BAWASLU),
        icon="package",
        effects=("write_delivery",),
    ),
    Step(
        name="appeal",
        label=_("Record an appeal"),
        help=_("An objection to the employing authority, or an administrative appeal against a dismissal."),
        done=_("%(actor)s recorded an appeal."),
        source=("delivered",),
        target="appealed",
        by=BKPSDM_OFFICER,
        form="appeal",
        guards=("appeal_in_time", "appeal_kind_fits"),
        requires=("kind", "filed_on", "grounds"),
        letters=(Issue(kind="appeal_record"),),
        clock=start_by("kind", starts_on="filed_on", objection="objection_ruling", appeal="appeal_ruling"),
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        side=True,
        icon="scale",
        effects=("write_appeal",),
    ),
    Step(
        name="replace_decree",
        label=_("Revoke and replace the decree"),
        help=_("The old decree stays in the file as void; a new one is decided and delivered."),
        done=_("%(actor)s revoked the decree and decided a new one."),
        source=("delivered", "in_force"),
        target="decided",
        by=BKPSDM_SIGNATORY,
        form="replacement",
        guards=(
            "sanction_in_force",
            "sanction_fits_employment",
            "level_reasoned",
            "heavier_on_repetition",
            "post_lock_approved",
            "satgas_for_sanction",
        ),
        cautions=("authority_to_punish",),
        requires=("reason", "sanction", "article", "proven_act"),
        letters=(Issue(kind="sanction_decree"),),
        voids=(Void(kind="sanction_decree", successor="sanction_decree"),),
        clock=start("decree_delivery"),
        four_eyes=("report_examination",),
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        side=True,
        icon="replace",
        effects=("revoke_decision", "write_decision"),
    ),
    Step(
        name="uphold",
        label=_("Record the ruling: sanction stands"),
        help=_("Upheld, lightened, aggravated or changed, with the sanction that now holds."),
        done=_("%(actor)s recorded the ruling on the appeal: a sanction holds."),
        source=("appealed",),
        target="in_force",
        by=BKPSDM_SIGNATORY,
        form="ruling",
        guards=("ruling_fits_sanction", "sanction_fits_employment"),
        requires=("ruling", "ruling_number", "ruling_on", "considerations"),
        letters=(Issue(kind="appeal_ruling"),),
        voids=(Void(kind="sanction_decree", only_if="decision_revoked"),),
        clock=STOP,
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        icon="scale",
        effects=("write_ruling",),
    ),
    Step(
        name="annul",
        label=_("Record the ruling: decree annulled"),
        help=_("The decree is annulled on appeal; the case ends and the reviewer and Bawaslu are told."),
        done=_("%(actor)s recorded the ruling on the appeal: the decree is annulled."),
        source=("appealed",),
        target="annulled",
        by=BKPSDM_SIGNATORY,
        form="annulment",
        requires=("ruling_number", "ruling_on", "considerations"),
        letters=(Issue(kind="appeal_ruling"), Issue(kind="followup_report", variant="void")),
        voids=(Void(kind="sanction_decree"),),
        clock=STOP,
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        icon="scale",
        effects=("write_annulment",),
    ),
    Step(
        name="enforce",
        label=_("Record entry into force"),
        help=_("The 15th working day after receipt has come and nobody appealed."),
        done=_("%(actor)s recorded that the decree is in force."),
        source=("delivered",),
        target="in_force",
        by=BKPSDM_OFFICER,
        form="confirm",
        guards=("fifteenth_day_reached",),
        clock=STOP,
        shown_to=(REVIEWER, BAWASLU),
        icon="check",
        effects=("put_in_force",),
    ),
    Step(
        name="close",
        label=_("Close the case"),
        help=_("Enter the sanction in the national discipline record and report to the reviewer and Bawaslu."),
        done=_("%(actor)s closed the case."),
        source=("in_force",),
        target="closed",
        by=BKPSDM_OFFICER,
        form="closing",
        requires=("record_number", "recorded_on"),
        letters=(Issue(kind="followup_report", variant="carried_out"),),
        clock=STOP,
        tells=(REVIEWER, BAWASLU),
        shown_to=(REVIEWER, BAWASLU),
        icon="archive",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAct:
    """Something done to a running deadline without moving the case. ``shown_to`` and ``done`` as in a step."""

    name: str
    label: str
    done: str
    shown_to: tuple[Kind, ...] = ()
    icon: str = "clock"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterAct:
    """Something done to an issued letter without moving the case, by these desks of the institution that issued it."""

    name: str
    label: str
    done: str
    by: tuple[Desk, ...]
    icon: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAct:
    """Something done about the sealed reporter, or about who may see a case; moves nothing. ``done`` as in a step.

    ``by`` are the desks that may do it, of the institution that carries the case; ``second`` says that it answers what
    another person began, compared by person.
    """

    name: str
    label: str
    done: str
    by: tuple[Desk, ...]
    second: bool = False
    icon: str = "lock"


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

# ---------------------------------------------------------------------- readings of the table

STATE: dict[str, State] = {state.name: state for state in STATES}
STEP: dict[str, Step] = {step.name: step for step in STEPS}
INITIAL: State = next(state for state in STATES if state.initial)
SEALED_ACT: dict[str, SealedAct] = {act.name: act for act in SEALED_ACTS}
CLOCK_ACT: dict[str, ClockAct] = {act.name: act for act in CLOCK_ACTS}
LETTER_ACT: dict[str, LetterAct] = {act.name: act for act in LETTER_ACTS}


def all_steps() -> tuple[Step, ...]:
    """Intake and every move: all that can leave an event of kind *step*."""
    return (INTAKE, *STEPS)


def step_or_intake(name: str) -> Step:
    """The step called ``name``, intake included. Raises KeyError when there is none."""
    return INTAKE if name == INTAKE.name else STEP[name]


def steps_from(state: str) -> tuple[Step, ...]:
    """Steps that may leave ``state``, in table order."""
    return tuple(step for step in STEPS if state in step.source)


def steps_for(state: str, desk: Desk) -> tuple[Step, ...]:
    """Steps ``desk`` may take from ``state``, before guards; main steps first."""
    steps = [step for step in steps_from(state) if step.by == desk]
    return tuple(sorted(steps, key=lambda step: step.side))


def holders(state: str) -> tuple[Desk, ...]:
    """Desks a case in ``state`` waits for; empty when it is final."""
    return tuple(dict.fromkeys(step.by for step in steps_from(state) if not step.side))


def states_on_desk(desk: Desk) -> tuple[str, ...]:
    """States in which a case waits for ``desk``."""
    return tuple(state.name for state in STATES if desk in holders(state.name))


def states_open_to(kind: Kind) -> tuple[str, ...]:
    """States in which an institution of ``kind`` that carries the case may see it."""
    return tuple(state.name for state in STATES if kind in state.open_to)


def states_with(*, final: bool) -> tuple[str, ...]:
    """Final states, or the ones where a case is still open."""
    return tuple(state.name for state in STATES if state.final is final)


def steps_shown_to(kind: Kind) -> tuple[str, ...]:
    """Steps whose content an institution of ``kind`` reads: its own and those the table opens to it."""
    return tuple(step.name for step in all_steps() if kind in (step.by.kind, *step.shown_to))


def steps_with_effect(effect: str) -> tuple[str, ...]:
    """Names of the steps that have ``effect``."""
    return tuple(step.name for step in STEPS if effect in step.effects)


def desks() -> tuple[Desk, ...]:
    """Every desk that takes part in a case."""
    return tuple(dict.fromkeys(step.by for step in all_steps()))


def clock_of(rule: str) -> Clock | None:
    """The clock that starts deadline rule ``rule``; None for a rule no step starts."""
    return next((step.clock for step in all_steps() if rule in step.clock.rules), None)


def clock_acts_shown_to(kind: Kind) -> tuple[str, ...]:
    """Acts on a deadline that an institution of ``kind`` reads once it may see the case."""
    return tuple(act.name for act in CLOCK_ACTS if kind in act.shown_to)


def holding_kinds(state: str) -> tuple[Kind, ...]:
    """Kinds of institution a case in ``state`` waits for."""
    return tuple(dict.fromkeys(desk.kind for desk in holders(state)))


def watcher(state: str) -> Kind | None:
    """Who, besides auditors, is told when a case in ``state`` stays late; None while nobody else may see it.

    The next institution on the case's way that may see it already, else the one before.
    """
    late = holding_kinds(state)
    others = [kind for kind in STATE[state].open_to if kind not in late]
    if not late or not others:
        return None
    order = list(ALL_THREE)
    here = order.index(late[0])
    after = [kind for kind in others if order.index(kind) > here]
    return after[0] if after else max(others, key=order.index)


def letter_kinds() -> Iterator[str]:
    """Every letter kind the table issues, once, in order."""
    return iter(dict.fromkeys(issue.kind for step in all_steps() for issue in step.letters))


def steps_voiding(kind: str) -> tuple[Step, ...]:
    """Steps that take a letter of ``kind`` out of force: such a letter is never withdrawn beside the procedure."""
    return tuple(step for step in STEPS if any(void.kind == kind for void in step.voids))


def kinds_voided() -> tuple[str, ...]:
    """Kinds of letters that some step takes out of force."""
    return tuple(dict.fromkeys(void.kind for step in STEPS for void in step.voids))
