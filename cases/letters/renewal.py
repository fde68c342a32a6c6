"""What a letter issued anew says: the withdrawn content with corrected texts, of another day and number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import Officer
from cases.letters import words
from cases.letters.contexts.common import SUBJECT_LENGTH, signature
from cases.letters.kinds import KINDS
from cases.models import Letter, Rank

#: Correctable on every letter: who gets a copy.
COPIES = "copies"


def correctable(letter: Letter) -> dict[str, Any]:
    """The parts of a letter that may read otherwise in its successor, as they stand: a text, or a list of lines."""
    names = (*KINDS[letter.kind].texts, COPIES)
    return {name: letter.context[name] for name in names if name in letter.context}


def renewed(letter: Letter, *, actor: Officer, on: dt.date, number: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """The successor's content. Letterhead, place, date and number are of today; who signed signs through the actor."""
    before, issuer = letter.context, actor.institution
    allowed = correctable(letter)
    return {
        **before,
        **{name: value for name, value in texts.items() if name in allowed},
        "number": number,
        "place": issuer.place,
        "date": words.date(on),
        "date_iso": on.isoformat(),
        "letterhead": {**before["letterhead"], "lines": list(issuer.letterhead) or [issuer.name],
                       "address": issuer.address, "contact": issuer.contact},
        "issuer": issuer.name,
        "subject": before["subject"][:SUBJECT_LENGTH],
        "signatures": [_signed(block, letter, actor) for block in before["signatures"]],
        "issued_by": f"{actor.name}, {actor.position}",
        "replaces": f"Nomor {letter.number} tanggal {words.date(letter.dated_on)}",
    }  # fmt: skip


def _signed(block: dict[str, Any], letter: Letter, actor: Officer) -> dict[str, Any]:
    """The block of the officer who issued the letter becomes the actor's; those of other people stay."""
    if block["name"] != letter.event.actor_name:
        return block
    rank = Rank.objects.filter(code=actor.rank).first()
    named = f"{rank.name} ({rank.code})" if rank and rank.name else ""
    return signature(title=actor.position, name=actor.name, nip=actor.nip, rank=named, caption=block["caption"])
