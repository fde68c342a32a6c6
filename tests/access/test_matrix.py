"""THE MATRIX: every step × every state × everybody, through the service and over HTTP, against the oracle.

Allowed moves do exactly what the oracle says; every other leaves no trace. Both kinds of surprise are reported: moves
nobody expected, and expected moves that did not happen. Each cell runs in a savepoint that is rolled back.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches

from accounts.models import Officer
from cases.catalogue import models as catalogue
from cases.clock import travel
from cases.models import Case, Event, Letter
from cases.services.errors import Refused
from cases.services.move import move
from tests.access.conftest import ORACLE, allowed
from tests.access.stage import Scene, answers, cast, posted, scene_of, set_scenes
from tests.fixtures_world import load_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

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

    def none(self, what: str) -> None:
        """Say how much was tried; fail with both lists."""
        spent = time.process_time() - self.began
        print(f"\n{what}: {self.cells} combinations, {self.allowed} allowed, {spent:.0f} s", file=sys.__stdout__)
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


@pytest.fixture(scope="module")
def theatre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Theatre]:
    """Set once for the module, inside one transaction; every test works in savepoints of it."""
    with django_db_blocker.unblock(), transaction.atomic():
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


def signed_in(officer: Officer) -> Client:
    """A browser of this person, acting from this desk."""
    client = Client()
    client.force_login(officer.user)
    session = client.session
    session["desk"] = officer.pk
    session.save()
    return client


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of answers of which only the status is looked at: the pages are drawn, and tested, elsewhere."""
    monkeypatch.setattr("cases.views.case.render", lambda *_, status=200, **__: HttpResponse(status=status))
    monkeypatch.setattr("portal.urls.handler404", lambda *_, **__: HttpResponse(status=NOT_FOUND), raising=False)
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


def test_through_the_service(theatre: Theatre) -> None:
    surprises = Surprises()
    for step, scene, actor in theatre.cells():
        should = allowed(step, scene.state, actor)
        case, before = scene.case, theatre.before[scene.name]
        did, why = False, ""
        with undone(), travel(scene.at), watched() as written:
            try:
                event = move(
                    case=case, step=step, actor=theatre.people[actor], seen=case.seen_token,
                    **theatre.answers_for(step, scene.state),
                )  # fmt: skip
            except Refused as refusal:
                why = f"{type(refusal).__name__}: {refusal.sentence}"
            else:
                did, why = True, wrong_result(step, scene, event, before)
            traces = not did and bool(written) and trace(case) != before
        cell = f"{step} × {scene.name} × {actor}"
        surprises.note(cell, should=should, did=did and not why, traces=did or traces, why=why)
    surprises.none("service")


def wrong_result(step: str, scene: Scene, event: Event, before: tuple[Any, ...]) -> str:
    """What an allowed move did other than the oracle says; empty when nothing."""
    rule = ORACLE["steps"][step]
    target = scene.state if rule["to"] == "same" else rule["to"]
    row = Case.objects.get(pk=scene.case.pk)
    steps = Event.objects.filter(case=row, kind="STEP").count()
    letters = sorted(Letter.objects.filter(event=event).values_list("kind", flat=True))
    told = {
        "state": (row.state, target),
        "event": ((event.from_state, event.to_state), (scene.state, target)),
        "one event": (steps, scene.case.moves + 2),  # intake is one, and the move now
        "one move": (row.moves, scene.case.moves + 1),
        "letters": (letters, sorted(rule.get("letters", []))),
    }
    return "; ".join(f"{what} is {is_}, not {should}" for what, (is_, should) in told.items() if is_ != should)


