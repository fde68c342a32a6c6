"""Internal notes."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now
from cases.models import Case, Event, Note
from cases.services.errors import Refused, WrongDesk
from cases.services.locking import lock
from cases.services.record import write_event
from cases.workflow import desks


def note_facts(note: Note) -> dict[str, Any]:
    """What the event keeps of a note: that it was written, and by hash that it still reads as written."""
    return {"note": note.pk, "sha256": hashlib.sha256(note.text.encode()).hexdigest()}


def add_note(*, case: Case, actor: Officer, text: str) -> Note:
    """Write a note of the actor's institution; the event says that, not what, was noted."""
    if actor.desk not in desks():
        raise WrongDesk(_("This desk only reads."))
    if not text.strip():
        raise Refused(_("The note is empty."), field="text")
    with transaction.atomic():
        locked = lock(case, actor)
        note = Note.objects.create(
            case=locked, institution=actor.institution, author=actor, text=text.strip(), created_at=now()
        )
        write_event(case=locked, kind=Event.Kind.NOTE, name="note", actor=actor, data=note_facts(note))
    return note
