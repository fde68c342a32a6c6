"""System checks: the table and its parts must fit together, or the portal does not start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, register

from accounts.roles import DESK_LABELS
from cases import workflow
from cases.workflow import SAME, State, Step


@dataclass(frozen=True, slots=True)
class Parts:
    """The names that exist outside the table."""

    guards: frozenset[str]
    forms: frozenset[str]
    letter_kinds: frozenset[str]
    wordings: frozenset[str]
    rules: frozenset[str]
    effects: frozenset[str]
    conditions: frozenset[str]


def known_parts() -> Parts:
    """What is implemented. Imported late: checks are registered before models are ready."""
    from cases.catalogue.choices import RULE_CODES
    from cases.forms import STEP_FORMS
    from cases.guards import GUARDS
    from cases.letters.kinds import KINDS
    from cases.services.effects import EFFECTS
    from cases.services.letters import CONDITIONS

    return Parts(
        guards=frozenset(GUARDS),
        forms=frozenset(STEP_FORMS) | {"intake"},
        letter_kinds=frozenset(KINDS),
        wordings=frozenset(f"{kind.name}/{variant}" for kind in KINDS.values() for variant in kind.variants or ("",)),
        rules=frozenset(RULE_CODES),
        effects=frozenset(EFFECTS),
        conditions=frozenset(CONDITIONS),
    )


@register("workflow")
def check_workflow(**_kwargs: Any) -> list[CheckMessage]:
    """The shipped table against the shipped parts."""
    return [
        Error(message, id=f"workflow.{code}")
        for code, message in problems(workflow.STATES, workflow.STEPS, workflow.INTAKE, known_parts())
    ]


def problems(
    states: tuple[State, ...], steps: tuple[Step, ...], intake: Step, parts: Parts
) -> Iterator[tuple[str, str]]:
    """Everything wrong with a table, as (code, sentence)."""
    yield from _duplicates(states, steps)
    yield from _unknown_names(states, steps, intake)
    yield from _graph(states, steps, intake)
    for step in (intake, *steps):
        yield from _unknown_parts(step, parts)
        if step.by not in DESK_LABELS:
            yield "E040", f"step {step.name!r} has no desk"


def _duplicates(states: tuple[State, ...], steps: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
    for what, names in (("state", [s.name for s in states]), ("step", [s.name for s in steps])):
        for name, count in Counter(names).items():
            if count > 1:
                yield "E010", f"{what} {name!r} is defined {count} times"


def _unknown_names(states: tuple[State, ...], steps: tuple[Step, ...], intake: Step) -> Iterator[tuple[str, str]]:
    names = {state.name for state in states}
    for step in (intake, *steps):
        for name in (*step.source, step.target):
            if name not in names and name != SAME:
                yield "E011", f"step {step.name!r} names the unknown state {name!r}"
    known = {step.name for step in steps}
    for step in steps:
        for name in step.four_eyes:
            if name not in known:
                yield "E012", f"step {step.name!r} checks the unknown step {name!r}"


def _graph(states: tuple[State, ...], steps: tuple[Step, ...], intake: Step) -> Iterator[tuple[str, str]]:
    reached, frontier = {intake.target}, [intake.target]
    while frontier:
        here = frontier.pop()
        for step in steps:
            if here in step.source and (target := step.lands_in(here)) not in reached:
                reached.add(target)
                frontier.append(target)
    sources = {name for step in steps for name in step.source}
    # A step that stays where it is leads nowhere.
    left = {name for step in steps for name in step.source if step.lands_in(name) != name}
    for state in states:
        if state.name not in reached:
            yield "E020", f"state {state.name!r} cannot be reached"
        if state.name not in left and not state.final:
            yield "E021", f"state {state.name!r} is a dead end but not declared final"
        if state.name in sources and state.final:
            yield "E022", f"state {state.name!r} is declared final but a step leaves it"


def _wordings(step: Step, parts: Parts) -> tuple[str, ...]:
    return tuple(f"{issue.kind}/{issue.variant}" for issue in step.letters if issue.kind in parts.letter_kinds)


def _letter_kinds(step: Step) -> tuple[str, ...]:
    named = (*(i.kind for i in step.letters), *(v.kind for v in step.voids), *(v.successor for v in step.voids))
    return tuple(filter(None, (*named, step.delivers)))


def _unknown_parts(step: Step, parts: Parts) -> Iterator[tuple[str, str]]:
    checks: tuple[tuple[str, str, tuple[str, ...], frozenset[str]], ...] = (
        ("E030", "guard", (*step.guards, *step.cautions), parts.guards),
        ("E031", "form", (step.form,), parts.forms),
        ("E032", "letter kind", _letter_kinds(step), parts.letter_kinds),
        ("E033", "deadline rule", step.clock.rules, parts.rules),
        ("E034", "effect", step.effects, parts.effects),
        ("E036", "wording of a letter", _wordings(step, parts), parts.wordings),
        (
            "E035",
            "letter condition",
            tuple(filter(None, (*(i.only_if for i in step.letters), *(v.only_if for v in step.voids)))),
            parts.conditions,
        ),
    )
    for code, what, names, known in checks:
        for name in names:
            if name not in known:
                yield code, f"step {step.name!r} names the unknown {what} {name!r}"
