"""Attacks on tree, heads, keys and what is kept outside; whole backups put back."""

from __future__ import annotations

import json
import random
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from cases.audit.chain import GENESIS, moment
from cases.audit.heads import SignedHead, read_heads, sign
from cases.audit.merkle import Frontier, leaf_hash
from cases.models import Event, Head, Leaf, Stream, Tree
from tests.audit.attacks.tools import attack, chain_of, end_chain, erase, kept, pick, place, put, relink, run


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
