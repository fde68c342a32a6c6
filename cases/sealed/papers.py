"""Letters that carry what the reporter said: the words are sealed in the frozen content, and so is the page.

Both with the reporter's own data key, so that shredding the identity reaches them too.
"""

from __future__ import annotations

from typing import Any

from cases.sealed.reporter import TABLE
from cases.sealed.store import box_of

#: Parts of a sealed letter's content that hold the reporter's own words.
PARTS = ("statement",)
KEY = "sealed_text"


def with_sealed_parts(context: dict[str, Any], report_id: int) -> dict[str, Any]:
    """The content as frozen: of a sealed letter, the reporter's words as ciphertext; any other as it is."""
    names = [name for name in PARTS if context.get("sealed") and isinstance(context.get(name), str)]
    if not names:
        return context
    box = box_of(TABLE, report_id)
    return {**context, **{name: {KEY: box.seal(f"letter.{name}", context[name])} for name in names}}


def opened(context: dict[str, Any], report_id: int) -> dict[str, Any]:
    """The content as printed. Raises Unopened, Shredded, NoKey."""
    names = [name for name in PARTS if isinstance(context.get(name), dict) and KEY in context[name]]
    if not names:
        return context
    box = box_of(TABLE, report_id)
    return {**context, **{name: box.open(f"letter.{name}", context[name][KEY]) for name in names}}


def has_sealed_parts(context: dict[str, Any]) -> bool:
    """Whether the reporter's words are in it."""
    return any(isinstance(context.get(name), dict) and KEY in context[name] for name in PARTS)


def folder(context: dict[str, Any], report_id: int) -> str:
    """Where the page lies: among the sealed files when it prints the reporter's words (see the private storage)."""
    return f"sealed/{TABLE}/{report_id}/letters" if has_sealed_parts(context) else "letters"
