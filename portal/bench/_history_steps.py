"""One step: as the portal takes it, without hashing, bare, and remembered by others."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F

from accounts.models import Officer
from cases.audit.chain import GENESIS
from cases.catalogue.loader import load_all
from cases.clock import travel
from cases.models import Case, Event
from cases.scenario.player import perform
from cases.scenario.schema import read_file
from cases.services import record
from cases.services.locking import lock
from cases.services.move import MOVED, admit, move, pass_on
from cases.workflow import STEP, Step
from portal.bench._peers import NEEDS, make, missing, tables, unbound

SCENARIO = "scenarios/02-suka-sesudah-penetapan.yaml"
MOMENT = dt.datetime(2024, 11, 29, 3, 0, tzinfo=dt.UTC)
#: A guarded step that moves no deadline, issues no letter: what a step is before the portal adds its own work.
MEASURED = "conclude_clarification"
#: Steps in one turn.
EACH = 4

Say = Callable[[str], None]


def stage() -> tuple[Case, Officer, Step]:
    """A case where the measured step begins, who takes it, and the step."""
    load_all()
    performance = perform(read_file(settings.BASE_DIR / SCENARIO))[0]
    officer = Officer.objects.select_related("institution", "user").get(pk=performance.officers["yuni"].pk)
    step = STEP[MEASURED]
    with connection.cursor() as cursor:
        # Back to where the step begins: the measurement takes it again and again.
        cursor.execute("UPDATE cases_case SET state = %s WHERE id = %s", [step.source[0], performance.case.pk])
    return Case.objects.get(pk=performance.case.pk), officer, step


def measure(say: Say, scale: float) -> dict[str, float]:
    """The ratios of one step; alternating turns, so that a busy machine disturbs all alike."""
    case, officer, step = stage()
    acts = {"whole": _whole(case, officer, step), "guarded": guarded(case, officer, step), "raw": _raw(case, step)}
    acts |= make(case, officer, step)
    for name in missing():
        say(f"{name} is not installed: requirements-bench.txt")
    with travel(MOMENT):
        for act in acts.values():
            act()
            _back(case)
        with _not_waiting_for_the_disk():
            best = _times(acts, case, rounds=max(6, int(200 * scale)))
            say("without the disk: " + _told(best))
            cpu = {
                name: min(_timed(act, case, time.process_time) for _ in range(5)) / EACH for name, act in acts.items()
            }
            say("processor alone: " + _told(cpu))
        waiting = _times(acts, case, rounds=max(3, int(40 * scale)))
        say("with the disk: " + _told(waiting))
    return _ratios(best) | {f"{name}_with_disk": value for name, value in _ratios(waiting).items()}


def _ratios(best: Mapping[str, float]) -> dict[str, float]:
    found = {"append_cost": best["whole"] / best["unhashed"], "vs_raw": best["raw"] / best["guarded"]}
    return found | {f"vs_{name}": best[name] / best["guarded"] for name in NEEDS if name in best}


def _told(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value * 1000:.2f} ms" for name, value in seconds.items())


def _times(acts: Mapping[str, Callable[[], None]], case: Case, *, rounds: int) -> dict[str, float]:
    """Seconds of one step each, the lower quartile of ``rounds``."""
    times: dict[str, list[float]] = {name: [] for name in (*acts, "unhashed")}
    for _round in range(rounds):
        for name, act in acts.items():
            times[name].append(_timed(act, case))
        with _unhashed():
            times["unhashed"].append(_timed(acts["whole"], case))
    return {name: _quarter(values) / EACH for name, values in times.items()}


@contextmanager
def _not_waiting_for_the_disk() -> Iterator[None]:
    """Commits of this connection do not wait until the disk has them."""
    name, off, on = (
        ("PRAGMA synchronous", "OFF", "FULL")
        if connection.vendor == "sqlite"
        else ("SET synchronous_commit", "off", "on")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{name} = {off}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"{name} = {on}")


def _whole(case: Case, officer: Officer, step: Step) -> Callable[[], None]:
    """The step as people take it: with deadline, letters and notices."""

    def act() -> None:
        move(case=case, step=step.name, actor=officer, seen=Case.objects.get(pk=case.pk).seen_token)

    return act


def guarded(case: Case, officer: Officer, step: Step) -> Callable[[], None]:
    """What the peers do too: lock, ask everything, change the state, remember. Here: one event in the case's chain."""

    def act() -> None:
        with transaction.atomic():
            locked = lock(case, officer)
            admit(locked, step, officer, locked.seen_token, {})
            before = locked.state
            pass_on(locked, step)
            record.write_event(
                case=locked, kind=Event.Kind.STEP, name=step.name, actor=officer, from_state=before, saving=MOVED
            )

    return act


def _raw(case: Case, step: Step) -> Callable[[], None]:
    """The bare UPDATE and INSERT of the same rows in one transaction: nothing locked, asked, numbered or linked."""
    values = {field.attname: getattr(case.events.all()[0], field.attname) for field in Event._meta.concrete_fields}
    model: Any = type("Plain", (models.Model,), {
        "__module__": __name__, "Meta": type("Meta", (), {"app_label": "bench_peers", "db_table": "bench_raw"}),
        **{field.name: unbound(field) for field in Event._meta.concrete_fields},
    })  # fmt: skip
    with connection.schema_editor() as editor:
        editor.create_model(model)
    del values["id"]

    def act() -> None:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(
                state=step.target, moves=F("moves") + 1, moved_at=MOMENT, last_seq=F("last_seq"),
                head_hash=F("head_hash"),
            )  # fmt: skip
            model.objects.create(**values)

    return act


def _back(case: Case) -> None:
    """The case's state as before the step, and that of the peers' copies."""
    with connection.cursor() as cursor:
        for table in ("cases_case", *tables()):
            cursor.execute(f"UPDATE {table} SET state = %s WHERE id = %s", [case.state, case.pk])  # noqa: S608 -- ours


def _timed(act: Callable[[], None], case: Case, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of EACH acts; putting the state back between two of them is not counted."""
    taken = 0.0
    for _time in range(EACH):
        began = clock()
        act()
        taken += clock() - began
        _back(case)
    return taken


def _quarter(values: list[float]) -> float:
    """The lower quartile: what it costs when the machine is not doing something else."""
    return statistics.quantiles(values, n=4)[0]


@contextmanager
def _unhashed() -> Iterator[None]:
    """The same event, without canonical form and hash."""

    def unhashed(content: Mapping[str, Any]) -> str:
        return GENESIS

    hashed, record.event_hash = record.event_hash, unhashed
    try:
        yield
    finally:
        record.event_hash = hashed
