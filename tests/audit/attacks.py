"""Ways to change the history behind the portal's back, as whoever owns the database would.

Each attack gets a random number generator and returns the place in the tree of the first event it spoils (None: it
spoils something that has no place there). It runs inside a savepoint without triggers; files are put back afterwards.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from cases.audit.chain import FIELDS, GENESIS, content_of, event_hash, moment
from cases.audit.heads import SignedHead, read_heads, sign
from cases.audit.merkle import Frontier, leaf_hash
from cases.models import Case, Event, Evidence, Head, Leaf, Letter, Report, Reporter, Stream, Tree
from cases.models.file import private_storage

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


# ---------------------------------------------------------------------- events


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


# ---------------------------------------------------------------------- the rows events tell of


def told_last(case: Case) -> int:
    return place(case.events.order_by("-seq")[0])


def told_of(case: Case, column: str) -> int:
    """The place of the event that last said what a column is; intake's where none did."""
    events = [event for event in case.events.order_by("seq") if column in event.changes]
    return place(events[-1] if events else case.events.order_by("seq")[0])


def told_file(row: Evidence) -> int:
    """The place of the first event that tells of a file: intake of the report's cases, or the upload."""
    events = [
        event
        for event in Event.objects.filter(case__report=row.report_id).order_by("pk")
        if event.data.get("evidence") == str(row.pk)
        or any(one.get("evidence") == str(row.pk) for one in event.data.get("evidence", ()) if isinstance(one, dict))
    ]
    return min(place(event) for event in events)


@attack
def state_without_event(rng: random.Random) -> int | None:
    case = rng.choice(list(Case.objects.all()))
    Case.objects.filter(pk=case.pk).update(
        state=rng.choice([s for s in ("closed", "received", "decided") if s != case.state])
    )
    return told_last(case)


@attack
def deadline_without_event(rng: random.Random) -> int | None:
    case = rng.choice(list(Case.objects.all()))
    if (running := case.deadlines.filter(ended_on__isnull=True).first()) and rng.random() < 0.5:
        running.due_on = running.due_on.replace(year=running.due_on.year + 1)
        running.save()
    else:
        Case.objects.filter(pk=case.pk).update(due_on="2031-01-01")
    return told_of(case, "due_on")


@attack
def case_number_or_person_without_event(rng: random.Random) -> int | None:
    case = rng.choice(list(Case.objects.all()))
    column = rng.choice(
        ["registration_number", "subject_name", "subject_nip", "finding", "recommended_level", "reported_name"]
    )
    Case.objects.filter(pk=case.pk).update(**{column: "X9"})
    return told_of(case, column)


