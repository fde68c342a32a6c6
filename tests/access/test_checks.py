"""The start is refused for every way a table can be wrong: each code once, fed a table broken in that way only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cases import checks, workflow
from cases.checks import Parts, known_parts, problems
from cases.workflow import INTAKE, STATES, STEPS, Issue, State, Step, start

Table = tuple[tuple[State, ...], tuple[Step, ...], Step]


def with_step(name: str, **changes: Any) -> Table:
    """The shipped table with one step changed."""
    return STATES, tuple(replace(step, **changes) if step.name == name else step for step in STEPS), INTAKE


def without_steps(*names: str) -> Table:
    return STATES, tuple(step for step in STEPS if step.name not in names), INTAKE


def with_state(name: str, **changes: Any) -> Table:
    return tuple(replace(state, **changes) if state.name == name else state for state in STATES), STEPS, INTAKE


BROKEN: dict[str, tuple[str, Callable[[], Table], str]] = {
    "a state twice": ("E010", lambda: ((*STATES, STATES[-1]), STEPS, INTAKE), "closed"),
    "a step twice": ("E010", lambda: (STATES, (*STEPS, STEPS[-1]), INTAKE), "close"),
    "from an unknown state": ("E011", lambda: with_step("accept", source=("forwarded", "gone")), "gone"),
    "to an unknown state": ("E011", lambda: with_step("escalate", target="gone"), "gone"),
    "eyes on an unknown step": ("E012", lambda: with_step("forward", four_eyes=("gone",)), "gone"),
    "a state nobody reaches": ("E020", lambda: without_steps("annul"), "annulled"),
    "a dead end": ("E021", lambda: without_steps("close", "replace_decree"), "in_force"),
    "a dead end that can only stay": ("E021", lambda: with_step("supply", target="same"), "supplement"),
    "a final state that is left": ("E022", lambda: with_state("registered", final=True), "registered"),
    "an unknown guard": ("E030", lambda: with_step("accept", guards=("gone",)), "gone"),
    "an unknown caution": ("E030", lambda: with_step("accept", cautions=("gone",)), "gone"),
    "an unknown form": ("E031", lambda: with_step("accept", form="gone"), "gone"),
    "an unknown letter kind": ("E032", lambda: with_step("accept", letters=(Issue(kind="gone"),)), "gone"),
    "an unknown deadline rule": ("E033", lambda: with_step("accept", clock=start("gone")), "gone"),
    "an unknown effect": ("E034", lambda: with_step("accept", effects=("gone",)), "gone"),
    "an unknown letter condition": (
        "E035", lambda: with_step("accept", letters=(Issue(kind="assessment", only_if="gone"),)), "gone",
    ),
    "an unknown wording": (
        "E036", lambda: with_step("accept", letters=(Issue(kind="status_notice", variant="gone"),)),
        "status_notice/gone",
    ),
    "a letter of several wordings without one": (
        "E036", lambda: with_step("accept", letters=(Issue(kind="status_notice"),)), "status_notice/",
    ),
    "no desk": ("E040", lambda: with_step("accept", by=None), "accept"),
    "a desk that does not exist": ("E040", lambda: with_step("accept", by=("BAWASLU", "ADMIN")), "accept"),
}  # fmt: skip

#: What is said besides: behind a dead end lies what nobody reaches.
ALSO = {"a dead end": {"E020"}}


@pytest.fixture
def parts() -> Parts:
    return known_parts()


def test_the_shipped_table_is_whole(parts: Parts) -> None:
    assert list(problems(STATES, STEPS, INTAKE, parts)) == []


@pytest.mark.parametrize("name", BROKEN)
def test_broken(name: str, parts: Parts) -> None:
    code, table, culprit = BROKEN[name]
    found = list(problems(*table(), parts))
    assert {each for each, _sentence in found} - ALSO.get(name, set()) == {code}, found
    assert any(each == code and repr(culprit) in sentence for each, sentence in found), found


def test_every_code_is_fed() -> None:
    codes = set(re.findall(r'"(E\d{3})"', Path(checks.__file__).read_text()))
    assert codes == {code for code, _table, _culprit in BROKEN.values()}


def test_the_portal_does_not_start_with_a_broken_table(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("check")
    monkeypatch.setattr(workflow, "STEPS", with_step("accept", guards=("gone",))[1])
    with pytest.raises(SystemCheckError, match=r"workflow\.E030"):
        call_command("check")


def test_a_step_without_a_desk_cannot_even_be_written() -> None:
    with pytest.raises(TypeError, match="by"):
        Step(name="x", label="", help="", done="", source=(), target="", form="confirm")  # type: ignore[call-arg]
