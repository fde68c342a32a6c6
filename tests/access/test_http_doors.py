"""THE HTTP ORACLE, the rest: addresses without a case, new routes, and that a foreign row looks like none at all."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import sessions
from cases.clock import travel
from cases.models import Case
from cases.selectors.case_file import visible_case
from portal.permissions import all_view_names
from tests.access.http_stage import HTTP, METHODS, Actor, Stage, ask, step_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

#: Rooms other tests hold to oracles of their own: sign-in (tests/accounts), the library's administration (test_doors),
#: machines' and choices' addresses (tests/portal).
ELSEWHERE = ("admin:", "accounts:", "account_", "mfa_", "usersessions_", "socialaccount_", "headless", "health",
             "metrics", "set_language", "set_theme")  # fmt: skip
#: Combinations without a case.
LEAST = 9_400


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_routes_without_a_case(stage: Stage, say: Callable[[str], None]) -> None:
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
    say(f"HTTP oracle: {tried} combinations without a case, {len(wrong)} surprises")
    assert not wrong, "\n".join(wrong[:60])
    assert tried >= LEAST


@pytest.mark.once
def test_a_new_route_needs_a_row() -> None:
    ours = {name for name in all_view_names() if not name.startswith(ELSEWHERE)}
    assert ours == set(HTTP["case_routes"]) | set(HTTP["routes"])


ABSENT = {"number": "2024-99999", "row": "00000000-0000-4000-8000-000000000000"}


class Minutes:
    """A clock for sessions that goes on by a minute for each answer, which then writes that its session is in use.

    Left to the real clock, the one request in a minute that writes it could be either of the two compared.
    """

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Somebody else's session: idle for no longer than the others."""
        self.now = time.time()

    def time(self) -> float:
        return self.now

    def go_on(self) -> None:
        self.now += sessions.TOUCH_EVERY


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> Minutes:
    clock = Minutes()
    monkeypatch.setattr(sessions, "time", clock)
    return clock


def told(stage: Stage, actor: Actor, route: dict[str, Any], method: str, *, there: bool) -> tuple[Any, ...]:
    """What can be told from an answer: status, body, headers, and how much was asked of the database."""
    scene = stage.scenes["plenary"]
    address = route["address"].format(
        number=scene.case.number if there else ABSENT["number"],
        evidence=stage.evidence["plenary"].pk if there else ABSENT["row"],
        letter=stage.letters["plenary"][0].pk if there else ABSENT["row"],
        step=step_in("plenary")[0] if actor.desk == step_in("plenary")[1] else "nothing",
    )
    with travel(scene.at), CaptureQueriesContext(connection) as asked:
        answer = actor.client.generic(method, address)
    body = answer.content.decode().replace(address, "")
    body = re.sub(r"[0-9a-f]{32}|csrfmiddlewaretoken\" value=\"\w+|20\d\d-\d{5}", "", body)
    headers = {k: v for k, v in answer.headers.items() if k not in ("X-Request-ID", "Content-Length")}
    return answer.status_code, body, headers, len(asked)


def foreigners(stage: Stage) -> list[Actor]:
    return [a for a in stage.actors if a.relation in ("other", "conflicted", "subject") or a.name in ("ro", "eo")]


def test_a_foreign_row_answers_exactly_as_one_that_does_not_exist(
    stage: Stage, minutes: Minutes, say: Callable[[str], None]
) -> None:
    """Same status, same body, same number of questions to the database: nothing to measure the time of."""
    pairs = 0
    for actor in foreigners(stage):
        minutes.start()
        for route in HTTP["case_routes"].values():
            if actor.desk not in route["desks"].split() or "/history/" in route["address"]:
                continue
            for method in route["methods"]:
                answers = []
                for there in (True, False):
                    minutes.go_on()
                    answers.append(told(stage, actor, route, method, there=there))
                assert answers[0][0] == 404, (actor.name, method, route["address"])
                assert answers[0] == answers[1], (actor.name, method, route["address"])
                pairs += 1
    say(f"foreign as absent: {pairs} pairs")
    assert pairs > 300


def test_control_a_door_asked_after_the_row_is_told_apart(
    stage: Stage, minutes: Minutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row_first(number: str, officer: Any) -> Case | None:
        return visible_case(number, officer) if Case.objects.filter(number=number).exists() else None

    monkeypatch.setattr("cases.views.identity.visible_case", row_first)
    route, actor = HTTP["case_routes"]["cases:conflict"], foreigners(stage)[0]
    answers = []
    for there in (True, False):
        minutes.go_on()
        answers.append(told(stage, actor, route, "GET", there=there))
    assert answers[0][:3] == answers[1][:3]
    assert answers[0][3] > answers[1][3]
