"""THE HTTP ORACLE: everybody × every state × every route × every method, against what was written by hand.

The suite tries more than twenty thousand combinations: every one without a case, and a share of those with one, others
each time (``HTTP_ORACLE=full`` tries all of them; on PostgreSQL a few hundred, the doors are the same). Pages are not
drawn: only who is let in is looked at here.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches

import cases.exchange.views
import cases.views
import portal.views_kit
from accounts.models import Officer, User
from cases.clock import travel
from cases.models import Case, Conflict, Evidence, Letter
from tests.access.conftest import ORACLE
from tests.access.stage import EMPLOYEE, NEIGHBOURS, PEOPLE, Scene, set_scenes
from tests.fixtures_world import load_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

HTTP: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "http_oracle.yaml").read_text())
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
FULL = os.environ.get("HTTP_ORACLE") == "full"
#: Rooms other tests hold to oracles of their own: sign-in (tests/accounts), the library's administration (test_doors),
#: machines' and choices' addresses (tests/portal).
ELSEWHERE = ("admin:", "accounts:", "account_", "mfa_", "usersessions_", "socialaccount_", "headless", "health",
             "metrics", "set_language", "set_theme")  # fmt: skip
#: Combinations with a case, and without one: together more than twenty thousand.
LEAST, LEAST_WITHOUT = 10_600, 9_400


@dataclass(frozen=True)
class Actor:
    """Somebody at a browser: the oracle's desk, how they stand to the case, and their browser."""

    name: str
    desk: str
    relation: str
    client: Client


@dataclass
class Stage:
    scenes: dict[str, Scene]
    actors: list[Actor]
    letters: dict[str, list[Letter]]
    evidence: dict[str, Evidence]
    sent: int = 0


def twin(officer: Officer, mark: str, **differs: Any) -> Officer:
    """Another person at the same desk."""
    email = f"{mark}.{officer.user.email}"
    user = User.objects.create_user(email, email)
    values = {"name": f"{mark} Contoh", "position": "—", "nip": "", **differs}
    return Officer.objects.create(user=user, institution=officer.institution, role=officer.role, **values)


