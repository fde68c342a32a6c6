"""The path of a step: the one function that makes something happen to a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now, today
from cases.guards import GUARDS
from cases.machine import TransitionNotAllowed, method_name
from cases.models import Case, Event, Reporter
from cases.models.hearing import PersonRole
from cases.services.clockwork import wind
from cases.services.earlier_letters import after_step
from cases.services.effects import EFFECTS
from cases.services.errors import FourEyes, GuardsFailed, OutOfOrder, Refused, Stale, WrongDesk
from cases.services.letters import issue_letters, reserve_letters
from cases.services.locking import check_holding, lock
from cases.services.notify import tell_step
from cases.services.readings import last_step
from cases.services.record import plain, reporter_commitments, write_event
from cases.services.situation import CaseSituation
from cases.workflow import STEP, Step

log = structlog.get_logger(__name__)

#: Case columns a step may change; what differs afterwards is recorded in the event.
TRACKED = (
    "reviewer", "employer", "registration_number", "employee", "snapshot", "subject_name", "subject_nip", "employment",
    "violation", "target_status", "finding", "recommended_level", "due_on", "clock_paused",
)  # fmt: skip
#: Case columns every step changes.
MOVED = ("state", "moves", "moved_at")


def move(*, case: Case, step: str, actor: Officer, seen: str, **answers: Any) -> Event:
    """Take ``step`` on ``case`` as ``actor``, who saw it as ``seen`` (``Case.seen_token``), with the form's answers.

    All or nothing: state, rows, deadline, one event, and letter rows commit together; letters are rendered after the
    commit. Raises a ``Refused`` (see ``errors``) with a sentence for the person; then nothing was written.
    """
    try:
        with transaction.atomic():
            return _move(lock(case, actor), STEP[step], actor, seen, answers)
    except Refused as refusal:
        log.info("step_refused", case=case.number, step=step, desk=str(actor.desk), why=type(refusal).__name__)
        raise


def admit(case: Case, step: Step, actor: Officer, seen: str, answers: dict[str, Any]) -> CaseSituation:
    """The locked case as the step finds it, once everything that could forbid the step was asked. Raises a Refused."""
    if case.seen_token != seen:
        raise Stale(changed_sentence(case), events=steps_since(case, seen, actor))
    check_desk(step, actor)
    if case.state not in step.source:
        raise OutOfOrder(
            _("“%(step)s” is not possible while the case is “%(state)s”.")
            % {"step": _(step.label), "state": _(case.place.label)}
        )
    situation = CaseSituation(case, actor, on=today(actor.institution.timezone), data=answers)
    check_four_eyes(case, step, actor)
    check_answers(step, situation)
    return situation


def pass_on(case: Case, step: Step) -> None:
    """Let the state machine take the step: state, count and time change; the caller saves."""
    try:
        getattr(case, method_name(step))()
    except TransitionNotAllowed as error:
        raise OutOfOrder(str(error)) from error
    case.moves += 1
    case.moved_at = now()


def _move(case: Case, step: Step, actor: Officer, seen: str, answers: dict[str, Any]) -> Event:
    situation = admit(case, step, actor, seen, answers)
    cautions = cautions_of(step, situation)
    before = _tracked(case)
    from_state = case.state
    pass_on(case, step)
    rows = [row for name in step.effects for row in EFFECTS[name](situation)]
    wind(situation, step.clock)
    after = _tracked(case)
    reserved = reserve_letters(step=step, situation=situation)
    event = write_event(
        case=case,
        kind=Event.Kind.STEP,
        name=step.name,
        actor=actor,
        from_state=from_state,
        to_state=case.state,
        reason=str(answers.get("reason") or ""),
        data=for_history(answers),
        changes=_changes(before, after),
        cautions=cautions,
        letters_issued=[letter.facts for letter in reserved],
        sealed=_commitments(case, answers),
        saving=(*MOVED, *(name for name in before if before[name] != after[name])),
    )
    for row in rows:
        row.event = event  # type: ignore[attr-defined]
        row.save()
    issued = issue_letters(reserved=reserved, situation=situation, event=event)
    after_step(step=step, situation=situation, issued=issued, changed=event.changes)
    tell_step(case=case, step=step, event=event, actor=actor)
    return event


def check_desk(step: Step, actor: Officer) -> None:
    """The step belongs to the actor's desk, which the actor still holds."""
    if actor.desk != step.by:
        raise WrongDesk(_("This step belongs to another desk."))
    check_holding(actor)


