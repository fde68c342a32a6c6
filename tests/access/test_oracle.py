"""The hand-written oracle and the portal's table tell the same story; both surprises are named."""

from __future__ import annotations

from accounts.roles import Kind, Role
from cases import workflow
from tests.access.conftest import ORACLE
from tests.access.stage import PATHS, TYPED

DESKS = {
    "bo": (Kind.BAWASLU, Role.OFFICER), "bs": (Kind.BAWASLU, Role.SIGNATORY),
    "ro": (Kind.REVIEWER, Role.OFFICER), "rs": (Kind.REVIEWER, Role.SIGNATORY),
    "eo": (Kind.BKPSDM, Role.OFFICER), "es": (Kind.BKPSDM, Role.SIGNATORY),
}  # fmt: skip


def test_the_same_states() -> None:
    table = {state.name: state.final for state in workflow.STATES}
    assert {name: state.get("final", False) for name, state in ORACLE["states"].items()} == table


def test_the_same_steps() -> None:
    def told(name: str) -> tuple:
        step = ORACLE["steps"][name]
        return set(step["from"]), step["to"], DESKS[step["by"]]

    table = {step.name: (set(step.source), step.target, tuple(step.by)) for step in workflow.STEPS}
    assert set(ORACLE["steps"]) == set(table), "not expected / expected"
    for name, row in table.items():
        assert told(name) == row, name


def test_the_same_walls() -> None:
    for state in workflow.STATES:
        kinds = {DESKS[desk][0] for desk in ORACLE["states"][state.name]["sees"] if desk in DESKS}
        assert kinds == set(state.open_to), state.name
        assert "au" in ORACLE["states"][state.name]["sees"]
        assert "ad" not in ORACLE["states"][state.name]["sees"]


def test_the_same_second_pairs_of_eyes() -> None:
    table = {step.name: step.four_eyes[0] for step in workflow.STEPS if step.four_eyes}
    assert table == ORACLE["four_eyes"]
    assert all(len(step.four_eyes) <= 1 for step in workflow.STEPS)


def test_every_state_has_a_scene_and_every_step_something_to_type() -> None:
    assert {state for state, _steps, _day in PATHS.values()} == set(ORACLE["states"])
    assert set(TYPED) == set(ORACLE["steps"])
