"""Data keys: made, fetched, wrapped anew, destroyed.

To seal something else, give its row a box: ``new_box("cases_draft", draft.pk).seal("payload", text)``, later
``box_of("cases_draft", draft.pk).open("payload", sealed)``; ``destroy("cases_draft", draft.pk)`` when it goes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from django.db import transaction

from cases.models.sealed import SealedKey
from cases.sealed.box import Box, Unopened, new_data_key, unwrap, wrap
from cases.sealed.keys import Ring, UnknownKey, ring


class Shredded(LookupError):
    """The data key of this row is gone: never made, or destroyed."""


def new_box(table: str, row: object) -> Box:
    """A fresh data key for a row that has none. Inside the transaction that seals with it."""
    name, key = new_data_key()
    keys = ring()
    box = Box(table, str(row), name, key)
    SealedKey.objects.create(
        table=table, row=box.row, name=name, wrapped_with=keys.current,
        wrapped=wrap(keys.key(keys.current), keys.current, table, box.row, name, key),
    )  # fmt: skip
    return box


def _box(kept: SealedKey, keys: Ring) -> Box:
    wrapping = keys.key(kept.wrapped_with)
    key = unwrap(wrapping, kept.wrapped_with, kept.table, kept.row, kept.name, kept.wrapped)
    return Box(kept.table, kept.row, kept.name, key)


def box_of(table: str, row: object) -> Box:
    """The box of a row. Raises Shredded, Unopened, NoKey."""
    kept = SealedKey.objects.filter(table=table, row=str(row)).first()
    if kept is None:
        raise Shredded(f"{table}/{row} has no data key.")
    return _box(kept, ring())


def boxes_of(table: str, rows: Iterable[object]) -> dict[str, Box]:
    """The boxes of several rows by row, in one query. Rows without a key that opens are left out. Raises NoKey."""
    found: dict[str, Box] = {}
    kept = list(SealedKey.objects.filter(table=table, row__in=[str(row) for row in rows]))
    if not kept:
        return found
    keys = ring()
    for row in kept:
        with contextlib.suppress(Unopened, UnknownKey):
            found[row.row] = _box(row, keys)
    return found


def destroy(table: str, row: object) -> bool:
    """Destroy a row's data key: its content is ciphertext for ever. Whether there was one."""
    deleted, _rows = SealedKey.objects.filter(table=table, row=str(row)).delete()
    return bool(deleted)


def rotate(batch: int = 200) -> tuple[int, int]:
    """Wrap every data key with the key in use: (wrapped anew now, left). Short transactions; stop and go on at will.

    Only a row that still is as it was read is written, so that a row destroyed meanwhile is not brought back.
    """
    keys, done, last = ring(), 0, 0
    while True:
        rows = list(SealedKey.objects.exclude(wrapped_with=keys.current).filter(pk__gt=last).order_by("pk")[:batch])
        if not rows:
            return done, SealedKey.objects.exclude(wrapped_with=keys.current).count()
        with transaction.atomic():
            for row in rows:
                box = _box(row, keys)
                done += SealedKey.objects.filter(pk=row.pk, wrapped=row.wrapped).update(
                    wrapped_with=keys.current,
                    wrapped=wrap(keys.key(keys.current), keys.current, row.table, row.row, row.name, box.key),
                )
        last = rows[-1].pk
