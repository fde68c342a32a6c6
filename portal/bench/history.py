"""What the proof of the history costs.

``append_cost``: a step with its chain against the same step without hashing. ``vs_raw``: steps a second against bare
UPDATE + INSERT transactions. ``vs_simple_history``, ``vs_auditlog``: the same guarded step remembered by them.
``vs_global_chain``: eight writers, each on a chain of its own, against all of them on one
(PostgreSQL only). ``verify_1m_seconds``: seconds to verify a million events, and whether memory stays flat.
Ratios compare runs of the same minute in alternating turns, so that a busy machine disturbs both sides alike.
"""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, connections, models, transaction
from django.db.models import F

from accounts.models import Officer
from cases.audit.chain import GENESIS, VERSION, content_of, event_hash
from cases.audit.merkle import Frontier, leaf_hash
from cases.audit.verify import Verification
from cases.catalogue.loader import load_all
from cases.clock import travel
from cases.models import Case, Event, Leaf, Stream, Tree
from cases.scenario.player import perform
from cases.scenario.schema import read_file
from cases.services import record
from cases.services.checkpoint import checkpoint, outside, public_keys
from cases.services.locking import lock
from cases.services.move import MOVED, admit, move, pass_on
from cases.services.record import write_record
from cases.workflow import STEP, Step
from portal.bench._peers import NEEDS, make, missing, tables, unbound

SCENARIO = "scenarios/02-suka-sesudah-penetapan.yaml"
GOALS: dict[str, tuple[str, float]] = {
    "append_cost": ("<=", 1.15),
    "vs_raw": (">=", 0.4),
    "vs_simple_history": (">=", 1.5),
    "vs_auditlog": (">=", 2.0),
    "vs_global_chain": (">=", 1.5),
}
MOMENT = dt.datetime(2024, 11, 29, 3, 0, tzinfo=dt.UTC)
EVENTS = 1_000_000
#: A guarded step that moves no deadline, issues no letter: what a step is before the portal adds its own work.
MEASURED = "conclude_clarification"
#: Steps in one turn.
EACH = 4
CHUNK = 5000
WRITERS = 8

Say = Callable[[str], None]


def run(*, say: Say, scale: float, part: str) -> dict[str, Any]:
    """Measure; the dictionary printed as the last line."""
    parts: dict[str, Callable[[Say, float], dict[str, float]]] = {
        "verify": _verify,
        "append": _append,
        "global_chain": _global_chain,
    }
    ratios: dict[str, float] = {}
    for name, measure in parts.items():
        if part in ("", name):
            ratios |= measure(say, scale)
    goals = {
        name: {"goal": f"{sign} {limit}", "met": value <= limit if sign == "<=" else value >= limit}
        for name, (sign, limit) in GOALS.items()
        if (value := ratios.get(name)) is not None
    }
    return {"ratios": {name: round(value, 3) for name, value in ratios.items()}, "goals": goals}


# ---------------------------------------------------------------------- the cost of one step


def _append(say: Say, scale: float) -> dict[str, float]:
    load_all()
    performance = perform(read_file(settings.BASE_DIR / SCENARIO))[0]
    officer = Officer.objects.select_related("institution", "user").get(pk=performance.officers["yuni"].pk)
    step = STEP[MEASURED]
    with connection.cursor() as cursor:
        # Back to where the step begins: the measurement takes it again and again.
        cursor.execute("UPDATE cases_case SET state = %s WHERE id = %s", [step.source[0], performance.case.pk])
    case = Case.objects.get(pk=performance.case.pk)
    acts = {"whole": _whole(case, officer, step), "guarded": _guarded(case, officer, step), "raw": _raw(case, step)}
    acts |= make(case, officer, step)
    for name in missing():
        say(f"{name} is not installed: requirements-bench.txt")
    times: dict[str, list[float]] = {name: [] for name in (*acts, "unhashed")}
    with travel(MOMENT):
        for act in acts.values():
            act()
            _back(case)
        for _round in range(max(6, int(200 * scale))):
            for name, act in acts.items():
                times[name].append(_timed(act, case))
            with _unhashed():
                times["unhashed"].append(_timed(acts["whole"], case))
    best = {name: _quarter(values) / EACH for name, values in times.items()}
    say(", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in best.items()))
    with travel(MOMENT):
        cpu = {
            name: min(_timed(act, case, time.process_time) for _turn in range(5)) / EACH for name, act in acts.items()
        }
        say("processor alone: " + ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in cpu.items()))
    found = {"append_cost": best["whole"] / best["unhashed"], "vs_raw": best["raw"] / best["guarded"]}
    return found | {f"vs_{name}": best[name] / best["guarded"] for name in NEEDS if name in best}


