"""SQLite with eight people who write at once: real steps through the fair queue, beside Django's own SQLite backend.

Eight processes take steps without a pause, each on cases of its own, first on ``portal.sqlite_queue``, then on
``django.db.backends.sqlite3`` with the same options, on copies of the same database, in alternating turns. A step is
``services.move`` as the portal calls it: guards, deadline, event with its chain, letter row, notices, mails.

``p99_ms``: only one step of a hundred is slower. ``p99_vs_stock``, ``max_vs_stock``: stock's time by ours, above 1 is
faster. ``locked``: steps that ended with "database is locked". ``alone_ms``: the median without anybody else, the time
that everybody behind has to wait.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, connections

from accounts.models import Officer
from cases.catalogue.loader import load_all
from cases.models import Case
from cases.scenario.player import perform
from cases.scenario.schema import read_file
from cases.services.move import move
from portal.settled import settle

SCENARIO = "scenarios/02-suka-sesudah-penetapan.yaml"
#: The two steps taken in turns, by whom, and what the story's own entry does not answer.
TO, FRO = "propose", "return_assessment"
TO_BY, FRO_BY = "galih", "laras"
FRO_ANSWERS = {"reason": "Perbaiki uraian."}
WRITERS, CASES_EACH = 8, 3
SECONDS, TURNS = 12.0, 3
ENGINES = {"fair": "portal.sqlite_queue", "stock": "django.db.backends.sqlite3"}
MOST_MS = 250

#: A writer's own process: Django first, then this module.
CHILD = "import django; django.setup(); from portal.bench.writers import main; main()"

Say = Callable[[str], None]


def run(*, say: Say, scale: float, part: str) -> dict[str, Any]:
    """Measure; the dictionary printed as the last line."""
    if connection.vendor != "sqlite":
        say("writers: measures SQLite; run it without DATABASE_URL")
        return {"ratios": {}, "goals": {}}
    seconds, writers = max(1.5, SECONDS * scale), max(2, min(WRITERS, round(WRITERS * 5 * scale)))
    story = _prepare(writers)
    found: dict[str, dict[str, Any]] = {name: {"times": [], "locked": 0} for name in ENGINES}
    alone: list[float] = []
    with tempfile.TemporaryDirectory(prefix="portal-writers-") as folder:
        for turn in range(max(1, round(TURNS * scale))):
            for name in ENGINES:
                times, locked = _round(Path(folder) / f"{name}{turn}", name, story, writers, seconds)
                found[name]["times"] += times
                found[name]["locked"] += locked
            alone += _round(Path(folder) / f"alone{turn}", "fair", story, 1, seconds / 3)[0]
    told = {name: _told(rows["times"]) for name, rows in found.items()}
    for name, row in told.items():
        say(
            f"{name}: {row['steps']} steps, p50 {row['p50']:.0f} ms, p99 {row['p99']:.0f} ms, max {row['max']:.0f} ms,"
            f" {found[name]['locked']} locked"
        )
    say(f"one writer alone: {statistics.median(alone) * 1000:.1f} ms a step")
    ratios = {
        "p99_vs_stock": told["stock"]["p99"] / told["fair"]["p99"],
        "max_vs_stock": told["stock"]["max"] / told["fair"]["max"],
        "steps_vs_stock": told["fair"]["steps"] / told["stock"]["steps"],
        "p99_ms": told["fair"]["p99"],
        "max_ms": told["fair"]["max"],
        "alone_ms": statistics.median(alone) * 1000,
        "locked": float(found["fair"]["locked"]),
    }
    goals = {
        "p99_ms": {"goal": f"<= {MOST_MS}", "met": ratios["p99_ms"] <= MOST_MS},
        "locked": {"goal": "== 0", "met": not found["fair"]["locked"]},
    }
    return {"ratios": {name: round(value, 3) for name, value in ratios.items()}, "goals": goals}


def _told(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    last = len(ordered) - 1
    return {"steps": len(ordered)} | {name: ordered[int(last * share)] * 1000 for name, share in at.items()}


def _prepare(writers: int) -> dict[str, Any]:
    """Bring cases to the assessment; what the writers need to know."""
    load_all()
    (story,) = read_file(settings.BASE_DIR / SCENARIO)
    upto = [entry.step for entry in story.entries].index(TO)
    begun = dataclasses.replace(story, entries=story.entries[:upto], ends=[])
    played = perform([begun] * (writers * CASES_EACH))
    performance, numbers = played[0], [one.case.number for one in played]
    answers = dict(story.entries[upto].data)
    officers = {name: performance.officers[name].pk for name in (TO_BY, FRO_BY)}
    return {
        "numbers": numbers,
        "answers": answers,
        "fro": FRO_ANSWERS,
        "officers": officers,
        "state": performance.case.state,
    }


def _round(folder: Path, engine: str, story: dict[str, Any], writers: int, seconds: float) -> tuple[list[float], int]:
    """Let ``writers`` processes write into a copy of the database; times of all steps, and those that were locked."""
    folder.mkdir()
    database = folder / "portal.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(connection.settings_dict["NAME"], database)
    environ = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}", "DATA_DIR": str(folder), "REDIS_URL": "", "LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "portal.settings", "PROFILE": "demo", "DEMO_DATE": "2023-11-29",
    }  # fmt: skip
    shares = [story["numbers"][index::writers] for index in range(writers)]
    children = [_child(environ) for _share in shares]
    for child, share in zip(children, shares, strict=True):
        _say(child, story | {"numbers": share, "engine": ENGINES[engine], "seconds": seconds})
    for child in children:
        _heard(child)  # ready
    for child in children:
        _say(child, "go")
    times: list[float] = []
    locked = 0
    for child in children:
        found = _heard(child)
        child.wait()
        times += found["times"]
        locked += found["locked"]
    return times, locked


def _child(environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 -- the command is ours
        [sys.executable, "-c", CHILD], env=environ, cwd=settings.BASE_DIR, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _say(child: subprocess.Popen[str], what: Any) -> None:
    assert child.stdin is not None  # noqa: S101 -- for the type checker
    child.stdin.write(json.dumps(what) + "\n")
    child.stdin.flush()


def _heard(child: subprocess.Popen[str]) -> Any:
    """The child's next line. Raises RuntimeError when it died."""
    assert child.stdout is not None  # noqa: S101 -- for the type checker
    line = child.stdout.readline()
    if not line:
        raise RuntimeError("a writer ended badly")
    return json.loads(line)