@attack
def letter_number_without_event(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    column, value = rng.choice([("number", "999/X"), ("serial", 9999), ("year", 1999), ("kind", "x"), ("series", "x")])
    Letter.objects.filter(pk=letter.pk).update(**{column: value})
    return place(letter.event)


@attack
def letter_taken_away(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    index = place(letter.event)
    letter.addressees.clear()
    run("DELETE FROM cases_letter WHERE id = %s", letter.pk.hex if connection.vendor == "sqlite" else letter.pk)
    return index


@attack
def letter_added(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    letter.pk, letter.position, letter.serial = None, 77, 7777
    letter._state.adding = True
    Letter.objects.create(
        **{
            f.attname: getattr(letter, f.attname)
            for f in Letter._meta.concrete_fields
            if f.attname not in ("id", "token")
        }
    )
    return None


@attack
def letter_declared_void(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    Letter.objects.filter(pk=letter.pk).update(voided_at=letter.created_at, void_reason="said to be void")
    return place(letter.event)


@attack
def letter_thinned_as_if_disposed_of(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.filter(status="READY")))
    Letter.objects.filter(pk=letter.pk).update(status="DISPOSED", file="", context={}, subject="")
    return place(Event.objects.get(kind="LETTER", name="letter_made", data__letter=str(letter.pk)))


@attack
def letter_text_after_it_was_made(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.filter(status="READY")))
    Letter.objects.filter(pk=letter.pk).update(context={**letter.context, "subject": "Something else"})
    return place(Event.objects.get(kind="LETTER", data__letter=str(letter.pk)))


@attack
def file_exchanged(rng: random.Random) -> int | None:
    """The bytes alone, or the bytes and their recorded hash."""
    letters = list(Letter.objects.filter(status="READY"))
    row: Any = rng.choice([*letters, *Evidence.objects.all()])
    path = Path(private_storage().path(row.file.name))
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1
    kept(path)
    how = rng.randrange(3)
    if how == 0:
        path.unlink()
    else:
        path.write_bytes(bytes(data))
    if how == 2:
        import hashlib

        type(row).objects.filter(pk=row.pk).update(sha256=hashlib.sha256(data).hexdigest())
    if isinstance(row, Evidence):
        return told_file(row)
    return place(Event.objects.get(kind="LETTER", name="letter_made", data__letter=str(row.pk)))


@attack
def evidence_taken_away_or_renamed(rng: random.Random) -> int | None:
    row = rng.choice(list(Evidence.objects.all()))
    index = told_file(row)
    if rng.random() < 0.5:
        Evidence.objects.filter(pk=row.pk).update(title="Another picture")
    else:
        run("DELETE FROM cases_evidence WHERE id = %s", row.pk.hex if connection.vendor == "sqlite" else row.pk)
    return index


@attack
def report_changed(rng: random.Random) -> int | None:
    report = rng.choice(list(Report.objects.all()))
    column = rng.choice(["chronology", "incident", "place", "number"])
    Report.objects.filter(pk=report.pk).update(**{column: "Something else"})
    return place(Event.objects.filter(case__report=report, seq=1).order_by("pk")[0])


@attack
def sealed_identities_swapped(rng: random.Random) -> int | None:
    one, two = rng.sample(list(Reporter.objects.all()), 2)
    columns = ("name", "address", "phone") if rng.random() < 0.5 else ("salt",)
    spoiled = set()
    for name in columns:
        mine, other = getattr(one, name), getattr(two, name)
        if mine == other:  # two reports of one person: then one of them changes
            setattr(one, name, f"{other}x")
            spoiled.add(one.report_id)
        else:
            setattr(one, name, other)
            setattr(two, name, mine)
            spoiled |= {one.report_id, two.report_id}
    one.save()
    two.save()
    return min(place(event) for event in Event.objects.filter(case__report__in=spoiled, seq=1))


# ---------------------------------------------------------------------- tree, heads, keys


@attack
def leaf_changed(rng: random.Random) -> int | None:
    index = rng.randrange(Tree.objects.get().size)
    if rng.random() < 0.5:
        run('UPDATE cases_leaf SET hash = %s WHERE "index" = %s', "ef" * 32, index)
    else:
        run('DELETE FROM cases_leaf WHERE "index" = %s', index)
    return index


@attack
def leaves_swapped(rng: random.Random) -> int | None:
    one, two = sorted(rng.sample(range(Tree.objects.get().size), 2))
    for index, other in ((one, 10**6), (two, one), (10**6, two)):
        run('UPDATE cases_leaf SET "index" = %s WHERE "index" = %s', other, index)
    return one


@attack
def tree_row_changed(rng: random.Random) -> int | None:
    tree = Tree.objects.get()
    if rng.random() < 0.5:
        Tree.objects.update(size=tree.size - 1)
    else:
        Tree.objects.update(log="another log")
    return None


@attack
def head_edited(rng: random.Random) -> int | None:
    head = rng.choice(list(Head.objects.all()))
    column, value = rng.choice(
        [("root", "ab" * 32), ("signature", "cd" * 64), ("key", "0" * 16), ("size", head.size + 10**6)]
    )
    run(f"UPDATE cases_head SET {column} = %s WHERE size = %s", value, head.size)
    return None  # a head is no event: no event is spoiled


@attack
def head_taken_away(rng: random.Random) -> int | None:
    head = rng.choice(list(Head.objects.all()))
    run("DELETE FROM cases_head WHERE size = %s", head.size)
    return None


@attack
def head_signed_by_another_key(rng: random.Random) -> int | None:
    head, key = rng.choice(list(Head.objects.all())), Ed25519PrivateKey.generate()
    made = sign(key, log=Tree.objects.get().log, size=head.size, root=bytes.fromhex(head.root), at=moment(head.at))
    run("UPDATE cases_head SET key = %s, signature = %s WHERE size = %s", made.key, made.sig, head.size)
    return None


def _outside_heads() -> tuple[Path, list[SignedHead]]:
    path = Path(settings.HISTORY_DIR) / "heads.jsonl"
    kept(path)
    return path, list(read_heads(path))


@attack
def outside_head_edited(rng: random.Random) -> int | None:
    path, heads = _outside_heads()
    at = rng.randrange(len(heads))
    lines = [head.line() for head in heads]
    values = json.loads(lines[at])
    name = rng.choice(["root", "size", "at", "log", "sig", "key"])
    others = {"size": heads[-1].size + 3, "at": "2020-01-01T00:00:00.000000Z"}
    values[name] = others.get(name) or secrets.token_hex(len(values[name]) // 2)
    lines[at] = json.dumps(values)
    path.write_text("\n".join(lines) + "\n")
    return None  # a head is no event: no event is spoiled


@attack
def outside_leaves_edited(rng: random.Random) -> int | None:
    path = Path(settings.HISTORY_DIR) / "leaves.bin"
    kept(path)
    index = rng.randrange(Tree.objects.get().size)
    data = bytearray(path.read_bytes())
    data[index * 32 + rng.randrange(32)] ^= 1
    path.write_bytes(bytes(data))
    return index


@attack
def keys_exchanged(rng: random.Random) -> int | None:
    """Another public key in the place of ours: heads that were signed no longer verify."""
    path = Path(settings.HISTORY_KEY_FILE + ".pub")
    kept(path)
    if rng.random() < 0.3:
        path.write_text("")
    else:
        from cases.audit.keys import key_id, raw_public

        public = raw_public(Ed25519PrivateKey.generate())
        path.write_text(f"{key_id(public)} {public.hex()}\n")
    return None


@attack
def yesterdays_backup_put_back(rng: random.Random) -> int | None:
    """A consistent older database: whole cases, their events, leaves and heads are as if they had never been."""
    heads = [head.size for head in Head.objects.order_by("size")]
    sizes = [size for size in heads[:-1] if _whole_cases(size)]
    keep = rng.choice(sizes)
    gone = list(Event.objects.filter(leaf__index__gte=keep))
    cases = {event.case_id for event in gone if event.case_id}
    run('DELETE FROM cases_leaf WHERE "index" >= %s', keep)
    run("DELETE FROM cases_head WHERE size > %s", keep)
    erase([event.pk for event in gone])
    for table, column in (("cases_letter", "case_id"), ("cases_deadline", "case_id"), ("cases_case", "id")):
        marks = ", ".join(["%s"] * len(cases))
        run(f"DELETE FROM {table} WHERE {column} IN ({marks})", *cases)
    frontier = Frontier()
    for digest in Leaf.objects.order_by("index").values_list("hash", flat=True):
        frontier.append(leaf_hash(bytes.fromhex(digest)))
    Tree.objects.update(size=keep, peaks=[peak.hex() for peak in frontier.peaks])
    Stream.objects.exclude(key__in=Event.objects.values("stream")).delete()
    return keep


def _whole_cases(size: int) -> bool:
    """Whether every chain lies wholly before or wholly after this size."""
    before = set(Leaf.objects.filter(index__lt=size).values_list("stream", flat=True))
    return not Leaf.objects.filter(index__gte=size, stream__in=before).exists()


@attack
def a_chain_restarted(rng: random.Random) -> int | None:
    """A whole case's chain replaced by a shorter, well-made one."""
    event = pick(rng, case__isnull=False)
    chain = chain_of(event)
    index = place(chain[0])
    chain[0].reason = "another beginning"
    put(chain[0], reason=chain[0].reason)
    end_chain(event, chain[-1].seq, relink(chain, GENESIS))
    return index


# ---------------------------------------------------------------------- files are put back


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
