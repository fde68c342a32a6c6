"""Checkpoints: new events become leaves of the tree, a signed head is made, and both leave the database.

Run by the scheduler at least once a minute, and before every export. Any number of processes may run it at once.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.audit.chain import moment, to_the_millisecond
from cases.audit.heads import Outside, SignedHead, sign
from cases.audit.keys import generate, known_keys, load, public_file
from cases.audit.merkle import Frontier, leaf_hash
from cases.clock import now, today
from cases.models import Event, Head, Leaf, Tree
from cases.services.outbox import derived_id, post_once

log = structlog.get_logger(__name__)

#: Leaves added in one transaction: a short one, others wait for it on SQLite.
BATCH = 1000
#: On PostgreSQL a transaction may commit after another that took its ids later. An event this many ids behind the
#: newest leaf is still found by every run; one further behind by the daily run over all events.
LOOK_BACK = 5000


class Contradiction(RuntimeError):
    """The database and what was kept outside it tell different histories. Nothing more is signed."""


def outside() -> Outside:
    """The folder outside the database."""
    return Outside(settings.HISTORY_DIR)


def public_keys() -> dict[str, bytes]:
    """The public keys that prove this portal's heads."""
    return known_keys(public_file(Path(settings.HISTORY_KEY_FILE)))


def checkpoint(*, whole: bool = False) -> SignedHead | None:
    """Sequence what is new, sign a head, keep both outside; the newest head, None for an empty history.

    ``whole`` looks at every event instead of the newest ones. Raises Contradiction, NoKey.
    """
    place = outside()
    _refuse_contradiction(place)
    while _sequence(whole=whole) == BATCH:
        pass
    _carry_out(place)
    return latest_head()


def latest_head() -> SignedHead | None:
    """The newest head the database knows."""
    row = Head.objects.order_by("-size").first()
    return _signed(row) if row else None


def mail_head() -> int:
    """Mail the newest head to the configured auditors: the copy that nobody at the portal can take back.

    Through the outbox, once a day and address however often this runs; returns how many are new.
    """
    head = latest_head()
    if head is None:
        return 0
    with override(settings.LANGUAGE_CODE):
        text = _("Keep this message. It proves what the portal's history was on this day:") + f"\n\n{head.line()}\n"
        subject = _("Head of the history: %(size)d events") % {"size": head.size}
    return post_once(
        (derived_id("head", address, today()), address, subject, text) for address in settings.HISTORY_MAIL_TO
    )


def _signed(row: Head) -> SignedHead:
    return SignedHead(
        log=Tree.objects.get(pk=1).log,
        size=row.size,
        root=row.root,
        at=moment(row.at),
        key=row.key,
        sig=row.signature,
    )


def waiting(tree: Tree, *, whole: bool = False) -> QuerySet[Event]:
    """Events without a place in the tree, oldest first."""
    rows = Event.objects.filter(leaf__isnull=True)
    if tree.size and not whole:
        newest = Leaf.objects.values_list("event_id", flat=True).get(pk=tree.size - 1)
        rows = rows.filter(pk__gt=newest - LOOK_BACK)
    return rows.order_by("pk")


def _sequence(*, whole: bool) -> int:
    """Give up to BATCH events their leaves and sign a head over them; returns how many."""
    with transaction.atomic():
        Tree.objects.get_or_create(pk=1, defaults={"log": _log_name()})
        tree = Tree.objects.select_for_update().get(pk=1)
        new = list(waiting(tree, whole=whole).values_list("pk", "stream", "seq", "hash")[:BATCH])
        if not new:
            return 0
        frontier = Frontier(tree.size, map(bytes.fromhex, tree.peaks))
        leaves = []
        for pk, stream, seq, digest in new:
            leaves.append(Leaf(index=frontier.size, event_id=pk, stream=stream, seq=seq, hash=digest))
            frontier.append(leaf_hash(bytes.fromhex(digest)))
        Leaf.objects.bulk_create(leaves)
        at = to_the_millisecond(now())
        head = sign(_key(), log=tree.log, size=frontier.size, root=frontier.root(), at=moment(at))
        Head.objects.create(size=head.size, root=head.root, at=at, key=head.key, signature=head.sig)
        tree.size, tree.peaks = frontier.size, [peak.hex() for peak in frontier.peaks]
        tree.save(update_fields=["size", "peaks"])
    log.info("history_head", size=head.size, root=head.root[:16])
    return len(new)


def _carry_out(place: Outside) -> None:
    """Append to the folder every head it does not hold yet, with the leaves below it."""
    with place.locked():
        last = _refuse_contradiction(place)
        first = last.size if last else 0
        for row in Head.objects.filter(size__gt=first).order_by("size"):
            head = _signed(row)
            hashes = Leaf.objects.filter(index__gte=first, index__lt=head.size).order_by("index")
            place.append(head, first, list(hashes.values_list("hash", flat=True)))
            first = head.size


def _refuse_contradiction(place: Outside) -> SignedHead | None:
    """The newest head kept outside, which the database must know as it is. Raises Contradiction."""
    last = place.last()
    if last is None:
        return None
    row = Head.objects.filter(pk=last.size).first()
    if row is None or (row.root, row.signature) != (last.root, last.sig):
        log.error("history_contradiction", size=last.size)
        raise Contradiction(
            f"The head of size {last.size} kept outside is not the database's. Run `manage.py verify_history`; nothing"
            " is signed until this is explained."
        )
    return last


def _log_name() -> str:
    return ("demo-" if settings.DEMO else "") + secrets.token_hex(12)


def _key() -> Ed25519PrivateKey:
    path = Path(settings.HISTORY_KEY_FILE)
    if not path.exists() and not settings.PRODUCTION:
        return generate(path, "DEMO" if settings.DEMO else settings.PROFILE)
    return load(path)
