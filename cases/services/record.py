"""Writing the history: the only place that creates events."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models

from accounts import request_id
from accounts.models import Officer
from cases.clock import now
from cases.models import Case, Event

#: Attribute that names a row of reference data in frozen answers; otherwise its primary key.
NATURAL_KEYS = ("code", "nip", "number")


def plain(value: Any) -> Any:
    """``value`` as JSON: dates ISO, rows as ``{"key", "label"}``, containers recursively."""
    if isinstance(value, models.Model):
        key = next((getattr(value, name) for name in NATURAL_KEYS if getattr(value, name, None)), value.pk)
        return {"key": plain(key), "label": str(value)}
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
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
) -> Event:
    """Append one event to a locked case and bump ``case.last_seq`` (the caller saves the case, or it is saved here).

    Must run inside the transaction that does what the event tells: no event, no act.
    """
    case.last_seq += 1
    event = Event.objects.create(
        case=case,
        seq=case.last_seq,
        kind=kind,
        name=name,
        at=now(),
        actor=actor,
        actor_name=actor.name if actor else "Portal",
        actor_person=actor.person_key if actor else "",
        institution=actor.institution if actor else None,
        institution_name=actor.institution.name if actor else "",
        desk=str(actor.desk) if actor else "",
        request_id=request_id.current(),
        from_state=case.state if from_state is None else from_state,
        to_state=case.state if to_state is None else to_state,
        reason=reason,
        data=plain(data or {}),
        changes=plain(changes or {}),
        cautions=cautions or [],
    )
    case.save(update_fields=["last_seq"])
    return event
