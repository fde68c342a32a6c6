"""The theatre of the matrix: every scene, everybody, each step's answers; and whether anything was written.

Each cell is played in a savepoint that is rolled back.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from accounts.models import Officer
from cases.catalogue import models as catalogue
from cases.clock import travel
from cases.models import Case
from tests.access.conftest import ORACLE
from tests.access.stage import Scene, answers, cast, scene_of, set_scenes
from tests.desk import signed_in
from tests.fixtures_world import load_world

REFERENCE = {getattr(catalogue, name) for name in catalogue.__all__}
#: Tables a move may write: everything about cases, the many-to-many ones included.
TABLES = sorted(
    model._meta.db_table
    for model in apps.get_app_config("cases").get_models(include_auto_created=True)
    if model not in REFERENCE
)
COUNTS = "SELECT " + ", ".join(
    [f"(SELECT COUNT(*) FROM {table})" for table in TABLES]
    + ["(SELECT SUM(last) FROM cases_numberseries)", "(SELECT SUM(moves + last_seq) FROM cases_case)"]
)


def trace(case: Case) -> tuple[Any, ...]:
    """What would differ if anything had been written."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        counts = cursor.fetchone()
    return (*counts, *Case.objects.filter(pk=case.pk).values_list().get())


#: Any statement that may write to the tables counted (sessions are not among them).
WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|WITH|CALL|DO)\b.*\b(?:" + "|".join(TABLES) + r")\b",
    re.IGNORECASE | re.DOTALL,
)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Statements inside that may write. Where there is none, nothing needs counting: that is most of the cells."""
    written: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield written


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


@dataclass
class Surprises:
    """What the oracle did not foresee."""

    began: float = field(default_factory=time.process_time)
    cells: int = 0
    allowed: int = 0
    not_expected: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def note(self, cell: str, *, should: bool, did: bool, traces: bool, why: str = "") -> None:
        """Record one cell."""
        self.cells += 1
        self.allowed += should
        if should and not did:
            self.expected.append(f"{cell}: {why}")
        if not should and (did or traces):
            self.not_expected.append(f"{cell}: {why or 'done'}")

    def none(self, what: str, say: Callable[[str], None]) -> None:
        """Say how much was tried; fail with both lists."""
        spent = time.process_time() - self.began
        say(f"{what}: {self.cells} combinations, {self.allowed} allowed, {spent:.0f} s")
        report = [f"not expected, but done ({len(self.not_expected)}):", *self.not_expected]
        report += [f"expected, but not done ({len(self.expected)}):", *self.expected]
        assert not self.not_expected, "\n".join(report)
        assert not self.expected, "\n".join(report)


@dataclass
class Theatre:
    """Scenes, people, and each step's answers as cleaned where the step is at home."""

    scenes: dict[str, Scene]
    people: dict[str, Officer]
    answers: dict[tuple[str, str], dict[str, Any]]
    browsers: dict[str, Client]
    before: dict[str, tuple[Any, ...]]

    def cells(self, *, strangers_at_home: bool = False) -> Iterator[tuple[str, Scene, str]]:
        """Every step × every state × every desk, the step's own desk elsewhere, and closed.

        ``strangers_at_home`` tries those last two only in states where the step exists.
        """
        for step, rule in ORACLE["steps"].items():
            for state in ORACLE["states"]:
                scene = self.scenes[scene_of(step, state)]
                for desk in ORACLE["desks"]:
                    yield step, scene, desk
                if state in rule["from"] or not strangers_at_home:
                    yield step, scene, f"{rule['by']}@other"
                    yield step, scene, f"{rule['by']}@closed"

    def answers_for(self, step: str, state: str) -> dict[str, Any]:
        """Answers that are good for ``state``, else those of the step's first source: only the state is wrong."""
        home = state if state in ORACLE["steps"][step]["from"] else ORACLE["steps"][step]["from"][0]
        return self.answers[step, home]


def built() -> Iterator[Theatre]:
    """Inside one transaction; every test works in savepoints of it."""
    with transaction.atomic():
        world = load_world()
        scenes, people = set_scenes(), cast(world)
        given = {}
        for step, rule in ORACLE["steps"].items():
            for state in rule["from"]:
                scene = scenes[scene_of(step, state)]
                with travel(scene.at):
                    given[step, state] = answers(step, scene, people[rule["by"]])
        browsers = {name: signed_in(officer) for name, officer in people.items()}
        # Every cell is taken back, so what stood there before is the same for all of them.
        before = {name: trace(scene.case) for name, scene in scenes.items()}
        yield Theatre(scenes, people, given, browsers, before)
        transaction.set_rollback(True)
