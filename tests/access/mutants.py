"""Every rule about who may do and see what, taken away or turned round, and the judges who must notice.

``all_mutants`` lists them; each is applied with a MonkeyPatch to the running portal and judged by the one of
``tests.access.judges`` that looks at the part it can change; the full comparisons are tests of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import models
from django.db.models import Q

from accounts.models import Officer
from accounts.roles import DESK_LABELS, Desk, Kind
from cases import querysets, workflow
from cases.machine import method_name
from cases.models import Case
from cases.services import move as moving
from cases.workflow import STEP, Step
from portal import permissions
from tests.access.judges import (
    Judge,
    closed_desks,
    content_judge,
    evidence_judge,
    eyes_judge,
    guards,
    identity,
    identity_desks,
    letters_judge,
    locked,
    map_judge,
    notes,
    sees,
    stale,
    step_judge,
    strangers,
)  # fmt: skip
from tests.access.test_oracle import DESKS


@dataclass(frozen=True)
class Mutant:
    """One rule changed: how, and who judges."""

    family: str
    name: str
    spoil: Callable[[pytest.MonkeyPatch], None]
    judge: Judge

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def all_mutants(http: dict[str, Any]) -> list[Mutant]:
    """Every mutant, in order."""
    found: list[Mutant] = []
    for step in workflow.STEPS:
        found += _desks(step)
        found += _eyes(step)
        found += _sources(step)
    found += _visibility()
    found += _contents(http)
    found += _doors(http)
    found += _code()
    found += _permissions(http)
    found += _sealed()
    return found


# ---------------------------------------------------------------------- the table


def put(patch: pytest.MonkeyPatch, step: Step, **differs: Any) -> None:
    """The table with one step changed."""
    new = replace(step, **differs)
    patch.setitem(STEP, step.name, new)
    patch.setattr(workflow, "STEPS", tuple(new if one.name == step.name else one for one in workflow.STEPS))
    if workflow.INTAKE.name == step.name:
        patch.setattr(workflow, "INTAKE", new)


def _desks(step: Step) -> Iterator[Mutant]:
    kind_other = next(desk for desk in DESK_LABELS if desk.role == step.by.role and desk.kind != step.by.kind)
    role_other = next(desk for desk in DESK_LABELS if desk.kind == step.by.kind and desk.role != step.by.role)
    for other in (kind_other, role_other):

        def spoil(patch: pytest.MonkeyPatch, other: Desk = other) -> None:
            put(patch, step, by=other)

        yield Mutant("desk", f"{step.name} by {other}", spoil, step_judge(step.name))


def _eyes(step: Step) -> Iterator[Mutant]:
    for name in step.four_eyes:

        def spoil(patch: pytest.MonkeyPatch) -> None:
            put(patch, step, four_eyes=())

        yield Mutant("four eyes", f"{step.name} without {name}", spoil, eyes_judge(step.name))


def _sources(step: Step) -> Iterator[Mutant]:
    for state in step.source:

        def less(patch: pytest.MonkeyPatch, state: str = state) -> None:
            put(patch, step, source=tuple(one for one in step.source if one != state))

        yield Mutant("source", f"{step.name} not from {state}", less, step_judge(step.name))
    # One more that its desk can see, so that only the table's source stands between.
    more = [s.name for s in workflow.STATES if s.name not in step.source and step.by.kind in s.open_to]
    for state in more[:1]:

        def wider(patch: pytest.MonkeyPatch, state: str = state) -> None:
            put(patch, step, source=(*step.source, state))
            transitions = getattr(Case, method_name(step))._django_fsm.transitions
            patch.setitem(transitions, state, next(iter(transitions.values())))

        yield Mutant("source", f"{step.name} also from {state}", wider, step_judge(step.name))


def _visibility() -> Iterator[Mutant]:
    for state in workflow.STATES:
        for kind in workflow.ALL_THREE:
            there = kind in state.open_to
            kinds = tuple(k for k in state.open_to if k != kind) if there else (*state.open_to, kind)

            def spoil(patch: pytest.MonkeyPatch, state: Any = state, kinds: Any = kinds) -> None:
                new = replace(state, open_to=kinds)
                patch.setitem(workflow.STATE, state.name, new)
                patch.setattr(workflow, "STATES", tuple(new if s.name == state.name else s for s in workflow.STATES))

            yield Mutant("visibility", f"{state.name} {'hidden from' if there else 'shown to'} {kind}", spoil, sees)


def _contents(http: dict[str, Any]) -> Iterator[Mutant]:
    for step in workflow.all_steps():
        for kind in workflow.ALL_THREE:
            if kind == step.by.kind:
                continue
            there = kind in step.shown_to
            kinds = tuple(k for k in step.shown_to if k != kind) if there else (*step.shown_to, kind)

            def spoil(patch: pytest.MonkeyPatch, step: Step = step, kinds: Any = kinds) -> None:
                put(patch, step, shown_to=kinds)

            words = f"{step.name} {'kept from' if there else 'shown to'} {kind}"
            yield Mutant("content", words, spoil, content_judge(http, step.name))
    for kind, kinds in workflow.EVIDENCE_OPEN_TO.items():
        for other in workflow.ALL_THREE:
            if other == kind:
                continue
            new = tuple(k for k in kinds if k != other) if other in kinds else (*kinds, other)

            def change(patch: pytest.MonkeyPatch, kind: Kind = kind, new: Any = new) -> None:
                patch.setitem(workflow.EVIDENCE_OPEN_TO, kind, new)

            yield Mutant("content", f"evidence of {other} for {kind} turned round", change, evidence_judge(http))


# ---------------------------------------------------------------------- the doors


def _doors(http: dict[str, Any]) -> Iterator[Mutant]:
    everything = Q()

    def door(name: str, function: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
        return lambda patch: patch.setattr(querysets, name, function)

    def method(owner: type, name: str, function: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
        return lambda patch: patch.setattr(owner, name, function)

    real = querysets._not_walled_off

    def without(place: int) -> Callable[[Officer, str], Q]:
        def wall(officer: Officer, prefix: str) -> Q:
            whole = real(officer, prefix)
            parts = [whole] if whole.negated else list(whole.children)
            return Q(*parts[:place], *parts[place + 1 :])

        return wall

    yield Mutant("door", "no wall at all", door("_not_walled_off", lambda *_: everything), sees)
    yield Mutant("door", "conflict forgotten", door("_not_walled_off", without(0)), sees)
    yield Mutant("door", "the reported employee let in", door("_not_walled_off", without(1)), sees)
    yield Mutant("door", "every case for everybody", door("_case_door", lambda *_: everything), sees)
    yield Mutant("door", "every state open", door("states_open_to", lambda _: [s.name for s in workflow.STATES]), sees)
    yield Mutant("door", "any institution of the kind", _any_institution, sees)
    yield Mutant("door", "auditors of every region", _any_region, sees)
    yield Mutant(
        "door", "notes of every house",
        method(querysets.NoteQuerySet, "visible_to", lambda self, officer: self.in_visible_cases(officer)), notes,
    )  # fmt: skip
    yield Mutant(
        "door", "letters of every house",
        method(querysets.LetterQuerySet, "visible_to", lambda self, officer: self.in_visible_cases(officer)),
        letters_judge(http),
    )  # fmt: skip
    yield Mutant(
        "door", "sealed letters unsealed",
        lambda patch: patch.setattr(
            querysets.LetterQuerySet, "filter", _unsealed, raising=False
        ),
        letters_judge(http),
    )  # fmt: skip
    yield Mutant(
        "door", "events of every house",
        method(querysets.EventQuerySet, "visible_to", lambda self, officer: self.in_visible_cases(officer)),
        content_judge(http, "record_examination"),
    )  # fmt: skip
    yield Mutant(
        "door", "evidence of every house",
        method(querysets.EvidenceQuerySet, "visible_to", lambda self, officer: self.filter(
            case__in=Case.objects.visible_to(officer))),
        evidence_judge(http),
    )  # fmt: skip


def _any_institution(patch: pytest.MonkeyPatch) -> None:
    real = querysets._case_door

    def door(officer: Officer | None, prefix: str = "") -> Q:
        whole = real(officer, prefix)
        kept = [child for child in whole.children if not (isinstance(child, tuple) and child[0].endswith("_id"))]
        return Q(*kept)

    patch.setattr(querysets, "_case_door", door)


def _any_region(patch: pytest.MonkeyPatch) -> None:
    real = querysets._case_door

    def door(officer: Officer | None, prefix: str = "") -> Q:
        whole = real(officer, prefix)
        return Q(*[c for c in whole.children if not (isinstance(c, tuple) and c[0].endswith("bawaslu__region"))])

    patch.setattr(querysets, "_case_door", door)


def _unsealed(rows: Any, *conditions: Any, **named: Any) -> Any:
    """``filter`` that has forgotten what *sealed* means."""
    named.pop("sealed", None)
    return models.QuerySet.filter(rows, *[_forget(condition) for condition in conditions], **named)


def _forget(condition: Any) -> Any:
    if not isinstance(condition, Q):
        return condition
    kept = [_forget(child) for child in condition.children if child != ("sealed", False)]
    return Q(*kept, _connector=condition.connector, _negated=condition.negated)


# ---------------------------------------------------------------------- the code


def _code() -> Iterator[Mutant]:
    def gone(name: str, instead: Any = lambda *_: None) -> Callable[[pytest.MonkeyPatch], None]:
        return lambda patch: patch.setattr(moving, name, instead)

    def unlocked(case: Case, actor: Officer) -> Case:
        return Case.objects.visible_to(actor).get(pk=case.pk)

    yield Mutant("code", "no desk is asked for", gone("check_desk"), step_judge("decline"))
    yield Mutant("code", "a closed desk still acts", gone("check_holding"), closed_desks)
    yield Mutant("code", "nobody looks who came first", gone("check_four_eyes"), eyes_judge("forward"))
    yield Mutant("code", "answers and guards are not asked", gone("check_answers"), guards)
    yield Mutant("code", "the door is not asked", gone("lock", lambda case, _: Case.objects.get(pk=case.pk)), strangers)
    yield Mutant("lock", "the row is not locked", gone("lock", unlocked), locked)
    yield Mutant(
        "lock", "no second look",
        lambda patch: patch.setattr(Case, "seen_token", property(lambda self: _Any())), stale,
    )  # fmt: skip


class _Any(str):
    """Equal to every token."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


