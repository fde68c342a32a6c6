"""The letters a step would issue, before anybody signs: the step is really taken, read, and taken back.

Effects, deadline and event are written as ``move`` writes them and rolled back with the transaction, so that a draft
says what the letter will say; only the number is missing, which is given at signing. Nothing is left behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction

from accounts.models import Officer
from cases.clock import today
from cases.letters.contexts import build_context
from cases.letters.kinds import KINDS, LetterKind
from cases.models import Case, Event, Letter
from cases.services.clockwork import wind
from cases.services.effects import EFFECTS
from cases.services.errors import FourEyes, OutOfOrder
from cases.services.letters import CONDITIONS
from cases.services.move import (
    cautions_of,
    changed_sentence,
    check_desk,
    check_four_eyes,
    for_history,
    lock,
    pass_on,
    reasons_against,
)
from cases.services.numbers import format_number
from cases.services.record import plain, write_event
from cases.services.situation import CaseSituation
from cases.workflow import STEP, Issue, Step

#: Letters composed for one preview; a step that invites thirty people shows the first few.
MOST_LETTERS = 3
DOTS = "………"


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is not signed yet. ``earlier`` is the one of its kind this case issued before, if any."""

    kind: LetterKind
    context: dict[str, Any]
    earlier: Letter | None


@dataclass(slots=True)
class Drafted:
    """What a preview found: the drafts, and what speaks against the step. ``incomplete``: answers do not suffice."""

    drafts: list[Draft] = field(default_factory=list)
    total: int = 0
    reasons: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    four_eyes: str = ""
    incomplete: bool = False


class _TakenBack(Exception):
    """Ends the transaction of a preview."""


class _Blank(int):
    """A serial that is not given yet: prints as dots whatever the format asks for."""

    def __format__(self, _spec: str) -> str:
        return DOTS


def draft_letters(*, case: Case, step: str, actor: Officer, answers: dict[str, Any]) -> Drafted:
    """The letters ``step`` would issue with these answers. Writes nothing. Raises NotVisible, WrongDesk, OutOfOrder."""
    chosen, found = STEP[step], Drafted()
    try:
        with transaction.atomic():
            locked = lock(case, actor)
            check_desk(chosen, actor)
            if locked.state not in chosen.source:
                raise OutOfOrder(changed_sentence(locked))
            situation = CaseSituation(locked, actor, on=today(actor.institution.timezone), data=answers)
            try:
                check_four_eyes(locked, chosen, actor)
            except FourEyes as refusal:
                found.four_eyes = refusal.sentence
            _compose(chosen, situation, found)
            raise _TakenBack
    except _TakenBack:
        pass
    except (KeyError, LookupError, TypeError, AttributeError, ValueError, DatabaseError):
        # An answer the letter cannot do without is not given yet.
        found.incomplete = True
    return found


def _compose(step: Step, situation: CaseSituation, found: Drafted) -> None:
    case = situation.case
    found.reasons = [sentence for _name, _field, sentence in reasons_against(step, situation)]
    found.cautions = cautions_of(step, situation)
    from_state = case.state
    pass_on(case, step)
    rows = [row for name in step.effects for row in EFFECTS[name](situation)]
    wind(situation, step.clock)
    event = write_event(
        case=case, kind=Event.Kind.STEP, name=step.name, actor=situation.actor, from_state=from_state,
        to_state=case.state, data=for_history(situation.data or {}),
    )  # fmt: skip
    for row in rows:
        row.event = event  # type: ignore[attr-defined]
        row.save()
    for issue in step.letters:
        if issue.only_if and not CONDITIONS[issue.only_if](situation):
            continue
        for item in (situation.data or {})[issue.each] if issue.each else [None]:
            found.total += 1
            if len(found.drafts) < MOST_LETTERS:
                found.drafts.append(_draft(issue, item, situation, event))


def _draft(issue: Issue, item: Any, situation: CaseSituation, event: Event) -> Draft:
    kind, actor = KINDS[issue.kind], situation.actor
    number = format_number(
        actor.institution, kind.series, _Blank(), situation.on, situation.election.number_code, nature=kind.nature[:1]
    )
    context = build_context(kind, situation=situation, event=event, item=item, number=number, variant=issue.variant)
    earlier = Letter.objects.filter(
        case=situation.case, kind=kind.name, event__name=event.name, institution=actor.institution
    ).order_by("-event__seq", "position")
    return Draft(kind, plain({**context, "draft": True}), earlier.first() if not issue.each else None)