def _whole(case: Case, officer: Officer, step: Step) -> Callable[[], None]:
    """The step as people take it: with deadline, letters and notices."""

    def act() -> None:
        move(case=case, step=step.name, actor=officer, seen=Case.objects.get(pk=case.pk).seen_token)

    return act


def _guarded(case: Case, officer: Officer, step: Step) -> Callable[[], None]:
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


# ---------------------------------------------------------------------- one chain a case, or one for all


def _global_chain(say: Say, scale: float) -> dict[str, float]:
    if connection.vendor != "postgresql":
        say("global chain: needs PostgreSQL (DATABASE_URL); SQLite has one writer at a time anyway")
        return {}
    each = max(20, int(150 * scale))
    seconds: dict[str, list[float]] = {"own": [], "one": []}
    for turn in range(3):
        for name, taken in seconds.items():
            streams = [f"bench:{name}:{turn}:{writer if name == 'own' else 0}" for writer in range(WRITERS)]
            Stream.objects.bulk_create([Stream(key=key) for key in dict.fromkeys(streams)], ignore_conflicts=True)
            threads = [threading.Thread(target=_writer, args=(key, each)) for key in streams]
            began = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            taken.append(time.perf_counter() - began)
    own, one = (statistics.median(seconds[name]) for name in ("own", "one"))
    rates = [f"{WRITERS * each / taken:.0f}" for taken in (own, one)]
    say(f"{WRITERS} writers: {rates[0]} events/s on chains of their own, {rates[1]} on one")
    return {"vs_global_chain": one / own}


def _writer(stream: str, events: int) -> None:
    try:
        for number in range(events):
            with transaction.atomic():
                write_record(stream=stream, kind=Event.Kind.EXPORT, name="bench", actor=None, data={"number": number})
    finally:
        connections.close_all()


# ---------------------------------------------------------------------- a million events


def _verify(say: Say, scale: float) -> dict[str, float]:
    total = int(EVENTS * scale)
    began = time.perf_counter()
    _fill(total)
    say(f"{total} events made in {time.perf_counter() - began:.0f} s")
    checkpoint()
    keys, before = public_keys(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    result = Verification(outside=outside(), keys=keys).run()
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    say(
        f"{result.events} events verified in {seconds:.1f} s, whole: {result.whole},"
        f" memory grew by {grown:.0f} MB to {before / 1024 + grown:.0f} MB"
    )
    if not result.whole:
        say(result.verdict())
    return {"verify_1m_seconds": seconds / scale, "memory_growth_mb": grown}


def _fill(total: int) -> None:
    """Chains of forty readings each, as the services would write them, with their places in the tree."""
    tree, _new = Tree.objects.get_or_create(pk=1, defaults={"log": "bench"})
    frontier = Frontier(tree.size, map(bytes.fromhex, tree.peaks))
    for first in range(0, total, CHUNK):
        events: list[Event] = []
        ends: list[Stream] = []
        for number in range(first, min(first + CHUNK, total)):
            seq = number % 40 + 1
            previous = GENESIS if seq == 1 else events[-1].hash
            event = Event(
                version=VERSION, stream=f"bench:{number // 40}", seq=seq, prev_hash=previous, kind="READING",
                name="letter_read", at=MOMENT, actor_name="Bench", institution_name="Bench", desk="", case_number="",
                request_id="0" * 32, data={"letter": f"{number:032x}", "number": f"{number}/X", "sealed": False},
            )  # fmt: skip
            event.hash = event_hash(content_of(event))
            events.append(event)
            if seq == 40 or number == total - 1:
                ends.append(Stream(key=event.stream, last_seq=seq, head_hash=event.hash))
        with transaction.atomic():
            Event.objects.bulk_create(events, batch_size=1000)
            leaves = []
            for event in events:
                leaves.append(
                    Leaf(index=frontier.size, event=event, stream=event.stream, seq=event.seq, hash=event.hash)
                )
                frontier.append(leaf_hash(bytes.fromhex(event.hash)))
            Leaf.objects.bulk_create(leaves, batch_size=1000)
            Stream.objects.bulk_create(ends)
            tree.size, tree.peaks = frontier.size, [peak.hex() for peak in frontier.peaks]
            tree.save()
