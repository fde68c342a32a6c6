"""THE HTTP ORACLE: everybody × every state × every route × every method, against what was written by hand.

The suite tries more than twenty thousand combinations: every one without a case (test_http_doors), and a share of those
with one, others each time (``HTTP_ORACLE=full`` tries all of them; on PostgreSQL a few hundred, the doors are the
same). Pages are not drawn: only who is let in is looked at here.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Q

from cases.clock import travel
from tests.access.http_stage import FULL, HTTP, METHODS, Stage, ask, cells, expected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet", "undrawn")]

#: Combinations with a case; with those of test_http_doors more than twenty thousand.
LEAST = 10_600


def test_everybody_everywhere(stage: Stage, say: Callable[[str], None]) -> None:
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
    say(
        f"HTTP oracle: {total} of {whole} combinations, {len(wrong)} surprises, {len(stage.actors)} actors,"
        f" {len(stage.scenes)} scenes, {len(HTTP['case_routes'])} routes, {time.process_time() - began:.0f} s,"
        f" seed {seed}, {dict(counts)}"
    )
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:60])
    assert total >= (LEAST if connection.vendor == "sqlite" else 500)


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
