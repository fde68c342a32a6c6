"""JSON in one form only (RFC 8785), so that equal content has equal bytes and equal hashes.

RFC 8785 for the values a history holds: objects, arrays, strings, booleans, null, and whole numbers up to 2^53. For
these the standard library's encoder writes exactly the RFC's bytes once keys are sorted by UTF-16 units, twenty times
faster than a Python-only encoder; a property test holds both equal. Floats are refused on purpose: they print
differently in different languages.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

#: Largest whole number that every JSON reader keeps exactly (RFC 7493).
LARGEST = 2**53 - 1


class NotCanonical(ValueError):
    """The value, or the text, has no single canonical form."""


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def canonical(value: Any) -> bytes:
    """The canonical bytes of ``value``. Raises NotCanonical: floats, huge numbers, keys not text, lone surrogates."""
    return canonical_of_checked(_checked(value))


def canonical_of_checked(value: Any) -> bytes:
    """Like ``canonical`` for a value that came from ``strict_loads`` or holds only strings, numbers and such."""
    try:
        return _encode(value).encode("utf-8")
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        raise NotCanonical(str(error)) from error


def _checked(value: Any) -> Any:
    """``value`` again, with keys in UTF-16 order where plain sorting would differ; raises for what has no form."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise NotCanonical(f"a key must be text, not {type(key).__name__}")
            _plain_order(key)
        return {key: _checked(item) for key, item in value.items()}
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _whole(value: int) -> int:
    if abs(value) > LARGEST:
        raise NotCanonical("a whole number beyond 2^53 is not kept exactly by every reader")
    return value


def _plain_order(key: str) -> None:
    # The RFC sorts by UTF-16 units, Python by code points. They differ only from U+E000 up; no key of ours is there.
    if key and max(key) >= "\ud800":
        raise NotCanonical("a key uses characters that sort differently in UTF-16")


def strict_loads(text: str) -> Any:
    """Parse JSON that must have one meaning. Raises NotCanonical for doubled keys, floats, NaN, huge numbers."""
    if text in ("{}", "[]"):
        return {} if text == "{}" else []
    try:
        return _decode(text)
    except json.JSONDecodeError as error:
        raise NotCanonical(f"not JSON: {error}") from error


def _no_float(text: str) -> NoReturn:
    raise NotCanonical(f"{text} is not a whole number")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a key stands twice in one object: two readers would read two things")
    for key in found:
        if not key.isascii():
            _plain_order(key)
    return found


_decode = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_float=_no_float,
    parse_constant=_no_float,
    parse_int=lambda digits: _whole(int(digits)),
).decode