NOT_FOUND, CONFLICT = 404, 409


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_over_http(theatre: Theatre) -> None:
    surprises = Surprises()
    for step, scene, actor in theatre.cells(strangers_at_home=True):
        should = allowed(step, scene.state, actor)
        case, before = scene.case, theatre.before[scene.name]
        with undone(), travel(scene.at), watched() as written:
            answer = theatre.browsers[actor].post(f"/cases/{case.number}/{step}/", posted(step, case.seen_token))
            did = answer.status_code == 302 and answer["Location"] == f"/cases/{case.number}/"
            after = trace(case) if written else before
        # At the step's own desk, where the case is visible, the person is told; for everybody else nothing is there.
        told = actor == ORACLE["steps"][step]["by"] and actor in ORACLE["states"][scene.state]["sees"]
        why = "" if did or answer.status_code == (CONFLICT if told else NOT_FOUND) else f"HTTP {answer.status_code}"
        cell = f"{step} × {scene.name} × {actor}"
        if should and did and after == before:
            why, did = "says done, but nothing is written", False
        surprises.note(cell, should=should, did=did, traces=after != before or bool(why), why=why)
    surprises.none("HTTP")


@pytest.mark.usefixtures("undrawn")
def test_a_stranger_is_sent_to_sign_in(theatre: Theatre) -> None:
    stranger, surprises = Client(), Surprises()
    for step in ORACLE["steps"]:
        for scene in theatre.scenes.values():
            before = theatre.before[scene.name]
            with watched() as written:
                sent_to = f"/cases/{scene.case.number}/{step}/"
                answer = stranger.post(sent_to, posted(step, scene.case.seen_token))
            sent = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            traces = bool(written) and trace(scene.case) != before
            surprises.note(f"{step} × {scene.name}", should=False, did=not sent, traces=traces)
    surprises.none("strangers")


def shown(page: str, number: str) -> tuple[set[str], int]:
    """Steps a page offers (links and forms that lead to them), and how many it shows as blocked with a reason."""
    targets = set(re.findall(rf'(?:href|action)="/cases/{number}/([a-z_]+)/', page))
    return targets & set(ORACLE["steps"]), len(re.findall(r'class="blocked"', page))


def test_buttons_shown_are_moves_allowed(theatre: Theatre) -> None:
    """What a page offers is what the service does; what it greys, the service refuses; nothing else is there."""
    wrong: list[str] = []
    offered = greyed = pages = 0
    for scene in theatre.scenes.values():
        for actor, client in theatre.browsers.items():
            with travel(scene.at):
                answer = client.get(f"/cases/{scene.case.number}/")
            sees = actor in ORACLE["states"][scene.state]["sees"]
            if answer.status_code != (200 if sees else NOT_FOUND):
                wrong.append(f"{scene.name} × {actor}: HTTP {answer.status_code}")
                continue
            pages += 1
            if not sees:
                continue
            mine = {step for step in ORACLE["steps"] if allowed(step, scene.state, actor)}
            works = {step for step in mine if succeeds(theatre, scene, step, actor)}
            buttons, blocked = shown(answer.content.decode(), scene.case.number)
            offered, greyed = offered + len(buttons), greyed + blocked
            # A guard that looks at answers cannot speak while there are none: then the form says it.
            if not works <= buttons <= mine or len(mine) - len(buttons) != blocked:
                wrong.append(f"{scene.name} × {actor}: shows {buttons} and {blocked} blocked, works {works} of {mine}")
            wrong += [
                f"{scene.name} × {actor}: {step} offered but refused by a guard that needs no answers"
                for step in buttons - works
                if refused_without_answers(theatre, scene, step, actor)
            ]
    print(f"\nbuttons: {pages} pages, {offered} steps offered, {greyed} greyed", file=sys.__stdout__)
    assert not wrong, "\n".join(wrong)
    assert offered
    assert greyed


def succeeds(theatre: Theatre, scene: Scene, step: str, actor: str) -> bool:
    """Whether the service takes the step there and then."""
    return attempt(scene, step, theatre.people[actor], theatre.answers_for(step, scene.state)) is None


def refused_without_answers(theatre: Theatre, scene: Scene, step: str, actor: str) -> bool:
    """Whether one of the refusing guards could have spoken before any answer was given."""
    from cases.guards import GUARDS

    refusal = attempt(scene, step, theatre.people[actor], theatre.answers_for(step, scene.state))
    return any(not GUARDS[name].needs for name, _field, _sentence in getattr(refusal, "reasons", []))


