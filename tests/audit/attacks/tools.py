"""What attacks are made of: raw statements, chains and trees made right again, files remembered."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from cases.audit.chain import content_of, event_hash, moment
from cases.audit.heads import sign
from cases.audit.merkle import Frontier, leaf_hash
from cases.models import Case, Event, Head, Leaf, Stream, Tree

Attack = Callable[[random.Random], "int | None"]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    ATTACKS[function.__name__] = function
    return function


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def put(event: Event | int, **columns: Any) -> None:
    """UPDATE one event's row, raw."""
    pk = event if isinstance(event, int) else event.pk
    names = ", ".join(f"{name} = %s" for name in columns)
    values = [json.dumps(v) if isinstance(v, dict | list) else v for v in columns.values()]
    run(f"UPDATE cases_event SET {names} WHERE id = %s", *values, pk)


def erase(pks: list[int]) -> None:
    marks = ", ".join(["%s"] * len(pks))
    run(f"DELETE FROM cases_event WHERE id IN ({marks})", *pks)


def place(event: Event) -> int:
    return Leaf.objects.get(event_id=event.pk).index


def pick(rng: random.Random, **where: Any) -> Event:
    pks = list(Event.objects.filter(leaf__isnull=False, **where).order_by("pk").values_list("pk", flat=True))
    return Event.objects.get(pk=rng.choice(pks))


def chain_of(event: Event) -> list[Event]:
    return list(Event.objects.filter(stream=event.stream).order_by("seq"))


def relink(events: list[Event], previous: str) -> str:
    """Give events right links and right hashes, in memory and in the database."""
    for event in events:
        event.prev_hash = previous
        event.hash = previous = event_hash(content_of(event))
        put(event, prev_hash=event.prev_hash, hash=event.hash, seq=event.seq)
    return previous


def end_chain(event: Event, last_seq: int, head: str) -> None:
    """Make the row that holds the end of the chain agree."""
    if event.stream.startswith("case:"):
        Case.objects.filter(number=event.stream[5:]).update(last_seq=last_seq, head_hash=head)
    else:
        Stream.objects.filter(pk=event.stream).update(last_seq=last_seq, head_hash=head)


def rewrite_from(event: Event) -> None:
    """Change an event and give the whole suffix of its chain right hashes."""
    put(event, reason="rewritten")
    chain = chain_of(event)
    suffix = [one for one in chain if one.seq >= event.seq]
    end_chain(event, chain[-1].seq, relink(suffix, event.prev_hash))


def relink_tree(key: Ed25519PrivateKey | None) -> None:
    """Leaves, tree row and heads agree with the events again; heads signed with ``key``, or keep their signatures."""
    frontier, heads = Frontier(), {head.size: head for head in Head.objects.all()}
    log = Tree.objects.get().log
    for leaf in Leaf.objects.select_related("event").order_by("index"):
        run('UPDATE cases_leaf SET hash = %s WHERE "index" = %s', leaf.event.hash, leaf.index)
        frontier.append(leaf_hash(bytes.fromhex(leaf.event.hash)))
        if (head := heads.get(frontier.size)) is not None:
            root, signature, name = frontier.root(), head.signature, head.key
            if key is not None:
                made = sign(key, log=log, size=head.size, root=root, at=moment(head.at))
                signature, name = made.sig, made.key
            run(
                "UPDATE cases_head SET root = %s, signature = %s, key = %s WHERE size = %s",
                root.hex(), signature, name, head.size,
            )  # fmt: skip
    Tree.objects.update(size=frontier.size, peaks=[peak.hex() for peak in frontier.peaks])


def lookalike(value: Any, rng: random.Random) -> Any:
    """JSON that looks the same to a hurried reader."""
    if isinstance(value, str) and value:
        pairs = [("a", "а"), ("e", "е"), ("o", "о"), (" ", "\u00a0"), ("i", "і"), ("-", "‑"), ("1", "l"), ("0", "O")]
        found = [(one, other) for one, other in pairs if one in value]
        return value.replace(*rng.choice(found), 1) if found else value + "\u200b"
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return str(value)
    return {"": value}


@dataclass
class Kept:
    path: Path
    data: bytes | None


_kept: list[Kept] = []


def kept(path: Path) -> None:
    """Remember a file before it is spoiled."""
    _kept.append(Kept(path, path.read_bytes() if path.exists() else None))


def put_back() -> None:
    """Everything outside the database is as before."""
    while _kept:
        one = _kept.pop()
        if one.data is not None:
            one.path.write_bytes(one.data)
