"""The words of the portal, in the active language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

FILE = Path(__file__).with_name("glossary.yaml")


@cache
def _rows() -> tuple[tuple[str, str, str, str], ...]:
    return tuple((a, b, c, d) for a, b, c, d in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def glossary() -> list[tuple[str, str]]:
    """Words with what they mean, in alphabetical order."""
    english = (get_language() or "id")[:2] == "en"
    words = [(row[2], row[3]) if english else (row[0], row[1]) for row in _rows()]
    return sorted(words, key=lambda pair: pair[0].casefold())
