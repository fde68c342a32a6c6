"""What each letter says, frozen at the step."""

from __future__ import annotations

from typing import Any

from cases.letters.kinds import LetterKind


def build_context(kind: LetterKind, *, situation: Any, event: Any, item: Any, number: str) -> dict[str, Any]:
    """The frozen content of one letter."""
    return {"subject": kind.title, "number": number}
