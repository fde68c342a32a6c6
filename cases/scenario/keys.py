"""Reading keys out of a block strictly: each is asked for by name and kind; whatever is left over is an error."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from cases.scenario.errors import ScenarioError
from cases.scenario.source import Block, Items


def unknown(name: str, known: Iterable[str], what: str = "key") -> str:
    """The sentence for a name nobody knows, with the one probably meant."""
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"unknown {what} “{name}”" + (f"; did you mean “{near[0]}”?" if near else "")


class Keys:
    """One block being read. Use as ``with Keys.of(...) as keys``: leaving the block refuses keys nobody asked for."""

    def __init__(self, block: Block, *, file: str, part: str = "") -> None:
        self.block = block
        self.file = file
        self.part = part
        self.asked: set[str] = set()

    @classmethod
    @contextmanager
    def of(cls, block: Any, *, file: str, part: str = "", line: int = 0) -> Iterator[Keys]:
        """Read ``block``. Raises ScenarioError when it is no mapping or has a key nobody asked for."""
        if not isinstance(block, Block):
            raise ScenarioError("this is not a mapping of keys", file=file, line=line, part=part)
        keys = cls(block, file=file, part=part)
        yield keys
        for name in block:
            if name not in keys.asked:
                keys.fail(unknown(name, keys.asked), name)

    def fail(self, sentence: str, name: str = "") -> NoReturn:
        """Raise, naming the line of key ``name``."""
        raise ScenarioError(sentence, file=self.file, line=self.block.line_of(name), part=self.part)

    def any(self, name: str) -> Any:
        """Whatever stands there, or None."""
        self.asked.add(name)
        return self.block.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """Text. Without a default the key is needed."""
        value = self.any(name)
        if value is None or value == "":
            if default is None:
                self.fail(f"“{name}” is missing", name)
            return default
        if not isinstance(value, str):
            self.fail(f"“{name}” is not text", name)
        return value.strip()

    def date(self, name: str, default: dt.date | None = None) -> dt.date:
        """A date, ``2024-11-29``. Without a default the key is needed."""
        found = self.maybe_date(name) or default
        if found is None:
            self.fail(f"“{name}” is missing", name)
        return found

    def maybe_date(self, name: str) -> dt.date | None:
        """A date, or None."""
        value = self.any(name)
        if value is None:
            return None
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{name}” is not a date like 2024-11-29: {value}", name)

    def day_and_time(self, name: str) -> tuple[dt.date, dt.time | None]:
        """A date, or a date and a time of day: ``2024-11-29`` or ``2024-11-29 14:30``."""
        value = self.text(name)
        day, _space, time = value.partition(" ")
        try:
            return dt.date.fromisoformat(day), dt.time.fromisoformat(time.strip()) if time else None
        except ValueError:
            self.fail(f"“{name}” is not a moment like 2024-11-29 14:30: {value}", name)

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.any(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(f"“{name}” is neither true nor false", name)
        return value

    def blocks(self, name: str) -> list[Block]:
        """A list of mappings; empty when the key is not there."""
        value = self.any(name)
        if value is None:
            return []
        if not isinstance(value, Items) or not all(isinstance(item, Block) for item in value):
            self.fail(f"“{name}” is not a list of mappings", name)
        return list(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts; one text alone is a list of one."""
        value = self.any(name)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, Items) or not all(isinstance(item, str) for item in value):
            self.fail(f"“{name}” is not a list of texts", name)
        return list(value)

    def mapping(self, name: str) -> Block:
        """A mapping; an empty one on the block's line when the key is not there."""
        value = self.any(name)
        if value is None:
            return Block(self.block.line)
        if not isinstance(value, Block):
            self.fail(f"“{name}” is not a mapping of keys", name)
        return value