# ---------------------------------------------------------------------- one writer, in a process of its own


def main() -> None:
    """The child: told its share, says that it is ready, waits for the word, tells its times."""
    told = json.loads(sys.stdin.readline())
    connections.databases["default"]["ENGINE"] = told["engine"]
    settle()  # as the portal's web processes do
    _answer(_write(told))


def _answer(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _write(story: dict[str, Any]) -> dict[str, Any]:
    """Take steps until the time is over."""
    officers = {
        name: Officer.objects.select_related("institution", "user").get(pk=pk) for name, pk in story["officers"].items()
    }
    keys = list(Case.objects.filter(number__in=story["numbers"]).values_list("pk", flat=True))
    for key in keys[:1] * 2:  # what is loaded at the first step is no step's time
        _step(key, story, officers)
    _answer("ready")
    sys.stdin.readline()
    times: list[float] = []
    locked = 0
    until = time.monotonic() + story["seconds"]
    for key in itertools.cycle(keys):
        if time.monotonic() >= until:
            break
        began = time.perf_counter()
        try:
            _step(key, story, officers)
        except OperationalError:
            locked += 1
        times.append(time.perf_counter() - began)
    return {"times": times, "locked": locked}


def _step(key: int, story: dict[str, Any], officers: dict[str, Officer]) -> None:
    case = Case.objects.get(pk=key)
    there = case.state == story["state"]
    step, by, answers = (TO, TO_BY, story["answers"]) if there else (FRO, FRO_BY, story["fro"])
    move(case=case, step=step, actor=officers[by], seen=case.seen_token, **answers)
