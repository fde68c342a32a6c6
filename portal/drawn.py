"""Parts of pages that are drawn once and shown again: a drawing is kept under everything it was drawn from.

Nothing here can be out of date or meant for somebody else: the key *is* what the template is given, word by word, with
the language. A part sees nothing but its values (no request, no user, no clock), so the same values draw the same part.
What is new in every answer (the token of a form) is a hole that is filled afterwards.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.template import Context, engines
from django.urls import get_script_prefix
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

#: Drawings kept in a process; a row of a list is about 1.5 kB.
KEPT = 4000
#: Stands in a drawing where a hole is. Nobody outside the process knows it, so nobody's text can hold it.
_MARK = secrets.token_hex(12)


def key_of(value: Any) -> Any:
    """A value as part of a key: equal keys mean that a template draws the same.

    Python calls 1 and True equal, and text equal to the same text marked as safe; a page does not. Raises TypeError for
    what cannot be taken word by word: models, forms, querysets.
    """
    kind = type(value)
    if kind is str or value is None or kind is int:
        return value
    if kind is tuple or kind is list:
        return tuple([key_of(item) for item in value])
    if kind is dict:
        return ("dict", *[(name, key_of(item)) for name, item in value.items()])
    if isinstance(value, SafeData):
        return ("safe", str(value))
    if isinstance(value, bool | float | dt.date | dt.time):
        return (kind.__name__, repr(value))
    if isinstance(value, Promise | str):
        return str(value)
    if kind is SimpleLazyObject:
        bool(value)  # looks it up, once
        return key_of(value._wrapped)
    if hasattr(kind, "drawn_from"):
        return (kind.__name__, value.drawn_from)
    if dataclasses.is_dataclass(value):
        return (kind.__name__, *[key_of(getattr(value, field.name)) for field in dataclasses.fields(value)])
    if isinstance(value, tuple | list):
        return (kind.__name__, *[key_of(item) for item in value])
    raise TypeError(f"A part cannot be kept under a {kind.__name__}.")


class _Order:
    """A drawing to be made: found by its key; the values are needed only when it is not there yet."""

    __slots__ = ("hashed", "key", "values")

    def __init__(self, key: Any, values: Mapping[str, Any] | None) -> None:
        self.key, self.values, self.hashed = key, values, hash(key)

    def __hash__(self) -> int:
        return self.hashed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Order) and self.key == other.key


def scope() -> tuple[str, ...]:
    """What every drawing depends on besides its values."""
    return (get_language() or "", get_current_timezone_name(), get_script_prefix())


@lru_cache(maxsize=256)
def _template(name: str) -> Any:
    return engines["django"].get_template(name).template  # type: ignore[attr-defined]


def _draw(order: _Order) -> str:
    template = _template.__wrapped__(order.key[1]) if settings.DEBUG else _template(order.key[1])
    values = {name: _words(value) for name, value in (order.values or {}).items()}
    order.values = None  # the drawing stays, what it was drawn from need not
    drawn: str = template.render(Context(values))
    return drawn


def _words(value: Any) -> Any:
    kind = type(value)
    return value.values() if hasattr(kind, "drawn_from") and hasattr(kind, "values") else value


_kept = lru_cache(maxsize=KEPT)(_draw)


def _find(order: _Order) -> str:
    """The drawing, made when it is not there yet; a developer sees a changed template at once."""
    return _draw(order) if settings.DEBUG else _kept(order)


def draw(template: str, values: Mapping[str, Any], holes: Mapping[str, Any] | None = None) -> SafeString:
    """``template`` with ``values`` and nothing else; ``holes`` are put in, escaped, after the drawing was found."""
    key = (scope(), template, tuple([(name, key_of(value)) for name, value in values.items()]))
    if not holes:
        return mark_safe(_find(_Order(key, values)))  # noqa: S308  # drawn by a template, which escapes
    marks = {name: f"{_MARK}-{name}-" for name in holes}
    found = _find(_Order((*key, tuple(marks)), {**values, **marks}))
    for name, mark in marks.items():
        found = found.replace(mark, conditional_escape(holes[name]))
    return mark_safe(found)  # noqa: S308  # drawn by a template; the holes are escaped above


def draw_each(template: str, name: str, items: Iterable[Any]) -> SafeString:
    """``template`` once for each item, which it knows as ``name``."""
    same = (scope(), template)
    drawings = [_find(_Order((*same, ((name, key_of(item)),)), {name: item})) for item in items]
    return mark_safe("".join(drawings))  # noqa: S308  # drawn by a template, which escapes


def forget(**_kwargs: Any) -> None:
    """Draw everything anew."""
    _kept.cache_clear()
    _template.cache_clear()


setting_changed.connect(forget)
