"""YAML that remembers its lines.

Every value stays text as a person would type it into the form: no dates, no octal numbers, no ``no`` that means false.
Only ``true``, ``false`` and nothing (empty, ``null``, ``~``) are more than text. A key written twice is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from cases.scenario.errors import ScenarioError

#: The C parser is some twenty times faster; its marks are the same.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


class Block(dict[str, Any]):
    """A mapping with the line it starts on and the line of each key."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Line of a key, or of the block when it has no such key."""
        return self.lines.get(key, self.line)


class Items(list[Any]):
    """A list with the line it starts on."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line


def documents(text: str, file: str) -> Iterator[Block]:
    """The documents of one file. Raises ScenarioError for broken YAML, a double key, or what is not a mapping."""
    try:
        nodes = list(yaml.compose_all(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = f"this is not YAML: {error.problem or error.context}"
        raise ScenarioError(sentence, file=file, line=mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise ScenarioError(f"this is not YAML: {error}", file=file) from error
    for node in nodes:
        if not isinstance(node, yaml.MappingNode):
            line = node.start_mark.line + 1 if node is not None else 0
            raise ScenarioError("a scenario is a mapping of keys", file=file, line=line)
        yield _value(node, file, ())


def _value(node: yaml.Node, file: str, above: tuple[int, ...]) -> Any:
    line = node.start_mark.line + 1
    if id(node) in above:
        raise ScenarioError("an alias contains itself", file=file, line=line)
    within = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        block = Block(line)
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in block:
                raise ScenarioError(f"“{key}” stands twice", file=file, line=key_node.start_mark.line + 1)
            block[key] = _value(value_node, file, within)
            block.lines[key] = key_node.start_mark.line + 1
        return block
    if isinstance(node, yaml.SequenceNode):
        items = Items(line)
        items.extend(_value(item, file, within) for item in node.value)
        return items
    plain = getattr(node, "style", None) in (None, "")
    return WORDS.get(node.value, node.value) if plain else node.value
