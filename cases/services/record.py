"""Writing the history: the only place that creates events.

An event is written in the transaction that does what it tells, under the lock of its chain: no event, no act. The
lock is the case's row for a case's chain, a ``Stream`` row for every other.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections, models, router
from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts import request_id
from accounts.models import Institution, Officer
from accounts.prepared import Late, prepared
from cases.audit.chain import GENESIS, VERSION, case_stream, content_of, event_hash, to_the_millisecond
from cases.audit.commit import commitment
from cases.clock import now
from cases.in_place import save_in_place
from cases.models import Case, Event, Reporter, Stream
from cases.sealed.reporter import open_identity


class BrokenChain(RuntimeError):
    """Somebody wrote to a chain without holding its lock; nothing was written."""


#: Who acts when no person does: background work.
PORTAL_ACTS = "Portal"

#: Attribute that names a row of reference data in frozen answers; otherwise its primary key.
NATURAL_KEYS = ("code", "nip", "number")


def plain(value: Any) -> Any:
    """``value`` as JSON: dates ISO, rows as ``{"key", "label"}``, containers recursively.

    No floats: they print differently in different languages, and the history is hashed as printed.
    """
    if isinstance(value, models.Model):
        key = next((getattr(value, name) for name in NATURAL_KEYS if getattr(value, name, None)), value.pk)
        return {"key": plain(key), "label": str(value)}
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID | float | Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def write_event(
    *,
    case: Case,
    kind: str,
    name: str,
    actor: Officer | None,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    cautions: list[str] | None = None,
    letters_issued: list[dict[str, Any]] | None = None,
    sealed: Mapping[str, str] | None = None,
    saving: Iterable[str] = (),
    institution: Institution | None = None,
) -> Event:
    """Append one event to the chain of a locked case; saves the case's ``last_seq`` and ``head_hash``.

    Must run inside the transaction that does what the event tells: no event, no act. ``actor`` is None for background
    work, which names the ``institution`` it works for. ``sealed`` are commitments, never sealed content.
    ``saving`` names columns of the case that changed with it: one UPDATE for all.
    """
    event = _event(
        stream=case_stream(case.number),
        seq=case.last_seq + 1,
        prev_hash=case.head_hash or GENESIS,
        kind=kind,
        name=name,
        actor=actor,
        institution=institution,
        case=case,
        case_number=case.number,
        from_state=case.state if from_state is None else from_state,
        to_state=case.state if to_state is None else to_state,
        reason=reason,
        data=plain(data or {}),
        changes=plain(changes or {}),
        cautions=plain(cautions or []),
        letters_issued=plain(letters_issued or []),
        sealed=plain(sealed or {}),
    )
    _advance(case, event, saving)
    return event


def write_record(
    *,
    stream: str,
    kind: str,
    name: str,
    actor: Officer | None,
    case_number: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    sealed: Mapping[str, str] | None = None,
) -> Event:
    """Append one event to a chain that belongs to no case, locking the chain's end until the transaction ends.

    ``case_number`` names a case the event is about without making it part of that case's file.
    """
    end = _end_of(stream)
    event = _event(
        stream=stream,
        seq=end.last_seq + 1,
        prev_hash=end.head_hash or GENESIS,
        kind=kind,
        name=name,
        actor=actor,
        case=None,
        case_number=case_number,
        reason=reason,
        data=plain(data or {}),
        changes=plain(changes or {}),
        sealed=plain(sealed or {}),
    )
    _advance(end, event)
    return event


def _advance(end: Case | Stream, event: Event, saving: Iterable[str] = ()) -> None:
    """Let the chain end in ``event``. Raises BrokenChain when it does not end any more where it was read."""
    before, end.last_seq, end.head_hash = end.last_seq, event.seq, event.hash
    if not save_in_place(end, (*saving, "last_seq", "head_hash"), where={"last_seq": before}):
        raise BrokenChain(f"{event.stream} did not end at {before} any more: its row was not locked")


@prepared
def _end(_reader: None, key: Late) -> QuerySet[Stream]:
    return Stream.objects.select_for_update().filter(key=key).order_by()


def _end_of(stream: str) -> Stream:
    """The locked end of a chain, which may have to begin."""
    found = _end(None, key=stream)
    if not found:
        Stream.objects.get_or_create(key=stream)
        found = _end(None, key=stream)
    return found[0]


def _event(*, actor: Officer | None, institution: Institution | None = None, **values: Any) -> Event:
    """Hash and insert one event."""
    institution = institution or (actor.institution if actor else None)
    event = Event(
        version=VERSION,
        at=to_the_millisecond(now()),
        actor=actor,
        actor_name=actor.name if actor else PORTAL_ACTS,
        actor_person=actor.person_key if actor else "",
        institution=institution,
        institution_name=institution.name if institution else "",
        desk=str(actor.desk) if actor else "",
        request_id=request_id.current(),
        **values,
    )
    event.hash = event_hash(content_of(event))
    _insert(event)
    return event


def _insert(event: Event) -> None:
    """Write the row. Every step waits for this under its lock, so the statement is put together once, not each time."""
    connection = connections[router.db_for_write(Event)]
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        event.pk = cursor.fetchone()[0]
    event._state.adding, event._state.db = False, connection.alias


_COLUMNS = [field for field in Event._meta.concrete_fields if not field.primary_key]
_STATEMENT = (
    f'INSERT INTO "{Event._meta.db_table}" ('  # noqa: S608 -- names of our own table and columns
    + ", ".join(f'"{field.column}"' for field in _COLUMNS)
    + f') VALUES ({", ".join(["%s"] * len(_COLUMNS))}) RETURNING "id"'
)


def reporter_commitments(reporter: Reporter, *, statement: str | None = None) -> dict[str, str]:
    """Commitments to the sealed reporter: to who it is, or to the ``statement`` just made."""
    if statement is not None:
        return {"reporter_statement": commitment(reporter.salt, "reporter_statement", statement)}
    return {"reporter": commitment(reporter.salt, "reporter", open_identity(reporter))}