def browser(officer: Officer | None, user: User | None = None) -> Client:
    client = Client()
    if officer is not None or user is not None:
        client.force_login(officer.user if officer is not None else user)
    return client


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = load_world()
        scenes = set_scenes()
        own = {desk: world.officer(name) for desk, name in PEOPLE.items()}
        actors = [Actor(desk, desk, "own", browser(officer)) for desk, officer in own.items()]
        actors.append(Actor("stranger", "", "stranger", browser(None)))
        actors.append(Actor("-", "", "closed", browser(None, User.objects.create_user("k", "k@kantor.example"))))
        neighbours = {desk: world.officer(name) for desk, name in NEIGHBOURS.items()}
        inspectorate = own["au"].institution.__class__.objects.exclude(pk=own["au"].institution_id)
        away = inspectorate.filter(kind="AUDITOR").first()
        neighbours["au"] = twin(own["au"], "jauh")
        Officer.objects.filter(pk=neighbours["au"].pk).update(institution=away)
        # The other reviewing body ended before these days (a dated record): its people hold no desk any more.
        ended = {"ro", "rs"}
        actors += [
            Actor(f"{desk}@other", desk, "closed" if desk in ended else "other", browser(officer))
            for desk, officer in neighbours.items()
        ]
        for desk, officer in own.items():
            if desk == "ad":
                continue
            actors.append(Actor(f"{desk}@colleague", desk, "colleague", browser(twin(officer, "rekan"))))
            subject = twin(officer, "terlapor", nip=EMPLOYEE)
            actors.append(Actor(f"{desk}@subject", desk, "subject", browser(subject)))
            aside = twin(officer, "mundur")
            Conflict.objects.bulk_create(
                Conflict(case=scene.case, person=aside.person_key, officer=aside, reason="x", declared_at=scene.at)
                for scene in scenes.values()
            )
            actors.append(Actor(f"{desk}@conflicted", desk, "conflicted", browser(aside)))
            closed = twin(officer, "ditutup", is_active=False)
            actors.append(Actor(f"{desk}@closed", desk, "closed", browser(closed)))
        letters, evidence = {}, {}
        for name, scene in scenes.items():
            found = list(Letter.objects.filter(case=scene.case).order_by("created_at", "position", "pk"))
            letters[name] = [found[0], *found[-1:]] if len(found) > 1 else found
            for letter in letters[name]:
                letter.file.save(f"letters/{letter.pk.hex}", ContentFile(b"%PDF-1.7 x"), save=False)
                letter.status = Letter.Status.READY
                letter.save(update_fields=["file", "status"])
            evidence[name] = Evidence.objects.filter(report=scene.case.report_id).order_by("pk")[0]
        yield Stage(scenes, actors, letters, evidence)
        transaction.set_rollback(True)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the status is looked at."""

    def bare(*_: Any, status: int = 200, **__: Any) -> HttpResponse:
        return HttpResponse(status=status or 200)

    rooms = [importlib.import_module(f"cases.views.{room.name}") for room in pkgutil.iter_modules(cases.views.__path__)]
    for room in (*rooms, cases.exchange.views, portal.views_kit):
        if hasattr(room, "render"):
            monkeypatch.setattr(room, "render", bare)
    monkeypatch.setattr("portal.urls.handler404", lambda *_, **__: HttpResponse(status=404), raising=False)
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


def expected(route: dict[str, Any], actor: Actor, method: str, state: str, only: str) -> set[int]:
    """What the oracle says; ``only`` names the desks the row itself is for."""
    if actor.relation == "stranger":
        return {302}
    if HTTP["relations"][actor.relation] == "nobody" or actor.desk not in route["desks"].split():
        return {404}
    if method not in route["methods"]:
        return {405}
    sees = actor.desk in ORACLE["states"][state]["sees"] and HTTP["relations"][actor.relation] == "in"
    return set(route["methods"][method]) if sees and actor.desk in only.split() else {404}


def step_in(state: str) -> tuple[str, str]:
    """A step and its desk that is at home in this state; in a final one, any."""
    for step, rule in ORACLE["steps"].items():
        if state in rule["from"]:
            return step, rule["by"]
    return "register", "bo"


ISSUERS = {"BAWASLU": "bo bs", "REVIEWER": "ro rs", "BKPSDM": "eo es"}


def cells(stage: Stage) -> Iterator[tuple[str, dict[str, Any], Scene, str, str]]:
    """Every route on every scene: name, route, scene, address, the desks the row is for."""
    for name, scene in stage.scenes.items():
        step, by = step_in(scene.state)
        for view, route in HTTP["case_routes"].items():
            only = route.get("only", "")
            for letter in stage.letters[name] if "{letter}" in route["address"] else [None]:
                address = route["address"].format(
                    number=scene.case.number, step=step, evidence=stage.evidence[name].pk,
                    letter=letter.pk if letter else "",
                )  # fmt: skip
                desks = {
                    "": route["desks"],
                    "step": by,
                    "nobody": "",
                    "letter": HTTP["letters"][letter.kind] if letter else "",
                    "issuer": ISSUERS[letter.institution.kind] if letter else "",
                }[only]
                yield view, route, scene, address, desks


def ask(stage: Stage, actor: Actor, method: str, address: str) -> int:
    """The status; 599 for a crash. Whatever was written is taken back."""
    stage.sent += 1
    mark = transaction.savepoint()
    try:
        return int(actor.client.generic(method, address).status_code)
    except Exception:  # noqa: BLE001 - a crash is an answer nobody expects
        return 599
    finally:
        transaction.savepoint_rollback(mark)


@pytest.mark.usefixtures("undrawn")
def test_everybody_everywhere(stage: Stage) -> None:
    seed = random.randrange(2**32)
    rng, began, wrong, counts = random.Random(seed), time.process_time(), [], Counter[str]()
    everything = list(cells(stage))
    whole = len(everything) * len(stage.actors) * len(METHODS)
    wanted = whole if FULL else LEAST * 1.03 if connection.vendor == "sqlite" else 600
    for _view, route, scene, address, only in everything:
        with travel(scene.at):
            for actor in stage.actors:
                for method in METHODS:
                    if rng.random() > wanted / whole:
                        continue
                    right = expected(route, actor, method, scene.state, only)
                    status = ask(stage, actor, method, address)
                    counts[actor.relation] += 1
                    if status not in right:
                        wrong.append(f"{method} {address} [{scene.state}] × {actor.name}: {status}, not {right}")
    total = counts.total()
    print(f"\nHTTP oracle: {total} of {whole} combinations, {len(wrong)} surprises, {len(stage.actors)} actors,"
          f" {len(stage.scenes)} scenes, {len(HTTP['case_routes'])} routes, {time.process_time() - began:.0f} s,"
          f" seed {seed}, {dict(counts)}", file=sys.__stdout__)  # fmt: skip
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:60])
    assert total >= (LEAST if connection.vendor == "sqlite" else 500)


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_routes_without_a_case(stage: Stage) -> None:
    wrong, tried = [], 0
    for view, route in HTTP["routes"].items():
        desks = route["desks"].split()
        for actor in stage.actors:
            holds = actor.relation not in ("closed", "stranger") and actor.desk
            for method in METHODS:
                tried += 1
                status = ask(stage, actor, method, route["address"])
                if desks != ["public"] and actor.relation == "stranger":
                    right = status == 302
                elif desks not in (["public"], ["any"]) and not (holds and actor.desk in desks):
                    right = status == 404
                elif method not in route["methods"].split():
                    right = status == 405
                else:
                    right = status < 500 and (status not in (404, 405) or status in route.get("answers", []))
                if not right:
                    wrong.append(f"{view}: {method} × {actor.name}: {status}")
    print(f"\nHTTP oracle: {tried} combinations without a case", file=sys.__stdout__)
    assert not wrong, "\n".join(wrong[:60])
    assert tried >= LEAST_WITHOUT


def test_a_new_route_needs_a_row() -> None:
    from portal.permissions import all_view_names

    ours = {name for name in all_view_names() if not name.startswith(ELSEWHERE)}
    assert ours == set(HTTP["case_routes"]) | set(HTTP["routes"])


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("spoil", "address"),
    [
        ("cases.querysets._not_walled_off", "/cases/{number}/"),
        ("cases.querysets._case_door", "/cases/{number}/"),
    ],
)
def test_control_without_the_door_the_oracle_is_surprised(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, spoil: str, address: str
) -> None:
    from django.db.models import Q

    monkeypatch.setattr(spoil, lambda *_args: Q())
    scene = stage.scenes["received"]
    with travel(scene.at):
        found = [
            actor.name
            for actor in stage.actors
            if ask(stage, actor, "GET", address.format(number=scene.case.number))
            not in expected(HTTP["case_routes"]["cases:detail"], actor, "GET", "received", actor.desk)
        ]
    assert "bo@conflicted" in found
    assert "bo@subject" in found
    assert ("ro" in found) is ("door" in spoil)


ABSENT = {"number": "2024-99999", "evidence": "0" * 8 + "-0000-4000-8000-" + "0" * 12}


def test_a_foreign_row_answers_exactly_as_one_that_does_not_exist(stage: Stage) -> None:
    """Same status, same body, same number of questions to the database: nothing to measure the time of."""
    import re

    scene = stage.scenes["plenary"]
    letter = stage.letters["plenary"][0]
    pairs = 0
    foreign = [a for a in stage.actors if a.relation in ("other", "conflicted", "subject") or a.name in ("ro", "eo")]
    for actor in foreign:
        for route in HTTP["case_routes"].values():
            if actor.desk not in route["desks"].split() or "/history/" in route["address"]:
                continue
            for method in route["methods"]:
                answers = []
                for there in (True, True, False):  # the first one also writes that the session is in use
                    address = route["address"].format(
                        number=scene.case.number if there else ABSENT["number"],
                        evidence=stage.evidence["plenary"].pk if there else ABSENT["evidence"],
                        letter=letter.pk if there else ABSENT["evidence"],
                        step=step_in("plenary")[0] if actor.desk == step_in("plenary")[1] else "nothing",
                    )
                    with travel(scene.at), CaptureQueriesContext(connection) as asked:
                        answer = actor.client.generic(method, address)
                    body = answer.content.decode().replace(address, "")
                    body = re.sub(r"[0-9a-f]{32}|csrfmiddlewaretoken\" value=\"\w+|20\d\d-\d{5}", "", body)
                    headers = {k: v for k, v in answer.headers.items() if k not in ("X-Request-ID", "Content-Length")}
                    answers.append((answer.status_code, body, headers, len(asked)))
                assert answers[1] == answers[2], (actor.name, method, route["address"])
                assert answers[0][0] == 404, (actor.name, method, route["address"])
                pairs += 1
    print(f"\nforeign as absent: {pairs} pairs", file=sys.__stdout__)
    assert pairs > 100
    assert Case.objects.filter(pk=scene.case.pk).exists()
