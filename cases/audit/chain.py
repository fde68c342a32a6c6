"""One event as bytes, and the hash that ties it to the one before.

The format is fixed for good by its version. ``hash = SHA-256(PREFIX ‖ canonical JSON of every field)``; the JSON holds
the hash of the stream's previous event, so that no event can change without all later ones changing. The prefix keeps
this hash apart from every other use of SHA-256 in the portal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from cases.audit.canonical import canonical, canonical_of_checked

VERSION = 1
PREFIX = b"neutrality-case-portal/history/v1/event\x00"
#: What the first event of a stream names as the one before.
GENESIS = "0" * 64

#: Every column of an event that is part of its content, in the order told in the documentation.
FIELDS: tuple[str, ...] = (
    "version", "stream", "seq", "prev_hash", "kind", "name", "at", "case_number", "actor_id", "actor_name",
    "actor_person", "institution_id", "institution_name", "desk", "request_id", "from_state", "to_state", "reason",
    "data", "changes", "cautions", "letters_issued", "sealed",
)  # fmt: skip


def case_stream(number: str) -> str:
    """The stream of one case."""
    return f"case:{number}"


def moment(at: dt.datetime) -> str:
    """A moment as text: UTC, microseconds, ``Z``. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment in the history has a time zone")
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def to_the_millisecond(at: dt.datetime) -> dt.datetime:
    """``at`` as the history keeps it: finer parts would be lost in a JSON copy of the database (``dumpdata``)."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def content_of(event: Any) -> dict[str, Any]:
    """The content of an event (a model instance or anything with its attributes)."""
    values = {name: getattr(event, name) for name in FIELDS}
    values["at"] = moment(values["at"])
    values["kind"] = str(values["kind"])
    return values


def event_hash(content: Mapping[str, Any]) -> str:
    """The hash of an event's content, hexadecimal. Raises NotCanonical."""
    return hashlib.sha256(PREFIX + canonical(dict(content))).hexdigest()


def checked_hash(content: dict[str, Any]) -> str:
    """``event_hash`` for content whose JSON parts came from ``strict_loads``; used to verify millions."""
    return hashlib.sha256(PREFIX + canonical_of_checked(content)).hexdigest()