def check_four_eyes(case: Case, step: Step, actor: Officer) -> None:
    """Nobody approves what they wrote themselves; compared by person, not by account."""

    def last_taker(name: str) -> str:
        earlier = last_step(case, name)
        return earlier.actor_person if earlier is not None else ""

    if sentence := same_eyes(step, actor, last_taker):
        raise FourEyes(sentence)


def same_eyes(step: Step, actor: Officer, last_taker: Callable[[str], str]) -> str:
    """The sentence that says that ``actor`` took a step this one checks; empty when not.

    ``last_taker`` gives the person key of whoever took a step last, empty when nobody did. Pages ask with the history
    they have read anyway; the service asks the locked case.
    """
    for name in step.four_eyes:
        if last_taker(name) == actor.person_key:
            return _("You took the step “%(step)s” yourself; another person must do this.") % {
                "step": _(STEP[name].label)
            }
    return ""


def check_answers(step: Step, situation: CaseSituation) -> None:
    """Required answers are there, and every guard passes."""
    data = situation.data or {}
    missing = [name for name in step.requires if _blank(data.get(name))]
    if missing:
        raise Refused(_("An answer is missing: %(name)s.") % {"name": missing[0]}, field=missing[0])
    if reasons := reasons_against(step, situation):
        raise GuardsFailed(reasons)


def reasons_against(step: Step, situation: CaseSituation) -> list[tuple[str, str, str]]:
    """What the step's guards say no with: (guard, field, sentence)."""
    said = ((name, GUARDS[name].field, GUARDS[name](situation)) for name in step.guards)
    return [(name, field, sentence) for name, field, sentence in said if sentence is not None]


def cautions_of(step: Step, situation: CaseSituation) -> list[str]:
    """What is said and recorded but does not stop the step."""
    return [sentence for name in step.cautions if (sentence := GUARDS[name](situation)) is not None]


def _blank(answer: Any) -> bool:
    """Nothing said: nothing given, empty, or spaces only."""
    return answer in (None, "", [], {}) or (isinstance(answer, str) and not answer.strip())


def changed_sentence(case: Case) -> str:
    """What to say when the case is no longer as the person saw it."""
    return _("This case has changed since you opened the page; it is now “%(state)s”. Nothing was done.") % {
        "state": _(case.place.label)
    }


def steps_since(case: Case, seen: str, actor: Officer) -> list[Event]:
    """Steps taken since the page was drawn, as far as the person may read them."""
    _state, _dot, count = seen.rpartition(".")
    known = int(count) if count.isdecimal() else case.moves
    steps = Event.objects.filter(case=case, kind=Event.Kind.STEP).order_by("seq")
    visible = set(Event.objects.visible_to(actor).filter(case=case).values_list("pk", flat=True))
    # Intake is the first step event and not a move.
    return [event for event in steps[known + 1 :] if event.pk in visible]


def _tracked(case: Case) -> dict[str, Any]:
    """The tracked columns as stored: rows by their key, so that nothing is fetched that did not change."""
    return {
        column.name: getattr(case, column.attname) for column in case._meta.concrete_fields if column.name in TRACKED
    }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, told: a row by its natural key and label."""
    return {
        name: [_told(name, before[name]), _told(name, after[name])] for name in before if before[name] != after[name]
    }


def _told(name: str, value: Any) -> Any:
    model = Case._meta.get_field(name).related_model
    if value is None or not isinstance(model, type):
        return value
    return plain(model._base_manager.get(pk=value))


def for_history(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as history keeps them: what the sealed reporter said stays in the sealed row."""
    kept = dict(answers)
    if kept.get("person_role") == PersonRole.REPORTER:
        kept.pop("statement", None)
    return kept


def _commitments(case: Case, answers: Mapping[str, Any]) -> dict[str, str]:
    """The history vouches for the sealed reporter's statement without holding it."""
    if answers.get("person_role") != PersonRole.REPORTER or not answers.get("statement"):
        return {}
    reporter = Reporter.objects.filter(report_id=case.report_id).first()
    return reporter_commitments(reporter, statement=str(answers["statement"])) if reporter else {}