def _permissions(http: dict[str, Any]) -> Iterator[Mutant]:
    rows = {**http["case_routes"], **http["routes"]}
    for view, row in rows.items():
        rule = permissions.PERMISSIONS[view]
        for new in (permissions.PUBLIC, permissions.SIGNED_IN, permissions.Rule(desks=frozenset({DESKS["rs"]}))):
            if new == rule:
                continue

            def spoil(patch: pytest.MonkeyPatch, view: str = view, new: Any = new) -> None:
                patch.setitem(permissions.PERMISSIONS, view, new)

            how = "public" if not new.signed_in else "any desk" if not new.desks else "one wrong desk"
            yield Mutant("permission map", f"{view}: {how}", spoil, map_judge(view, row["desks"]))


def _sealed() -> Iterator[Mutant]:
    ask, release = workflow.SEALED_ACT["ask_identity"], workflow.SEALED_ACT["release_identity"]
    yield Mutant(
        "identity", "released alone",
        lambda patch: patch.setitem(workflow.SEALED_ACT, release.name, replace(release, second=False)), identity,
    )  # fmt: skip
    yield Mutant(
        "identity", "asked by other desks",
        lambda patch: patch.setitem(workflow.SEALED_ACT, ask.name, replace(ask, by=(DESKS["ro"], DESKS["bs"]))),
        identity_desks,
    )  # fmt: skip
