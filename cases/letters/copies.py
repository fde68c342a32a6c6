"""Who a letter goes to, as printed on it: the addressee first, then the copies in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: How a copy for the employee the letter is about is printed.
CONCERNED = "Yang bersangkutan"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who gets the letter. ``place`` is 0 for the addressee and counts the copies from 1."""

    place: int
    name: str

    @property
    def is_copy(self) -> bool:
        """True for a copy (tembusan)."""
        return self.place > 0


def recipients(context: Mapping[str, Any]) -> list[Recipient]:
    """Everybody the frozen content names as addressee or copy; empty for minutes that stay in the file."""
    addressed = ", ".join((context.get("to") or {}).get("lines") or ())
    copies = [Recipient(place, name) for place, name in enumerate(context.get("copies") or (), start=1)]
    return [*([Recipient(0, addressed)] if addressed else []), *copies]
