"""What every page is given: the demo strip, the theme, the acting desk, and where one can go from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.clock import today
from cases.selectors.notices import unread_count
from cases.selectors.rows import waiting_on
from cases.selectors.work import behind_sentence
from portal.help.keys import COOKIE as KEYS_COOKIE
from portal.help.keys import OFF as KEYS_OFF
from portal.help.keys import PLACES as KEY_OF_PLACE
from portal.help.texts import topic_of
from portal.permissions import rule_for
from portal.views_kit import THEMES


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. ``also`` are views inside it, so that it stays marked there.

    ``in_bar`` puts it into the bar at the foot of a phone's screen, which holds four.
    """

    view: str
    label: Any
    icon: str
    group: Any = ""
    also: tuple[str, ...] = ()
    in_bar: bool = False


DATA = gettext_lazy("Data")
PLACES: tuple[Place, ...] = (
    Place("cases:tasks", gettext_lazy("My tasks"), "inbox", in_bar=True),
    Place("cases:list", gettext_lazy("All cases"), "folder-open", also=("cases:detail", "cases:step"), in_bar=True),
    Place("cases:new", gettext_lazy("New report"), "file-plus", also=("cases:draft",), in_bar=True),
    Place("cases:letters", gettext_lazy("Letters"), "file-certificate", also=("cases:letter",), in_bar=True),
    Place("cases:history", gettext_lazy("History"), "history", also=("cases:history_check", "cases:history_job")),
    Place("cases:calendar", gettext_lazy("Calendar"), "calendar"),
    Place("cases:team", gettext_lazy("Team"), "users", also=("cases:team_give", "cases:team_left")),
    Place("cases:retention", gettext_lazy("Retention"), "archive", group=DATA),
    Place("cases:employees", gettext_lazy("Employees"), "users", group=DATA),
    Place("cases:export", gettext_lazy("Export"), "file-spreadsheet", group=DATA),
    Place(
        "cases:holidays",
        gettext_lazy("Days off"),
        "calendar",
        group=DATA,
        also=("cases:holiday_add", "cases:holiday_withdraw"),
    ),
    Place("background", gettext_lazy("Background work"), "adjustments-horizontal", group=DATA),
    Place(
        "accounts:people",
        gettext_lazy("People"),
        "users",
        also=("accounts:ask", "accounts:person", "accounts:succession"),
        group=DATA,
    ),
    Place("admin:index", gettext_lazy("Reference data"), "settings", group=DATA),
)


def _waiting(request: HttpRequest) -> dict[str, int]:
    """How many cases wait on the acting desk, and how many of them are overdue: one query."""
    officer = getattr(request, "officer", None)
    if officer is None:
        return {"count": 0, "overdue": 0}
    if (known := getattr(request, "desk_counts", None)) is not None:
        return dict(known)  # the page has counted already
    return waiting_on(officer, today(officer.institution.timezone))


#: Views whose entry carries a number.
COUNTS: dict[str, Callable[[HttpRequest], dict[str, int]]] = {"cases:tasks": _waiting}


def permits(view: str, request: HttpRequest) -> bool:
    """Whether the permission map lets this person, from this desk, into ``view``."""
    rule = rule_for(view)
    officer = getattr(request, "officer", None)
    return rule is not None and rule.admits(user=request.user, desk=officer.desk if officer else None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation as it is drawn."""

    url: str
    label: str
    icon: str
    group: str
    in_bar: bool
    key: str
    current: bool
    count: int = 0
    overdue: int = 0


class Nav(list[Entry]):
    """The navigation; a page draws it three times."""

    _columns = attrgetter(*(field.name for field in fields(Entry)))

    @cached_property
    def drawn_from(self) -> tuple[Any, ...]:
        """Every word of it."""
        return tuple([Nav._columns(entry) for entry in self])


def _nav(request: HttpRequest) -> Nav:
    """The places this person may open from this desk, as the permission map says."""
    if not request.user.is_authenticated:
        return Nav()
    officer = getattr(request, "officer", None)
    desk = officer.desk if officer else None
    here = request.resolver_match.view_name if request.resolver_match else ""
    entries = Nav()
    for place in PLACES:
        rule = rule_for(place.view)
        if rule is None or not rule.admits(user=request.user, desk=desk):
            continue
        try:
            url = reverse(place.view)
        except NoReverseMatch:
            continue
        counts = COUNTS[place.view](request) if place.view in COUNTS else {}
        entries.append(
            Entry(
                url, str(place.label), place.icon, str(place.group), place.in_bar, KEY_OF_PLACE.get(place.view, ""),
                here == place.view or here in place.also, **counts,
            )
        )  # fmt: skip
    return entries


def _help_url(request: HttpRequest) -> str:
    """Where the help of this page is; on a case it knows the case."""
    match = request.resolver_match
    topic = topic_of(match.view_name) if match else ""
    address = reverse("help_page", args=[topic]) if topic else reverse("help")
    number = match.kwargs.get("number", "") if match else ""
    return f"{address}?{urlencode({'case': number})}" if number and topic else address


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``demo``, ``demo_date``, ``theme``, ``officer``, ``desk_label``, ``nav`` (lazy)."""
    officer = getattr(request, "officer", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "demo": settings.DEMO,
        "demo_date": today() if settings.DEMO and settings.DEMO_DATE else None,
        "theme": theme if theme in THEMES else "",
        "keys_off": request.COOKIES.get(KEYS_COOKIE) == KEYS_OFF,
        "help_url": _help_url(request),
        "officer": officer,
        "desk_label": _(officer.desk_label) if officer else "",
        "reads_notices": officer is not None and permits("cases:notices", request),
        "unread_notices": SimpleLazyObject(lambda: unread_count(officer) if officer else 0),
        "work_behind": SimpleLazyObject(lambda: behind_sentence() if request.user.is_authenticated else ""),
        "nav": SimpleLazyObject(lambda: _nav(request)),
    }
