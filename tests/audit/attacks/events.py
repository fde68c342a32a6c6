"""Attacks on the events themselves."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from cases.audit.chain import FIELDS, content_of, event_hash
from cases.audit.merkle import Frontier, leaf_hash
from cases.models import Case, Event, Head, Leaf, Stream, Tree
from tests.audit.attacks.tools import (
    attack,
    chain_of,
    end_chain,
    erase,
    lookalike,
    pick,
    place,
    put,
    relink,
    relink_tree,
    rewrite_from,
    run,
)

EDITS: dict[str, Callable[[Event], Any]] = {
    "version": lambda e: e.version + 1,
    "stream": lambda e: "case:1999-00001",
    "seq": lambda e: e.seq + 500,
    "prev_hash": lambda e: "ab" * 32,
    "hash": lambda e: "cd" * 32,
    "kind": lambda e: "NOTE" if e.kind != "NOTE" else "STEP",
    "name": lambda e: e.name + "x",
    "case_number": lambda e: "1999-00001",
    "actor_id": lambda e: None,
    "institution_id": lambda e: None,
    "from_state": lambda e: e.from_state + "x",
    "to_state": lambda e: e.to_state + "x",
    "data": lambda e: {**e.data, "x": 1},
    "changes": lambda e: {**e.changes, "x": [None, 1]},
    "cautions": lambda e: [*e.cautions, "x"],
    "letters_issued": lambda e: [*e.letters_issued, {"letter": "x", "number": "1"}],
    "sealed": lambda e: {**e.sealed, "x": "00"},
}
_turn = iter(range(10**9))


@attack
def edit_a_field(rng: random.Random) -> int | None:
    names = (*FIELDS, "hash")
    name = names[next(_turn) % len(names)]
    event = pick(rng, actor__isnull=False)
    index = place(event)
    if name == "at":
        value: Any = event.at.replace(year=event.at.year - 1)
    else:
        value = EDITS.get(name, lambda e: getattr(e, name) + "x")(event)
    put(event, **{name: value})
    return index


@attack
def edit_with_its_own_hash_made_right(rng: random.Random) -> int | None:
    event = pick(rng)
    event.reason += "x"
    put(event, reason=event.reason, hash=event_hash(content_of(event)))
    return place(event)


@attack
def delete_one(rng: random.Random) -> int | None:
    event = pick(rng)
    index = place(event)
    erase([event.pk])
    return index


@attack
def delete_a_range(rng: random.Random) -> int | None:
    chain = chain_of(pick(rng))
    first = rng.randrange(len(chain))
    gone = chain[first : first + rng.randrange(1, 4)]
    index = place(gone[0])
    erase([event.pk for event in gone])
    return index


@attack
def delete_a_tail_and_mend_the_case(rng: random.Random) -> int | None:
    chain = chain_of(pick(rng))
    first = rng.randrange(1, len(chain)) if len(chain) > 1 else 0
    index = place(chain[first])
    erase([event.pk for event in chain[first:]])
    end_chain(chain[0], first, chain[first - 1].hash if first else "")
    return index


@attack
def delete_a_tail_with_its_leaves(rng: random.Random) -> int | None:
    """The newest events of all, with leaves, heads and the tree's row: only the copy outside remembers."""
    size = Tree.objects.get().size
    keep = rng.choice([head.size for head in Head.objects.all() if head.size < size])
    gone = list(Event.objects.filter(leaf__index__gte=keep))
    run('DELETE FROM cases_leaf WHERE "index" >= %s', keep)
    run("DELETE FROM cases_head WHERE size > %s", keep)
    erase([event.pk for event in gone])
    for stream in {event.stream for event in gone}:
        last = Event.objects.filter(stream=stream).order_by("-seq").first()
        event = next(one for one in gone if one.stream == stream)
        end_chain(event, last.seq if last else 0, last.hash if last else "")
    frontier = Frontier()
    for digest in Leaf.objects.order_by("index").values_list("hash", flat=True):
        frontier.append(leaf_hash(bytes.fromhex(digest)))
    Tree.objects.update(size=keep, peaks=[peak.hex() for peak in frontier.peaks])
    return keep


@attack
def swap_the_order_of_two(rng: random.Random) -> int | None:
    chain = chain_of(pick(rng))
    if len(chain) < 2:
        return delete_one(rng)
    one, two = sorted(rng.sample(chain, 2), key=lambda event: event.seq)
    put(one, seq=one.seq + 5000)
    put(two, seq=one.seq)
    put(one, seq=two.seq)
    return min(place(one), place(two))


