"""Filters for letter templates. Officers' text is text: these give back strings to be escaped, never markup."""

from __future__ import annotations

from typing import Any

from django import template

from cases.letters import words

register = template.Library()

#: Words longer than this get break opportunities, so that a word of a hundred thousand letters is laid out in
#: bounded time and inside the page.
LONGEST_WORD = 80
#: Length of the pieces such a word may break into: short enough for the narrowest column, because a piece that does not
#: fit makes the line breaker look at everything that follows.
PIECE = 20
#: No word of any language; only an attack or a pasted file has them.
BEYOND_MEASURE = 400
ZERO_WIDTH_SPACE = "\u200b"


@register.filter
def paragraphs(text: str) -> list[str]:
    """The paragraphs of an officer's text: one a line, empty lines dropped. Each is still to be escaped.

    A word beyond all measure is cut into paragraphs, because a line breaker needs time by the square of its length.
    """
    found = []
    for line in str(text).splitlines():
        if max(map(len, line.split()), default=0) <= BEYOND_MEASURE:
            found.append(line.strip())
        else:
            found += (line[at : at + BEYOND_MEASURE].strip() for at in range(0, len(line), BEYOND_MEASURE))
    return [breakable(line) for line in found if line]


@register.filter
def breakable(text: str) -> str:
    """``text`` with break opportunities inside very long words."""
    return " ".join(_broken(word) if len(word) > LONGEST_WORD else word for word in str(text).split(" "))


@register.filter
def inline(text: str) -> str:
    """``text`` made to run inside a sentence: a small first letter (abbreviations stay), no full stop."""
    run = words.sentence(str(text))
    if run[:1].isupper() and not run[1:2].isupper():
        run = run[:1].lower() + run[1:]
    return breakable(run)


@register.filter
def stopped(text: str) -> str:
    """``text`` with one full stop at its end, also after an abbreviation: a title such as M.Si. brings its own."""
    return str(text).rstrip(". ") + "."


def _broken(word: str) -> str:
    return ZERO_WIDTH_SPACE.join(word[at : at + PIECE] for at in range(0, len(word), PIECE))


@register.filter
def counted(value: int, unit: str = "") -> str:
    """``5 (lima) orang``."""
    return words.counted(int(value), unit)


@register.filter
def length_words(items: Any) -> str:
    """``5 (lima)`` for a list of five."""
    return words.counted(len(items))
