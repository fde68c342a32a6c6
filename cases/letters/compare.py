"""What changed between two letters, as a reader sees it: paragraph by paragraph, from the text of their pages."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from cases.letters.rendering import render_html

SAME, GONE, NEW = "same", "gone", "new"
#: Paragraphs compared; what lies beyond is not shown.
MOST = 600
_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "tr", "th", "td", "div"})


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph: ``how`` is same, gone or new."""

    how: str
    text: str


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.line: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "body"
        if tag in _BLOCKS:
            self.end()

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end()

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.line.append(data)

    def end(self) -> None:
        """Close the paragraph."""
        text = " ".join("".join(self.line).replace("\u200b", "").split())
        if text:
            self.lines.append(text)
        self.line = []


def paragraphs_of(template: str, context: dict[str, Any]) -> list[str]:
    """The letter's text, a paragraph or table cell each. Without number, seal and date: they differ in every letter."""
    reader = _Text()
    plain = {**context, "number": "", "date": "", "seal": None}
    reader.feed(render_html(template, plain))
    reader.end()
    return reader.lines[:MOST]


def changes(before: list[str], after: list[str]) -> list[Change]:
    """The paragraphs of ``after`` with those of ``before`` that are gone; unchanged ones only next to a change."""
    found: list[Change] = []
    for kind, start, end, there, till in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Change(SAME, text) for text in after[there:till]]
        else:
            found += [Change(GONE, text) for text in before[start:end]]
            found += [Change(NEW, text) for text in after[there:till]]
    changed = {index for index, change in enumerate(found) if change.how != SAME}
    near = {index + step for index in changed for step in (-1, 0, 1)}
    return [change for index, change in enumerate(found) if index in near]
