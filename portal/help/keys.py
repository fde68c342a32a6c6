"""The single keys of the portal, and the choice to switch them off (WCAG 2.2, 2.1.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

COOKIE, OFF = "keys", "off"

#: Keys that work on every page; ``static/js/keys.js`` does what is said here.
GENERAL: tuple[tuple[str, Any], ...] = (
    ("/", _("Search")),
    ("?", _("Help and keys")),
    ("j", _("Next row")),
    ("k", _("Row before")),
    ("n", _("To your next step")),
)
#: Keys of places, by view; shown and working where the navigation has the place.
PLACES: dict[str, str] = {
    "cases:tasks": "t",
    "cases:list": "p",
    "cases:new": "b",
    "cases:letters": "s",
    "cases:history": "r",
    "cases:calendar": "l",
    "cases:team": "m",
}