def attempt(scene: Scene, step: str, officer: Officer, data: dict[str, Any]) -> Refused | None:
    """Try and take back."""
    case = Case.objects.get(pk=scene.case.pk)
    with undone(), travel(scene.at):
        try:
            move(case=case, step=step, actor=officer, seen=case.seen_token, **data)
        except Refused as refusal:
            return refusal
    return None


Spoil = Callable[[pytest.MonkeyPatch], None]


class TestControl:
    """The matrix sees: with a defence taken away it must find moves nobody expected."""

    def surprised(self, theatre: Theatre, step: str, state: str, actor: str) -> bool:
        assert not allowed(step, state, actor)
        return succeeds(theatre, theatre.scenes[state], step, actor)

    def test_without_the_desk_check(self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
        assert not self.surprised(theatre, "decline", "received", "bo")
        monkeypatch.setattr("cases.services.move.check_desk", lambda *_: None)
        assert self.surprised(theatre, "decline", "received", "bo")

    def test_without_the_door(self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
        assert not self.surprised(theatre, "register", "received", "bo@other")
        monkeypatch.setattr(
            "cases.services.move.lock", lambda case, actor: Case.objects.select_for_update().get(pk=case.pk)
        )
        assert self.surprised(theatre, "register", "received", "bo@other")


def test_four_eyes_hold_for_every_step_that_has_them(theatre: Theatre) -> None:
    """The person who took the first step, now at the second desk too, may not take the second."""
    for step, first in ORACLE["four_eyes"].items():
        for state in ORACLE["steps"][step]["from"]:
            scene = theatre.scenes[scene_of(step, state)]
            signatory = theatre.people[ORACLE["steps"][step]["by"]]
            drafter = Event.objects.filter(case=scene.case, name=first).latest("seq").actor
            both = Officer.objects.create(
                user=drafter.user, institution=signatory.institution, role=signatory.role, name=drafter.name,
                nip=drafter.nip, position="Pelaksana harian",
            )  # fmt: skip
            refusal = attempt(scene, step, both, theatre.answers_for(step, state))
            assert type(refusal).__name__ == "FourEyes", (step, state, refusal)
            assert attempt(scene, step, signatory, theatre.answers_for(step, state)) is None
            both.delete()


def test_mutants_are_killed(theatre: Theatre) -> None:
    """A rule taken away is noticed. A sample, one of each family first; ``MUTANTS=all`` tries every one."""
    from tests.access.mutants import all_mutants

    http = yaml.safe_load((Path(__file__).parent / "http_oracle.yaml").read_text())
    mutants = all_mutants(http)
    wanted = os.environ.get("MUTANTS", "24")
    seed = int(os.environ.get("MUTANTS_SEED", random.randrange(2**32)))
    chosen = mutants if wanted == "all" else sample(mutants, int(wanted), random.Random(seed))
    prejudiced = [found for judge in {mutant.judge for mutant in chosen} if (found := judge(theatre))]
    assert not prejudiced, "the judges must find nothing while nothing is spoiled"
    survived, began = [], time.process_time()
    for mutant in chosen:
        with pytest.MonkeyPatch.context() as patch:
            mutant.spoil(patch)
            with undone():
                found = mutant.judge(theatre)
        if wanted == "all":
            print(f"{'killed  ' if found else 'SURVIVED'} {mutant}", file=sys.__stdout__)
        if not found:
            survived.append(str(mutant))
    spent = time.process_time() - began
    print(f"\nmutants: {len(chosen)} of {len(mutants)} tried, {len(chosen) - len(survived)} killed, {spent:.0f} s,"
          f" seed {seed}", file=sys.__stdout__)  # fmt: skip
    assert not survived, "\n".join(survived)


def sample(mutants: list[Any], count: int, rng: random.Random) -> list[Any]:
    """One of each family, the rest at random."""
    families: dict[str, list[Any]] = {}
    for mutant in mutants:
        families.setdefault(mutant.family, []).append(mutant)
    first = [rng.choice(group) for group in families.values()]
    rest = [mutant for mutant in mutants if mutant not in first]
    return [*first, *rng.sample(rest, max(0, min(len(rest), count - len(first))))]
