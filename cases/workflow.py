"""THE TABLE: every state a case can be in and every step that moves it. Pure Python, the one place to read it from.

The steps stand in ``cases/table/``, a room a stage, and are joined here with the states. Rights, buttons, forms,
letters, deadlines, notices, the diagram and the tests read this module and nothing else. A name used in the table
(guard, form, letter kind, deadline rule) must exist where it is implemented; system checks refuse the start otherwise
(``cases/checks.py``). The legal side of each number lives in dated reference data, never here.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.roles import Desk, Kind
from cases.table import employer, reviewer, supervisor
from cases.table.acts import (
    CLOCK_ACTS,
    DISPOSAL_APPROVED_BY,
    DISPOSAL_ASKED_BY,
    EVIDENCE_OPEN_TO,
    EXPORT_CASES_BY,
    IDENTITY_OPEN_MINUTES,
    IMPORT_EMPLOYEES_BY,
    LETTER_ACTS,
    SEALED_ACTS,
)
from cases.table.supervisor import INTAKE
from cases.table.words import (
    BAWASLU,
    BKPSDM,
    REVIEWER,
    SAME,
    Clock,
    ClockAct,
    Issue,
    LetterAct,
    SealedAct,
    State,
    Step,
    Void,
    _,
    start,
)

__all__ = [
    "ALL_THREE",
    "BAWASLU",
    "BKPSDM",
    "CLOCK_ACT",
    "CLOCK_ACTS",
    "DISPOSAL_APPROVED_BY",
    "DISPOSAL_ASKED_BY",
    "EVIDENCE_OPEN_TO",
    "EXPORT_CASES_BY",
    "IDENTITY_OPEN_MINUTES",
    "IMPORT_EMPLOYEES_BY",
    "INITIAL",
    "INTAKE",
    "LETTER_ACT",
    "LETTER_ACTS",
    "REVIEWER",
    "SAME",
    "SEALED_ACT",
    "SEALED_ACTS",
    "STAGES",
    "STATE",
    "STATES",
    "STEP",
    "STEPS",
    "SUPERVISOR",
    "UP_TO_REVIEW",
    "Clock",
    "ClockAct",
    "Issue",
    "LetterAct",
    "SealedAct",
    "State",
    "Step",
    "Void",
    "all_steps",
    "clock_acts_shown_to",
    "clock_of",
    "desks",
    "holders",
    "holding_kinds",
    "kinds_voided",
    "letter_kinds",
    "start",
    "states_on_desk",
    "states_open_to",
    "states_with",
    "step_or_intake",
    "steps_for",
    "steps_from",
    "steps_shown_to",
    "steps_voiding",
    "steps_with_effect",
    "watcher",
]

#: Stages shown to people. ``{reviewer}`` is filled from the case: the reviewing body is a dated record.
STAGES: dict[int, str] = {
    1: _("Report"),
    2: _("Clarification"),
    3: _("Bawaslu recommendation"),
    4: _("Review by {reviewer}"),
    5: _("BKPSDM sanction"),
}

SUPERVISOR = (BAWASLU,)
UP_TO_REVIEW = (BAWASLU, REVIEWER)
ALL_THREE = (BAWASLU, REVIEWER, BKPSDM)

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

STEPS: tuple[Step, ...] = (*supervisor.STEPS, *reviewer.STEPS, *employer.STEPS)

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
