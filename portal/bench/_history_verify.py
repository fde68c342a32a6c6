"""A million events verified: how long, and whether memory stays flat."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import time
from collections.abc import Callable

from django.db import connections, transaction

from cases.audit.chain import GENESIS, VERSION, content_of, event_hash
from cases.audit.merkle import Frontier, leaf_hash
from cases.audit.verify import Verification
from cases.models import Event, Leaf, Stream, Tree
from cases.services.checkpoint import checkpoint, outside, public_keys

EVENTS = 1_000_000
#: A tenth is verified first: what is held for ten times as many must be the same.
SMALLER = 10
#: Events of one chain; chunks and sizes are whole chains.
CHAIN = 40
CHUNK = 125 * CHAIN
MOMENT = dt.datetime(2024, 11, 29, 3, 0, tzinfo=dt.UTC)

Say = Callable[[str], None]


def measure(say: Say, scale: float) -> dict[str, float]:
    """``verify_1m_seconds`` and ``memory_flat``; raises RuntimeError when the check finds anything wrong."""
    total, peaks, seconds = int(EVENTS * scale) // CHAIN, [], 0.0
    for size in (total // SMALLER * CHAIN, total * CHAIN):
        began = time.perf_counter()
        _fill(size)
        checkpoint()
        say(f"{size} events made in {time.perf_counter() - began:.0f} s")
        seconds, peak, grown = _verified(size)
        say(f"{size} events verified in {seconds:.1f} s; at most {peak:.0f} MB held, {grown:.0f} MB of them meanwhile")
        peaks.append(peak)
    return {"verify_1m_seconds": seconds / scale, "memory_flat": peaks[1] / peaks[0], "memory_mb": peaks[1]}


def _verified(expected: int) -> tuple[float, float, float]:
    """Seconds, most megabytes, and megabytes more than before, of a verification in a process of its own.

    A child begins its account of the most memory held anew; its parent's would still tell of the filling.
    """
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(_verify()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        told = file.read()
    os.waitpid(child, 0)
    if not told:
        raise RuntimeError("the verification ended without a result")
    seconds, peak, before, events, verdict = json.loads(told)
    if verdict or events != expected:
        raise RuntimeError(f"{events} of {expected} events: {verdict}")
    return seconds, peak, peak - before


def _verify() -> tuple[float, float, float, int, str]:
    before = _most_memory()
    began = time.perf_counter()
    result = Verification(outside=outside(), keys=public_keys()).run()
    seconds = time.perf_counter() - began
    return seconds, _most_memory(), before, result.events, "" if result.whole else result.verdict()


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fill(total: int) -> None:
    """Whole chains of readings up to ``total`` events, as the services would write them, and the tree's leaves."""
    tree, _new = Tree.objects.get_or_create(pk=1, defaults={"log": "bench"})
    frontier = Frontier(tree.size, map(bytes.fromhex, tree.peaks))
    for first in range(tree.size, total, CHUNK):
        events: list[Event] = []
        ends: list[Stream] = []
        for number in range(first, min(first + CHUNK, total)):
            seq = number % CHAIN + 1
            previous = GENESIS if seq == 1 else events[-1].hash
            event = Event(
                version=VERSION, stream=f"bench:{number // CHAIN}", seq=seq, prev_hash=previous, kind="READING",
                name="letter_read", at=MOMENT, actor_name="Bench", institution_name="Bench", desk="", case_number="",
                request_id="0" * 32, data={"letter": f"{number:032x}", "number": f"{number}/X", "sealed": False},
            )  # fmt: skip
            event.hash = event_hash(content_of(event))
            events.append(event)
            if seq == CHAIN:
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
