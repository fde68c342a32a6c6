"""Small drawing helpers for templates: icons, initials, digits in groups."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.moments import short_moment
from portal import drawn

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One symbol of ``static/icons.svg``. Without ``label`` it is decoration and hidden from screen readers."""
    return _symbol(str(name), str(label), css)


@lru_cache(maxsize=1024)  # a page draws a hundred of them, the same few again and again
def _symbol(name: str, label: str, css: str) -> SafeString:
    classes = f"icon {css}".strip()
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, href
    )


@register.simple_tag
def draw(part: str, fresh: str = "", **values: Any) -> SafeString:
    """Like ``{% include part with … only %}``, but drawn once for the same values; ``fresh`` names those never kept.

    Values are plain: text, numbers, lists and dictionaries of them, or what says what it is drawn from.
    """
    holes = {name: values.pop(name) for name in fresh.split()}
    return drawn.draw(part, values, holes)


@register.simple_tag
def draw_each(part: str, **items: Any) -> SafeString:
    """The part once for every item of a list: ``{% draw_each "components/case_row.html" row=group.rows %}``."""
    ((name, values),) = items.items()
    return drawn.draw_each(part, name, values)


@register.filter
def initials(name: object) -> str:
    """``Wahyu Lestari, S.H.`` as ``WL``: first letters of the first two words before a degree."""
    words = str(name or "").split(",")[0].split()
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def spaced_nip(nip: object) -> str:
    """``197902142005011008`` as ``19790214 200501 1 008``, the way people read a NIP; other text unchanged."""
    digits = str(nip or "")
    if len(digits) != 18 or not digits.isdigit():
        return digits
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


@register.filter
def moment(at: dt.datetime | None) -> str:
    """``4 Nov 2024, 14.20 WIB``: a moment by the clock of the reader's institution; empty for none."""
    return short_moment(at) if at else ""


@register.filter
def slashed(text: str) -> SafeString:
    """A number like ``020/Reg/LP/PW/Kota/16.99/XI/2024`` may be broken behind its slashes, and nowhere else."""
    escaped = str(conditional_escape(text))
    # markup (a badge, a link) is left alone: its slashes are not ours
    return mark_safe(escaped if "<" in escaped else escaped.replace("/", "/<wbr>"))  # noqa: S308 -- escaped above
