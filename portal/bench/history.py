"""What the proof of the history costs.

``append_cost``: a step with its chain against the same step without hashing. ``vs_raw``: steps a second against bare
UPDATE + INSERT transactions. ``vs_global_chain``: eight writers, each on a chain of its own, against all of them on one
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
from django.db import connection, connections, transaction

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
from cases.services.move import move
from cases.services.record import write_record

SCENARIO = "scenarios/02-suka-sesudah-penetapan.yaml"
GOALS: dict[str, tuple[str, float]] = {
    "append_cost": ("<=", 1.15),
    "vs_raw": (">=", 0.4),
    "vs_global_chain": (">=", 1.5),
}
MOMENT = dt.datetime(2024, 11, 29, 3, 0, tzinfo=dt.UTC)
EVENTS = 1_000_000
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
    case, officer = (
        performance.case,
        Officer.objects.select_related("institution").get(pk=performance.officers["yuni"].pk),
    )
    with connection.cursor() as cursor:
        # Back to a state with a step that stays: the measurement takes it again and again.
        cursor.execute("UPDATE cases_case SET state = 'incomplete' WHERE id = %s", [case.pk])
        cursor.execute("UPDATE cases_deadline SET ended_on = due_on WHERE case_id = %s", [case.pk])
        cursor.execute("CREATE TABLE bench_plain AS SELECT * FROM cases_event WHERE 1 = 0")
    names = ", ".join(f'"{field.column}"' for field in Event._meta.concrete_fields)

    def step() -> None:
        with travel(MOMENT):
            now = Case.objects.get(pk=case.pk)
            move(case=now, step="complete", actor=officer, seen=now.seen_token, added="x")
        Case.objects.filter(pk=case.pk).update(state="incomplete")

    def raw() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET moves = moves + 1 WHERE id = %s", [case.pk])
            cursor.execute(
                f"INSERT INTO bench_plain ({names}) SELECT {names} FROM cases_event"  # noqa: S608 -- our own columns
                " WHERE case_id = %s ORDER BY seq LIMIT 1",
                [case.pk],
            )

    times: dict[str, list[float]] = {"with": [], "without": [], "raw": []}
    rounds, each = max(4, int(40 * scale)), 10
    for _round in range(rounds):
        times["with"].append(_timed(step, each))
        with _unhashed():
            times["without"].append(_timed(step, each))
        times["raw"].append(_timed(raw, each))
    best = {name: statistics.median(values) for name, values in times.items()}
    say(", ".join(f"{name} {seconds * 1000 / each:.2f} ms" for name, seconds in best.items()))
    return {"append_cost": best["with"] / best["without"], "vs_raw": best["raw"] / best["with"]}


def _timed(act: Callable[[], None], times: int) -> float:
    began = time.perf_counter()
    for _time in range(times):
        act()
    return time.perf_counter() - began


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
    say(f"{result.events} events verified in {seconds:.1f} s, whole: {result.whole}, memory grew by {grown:.0f} MB")
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
