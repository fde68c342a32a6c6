"""Cells no spreadsheet program takes for a formula.

A cell that begins with ``= + - @``, tab, carriage return or line feed can run as a formula in the reader's program. We
put an apostrophe before it, everywhere, and take it away again when our own file comes back. The library's own escaping
strips one ``=`` and leaves the rest, so it is not used.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "'"
#: Control characters that no spreadsheet format can hold.
UNPRINTABLE = {code: None for code in range(32) if chr(code) not in "\t\r\n"}


def safe(value: Any) -> str:
    """``value`` as text that stays text."""
    if value is None:
        return ""
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    text = str(value).translate(UNPRINTABLE)
    # Full-width twins of the signs are folded to them by some programs.
    if text.lstrip(" '\u00a0\ufeff").startswith(DANGEROUS) or text.startswith(("＝", "＋", "－", "＠")):
        return MARK + text
    return text


def plain(value: Any) -> str:
    """A cell read from a file, as the text a person typed: our own mark removed, blanks trimmed."""
    if value is None:
        return ""
    text = str(value).translate(UNPRINTABLE).strip()
    if text.startswith(MARK) and text != MARK and safe(text[1:]) == text:
        return text[1:].strip()
    return text