@attack
def swap_two_rows_whole(rng: random.Random) -> int | None:
    """Both rows stay right by themselves; only what points to them by id is wrong."""
    one, two = sorted(rng.sample(list(Event.objects.filter(leaf__isnull=False)), 2), key=lambda event: event.pk)
    first = min(place(one), place(two))
    columns = [field for field in Event._meta.concrete_fields if field.attname != "id"]
    values = [{f.column: f.get_db_prep_save(getattr(e, f.attname), connection) for f in columns} for e in (one, two)]
    put(one, stream="elsewhere", seq=9999, case_id=None)
    for pk, wanted in ((two.pk, values[0]), (one.pk, values[1])):
        names = ", ".join(f"{name} = %s" for name in wanted)
        run(f"UPDATE cases_event SET {names} WHERE id = %s", *wanted.values(), pk)
    return first


def copy_of(event: Event, **changes: Any) -> Event:
    fields = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    del fields["id"]
    return Event.objects.create(**{**fields, **changes})


@attack
def duplicate_at_the_end(rng: random.Random) -> int | None:
    event = pick(rng)
    copy_of(event, seq=chain_of(event)[-1].seq + 1)
    return None


@attack
def append_a_forged_one(rng: random.Random) -> int | None:
    """Well linked and well hashed, but nothing else knows of it."""
    event = pick(rng, case__isnull=False)
    last = chain_of(event)[-1]
    forged = copy_of(last, seq=last.seq + 1, prev_hash=last.hash, hash="", reason="forged")
    put(forged, hash=event_hash(content_of(forged)))
    return None


@attack
def insert_in_the_middle(rng: random.Random) -> int | None:
    event = pick(rng, case__isnull=False)
    chain = chain_of(event)
    suffix = [one for one in chain if one.seq >= event.seq]
    index = place(event)
    for one in reversed(suffix):
        put(one, seq=one.seq + 1)
        one.seq += 1
    forged = copy_of(event, seq=event.seq, hash="", reason="forged")
    head = relink([forged, *suffix], event.prev_hash)
    end_chain(event, chain[-1].seq, head)
    return index


@attack
def rewrite_a_suffix(rng: random.Random) -> int | None:
    event = pick(rng)
    index = place(event)
    rewrite_from(event)
    return index


@attack
def rewrite_a_suffix_with_its_leaves(rng: random.Random) -> int | None:
    event = pick(rng)
    index = place(event)
    rewrite_from(event)
    relink_tree(None)
    return index


@attack
def rewrite_everything_with_another_key(rng: random.Random) -> int | None:
    event = pick(rng)
    index = place(event)
    rewrite_from(event)
    relink_tree(Ed25519PrivateKey.generate())
    return index


@attack
def replace_into(rng: random.Random) -> int | None:
    event = pick(rng)
    index = place(event)
    columns = list(Event._meta.concrete_fields)
    event.actor_name = "Somebody else"
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in columns]
    names = ", ".join(f'"{field.column}"' for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    if connection.vendor == "sqlite":
        run(f"REPLACE INTO cases_event ({names}) VALUES ({marks})", *values)
    else:
        run(
            f"INSERT INTO cases_event ({names}) VALUES ({marks})"
            " ON CONFLICT (id) DO UPDATE SET actor_name = excluded.actor_name",
            *values,
        )
    return index


@attack
def truncate(rng: random.Random) -> int | None:
    """Everything gone, or the events only."""
    run("DELETE FROM cases_event")
    if rng.random() < 0.5:
        run("DELETE FROM cases_leaf")
        run("DELETE FROM cases_head")
        Tree.objects.all().delete()
        Case.objects.update(last_seq=0, head_hash="")
        Stream.objects.all().delete()
    return 0


@attack
def move_to_another_case(rng: random.Random) -> int | None:
    event = pick(rng, case__isnull=False)
    other = rng.choice(list(Case.objects.exclude(pk=event.case_id)))
    put(event, case_id=other.pk, seq=event.seq) if not other.events.filter(seq=event.seq).exists() else put(
        event, case_id=None
    )
    return place(event)


@attack
def equal_looking_json(rng: random.Random) -> int | None:
    event = pick(rng, kind="STEP")
    while not event.data:
        event = pick(rng, kind="STEP")
    key = rng.choice(sorted(event.data))
    if connection.vendor == "sqlite" and rng.random() < 0.5:
        # A key that stands twice: the database reads the first, Python the last.
        text = json.dumps(event.data)
        doubled = text[:-1] + f", {json.dumps(key)}: {json.dumps(event.data[key])}" + "}"
        run("UPDATE cases_event SET data = %s WHERE id = %s", doubled.replace(": ", ": ", 1), event.pk)
    else:
        put(event, data={**event.data, key: lookalike(event.data[key], rng)})
    return place(event)


@attack
def whole_number_as_decimal(rng: random.Random) -> int | None:
    event = pick(rng, letters_issued__0__serial__gte=0)
    text = json.dumps(event.letters_issued)
    serial = event.letters_issued[0]["serial"]
    run(
        "UPDATE cases_event SET letters_issued = %s WHERE id = %s",
        text.replace(f'"serial": {serial}', f'"serial": {serial}.0', 1),
        event.pk,
    )
    return place(event)
