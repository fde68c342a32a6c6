"""Every page in Chromium: axe, four widths, the keyboard, first load, nobody else asked. Run by ``test_pages_of_*``.

Each page is drawn in both languages; its two drawings meet both themes and both a screen's and a phone's width. Which
language meets which turns from page to page, so that over the pages every triple of theme, width and language occurs.
``ALL_PAGES=full`` runs axe on the whole product of them, ``ALL_PAGES_PART=2/6`` the second sixth of the pages; any
other ``ALL_PAGES`` is a part of an address, to look at a few pages only.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import clear_url_caches
from playwright.sync_api import Browser, BrowserContext

from portal import permissions
from tests.screens.pages import Row
from tests.screens.scene import DAY, Scene, set_up
from tests.screens.walk import HEIGHT, WIDTHS, Walk, merged

WANTED = os.environ.get("ALL_PAGES", "")
FULL = WANTED == "full"
THEMES, LANGUAGES = ("light", "dark"), ("id", "en")
PART, PARTS = (int(number) for number in os.environ.get("ALL_PAGES_PART", "1/1").split("/"))
#: Theme and width of a page's drawing in Indonesian and in English, taken in turns.
TURNS = (
    {"id": ("light", 1280), "en": ("dark", 390)},
    {"id": ("dark", 1280), "en": ("light", 390)},
    {"id": ("light", 390), "en": ("dark", 1280)},
    {"id": ("dark", 390), "en": ("light", 1280)},
)


@pytest.fixture(name="scene")
def played_scene(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    settings.DEMO, settings.DEMO_DATE = True, dt.date.fromisoformat(DAY)
    settings.ROOT_URLCONF = "tests.screens.wrong"
    monkeypatch.setitem(permissions.PERMISSIONS, "wrong", permissions.PUBLIC)
    clear_url_caches()
    yield set_up()
    clear_url_caches()


def walker(browser: Browser, origin: str, language: str, **options: Any) -> tuple[BrowserContext, Walk]:
    locale = {"id": "id-ID", "en": "en-GB"}[language]
    context = browser.new_context(
        locale=locale, viewport={"width": 1280, "height": HEIGHT}, reduced_motion="reduce", **options
    )
    context.set_default_timeout(60_000)
    walk = Walk(context.new_page(), origin)
    walk.listen()
    return context, walk


class Doors:
    """Session cookies by person, made once."""

    def __init__(self, scene: Scene, origin: str) -> None:
        self.scene, self.origin = scene, origin
        self.kept: dict[str, str] = {}

    def enter(self, context: BrowserContext, who: str) -> None:
        context.clear_cookies()
        if not who:
            return
        name = django_settings.SESSION_COOKIE_NAME
        if who not in self.kept:
            client = Client()
            client.force_login(self.scene.user(who))
            self.kept[who] = client.cookies[name].value
        context.add_cookies([{"name": name, "value": self.kept[who], "url": self.origin}])


def look(walk: Walk, row: Row, address: str, language: str, turn: int) -> None:
    """Axe in the theme and width whose turn it is in this language, and the scroll at all widths."""
    walk.open(row, address)
    walk.unfold()
    walk.widths(f"{address} {language}")
    for theme, width in product(THEMES, WIDTHS) if FULL else (TURNS[turn % len(TURNS)][language],):
        walk.page.emulate_media(color_scheme=theme)
        walk.page.set_viewport_size({"width": width, "height": HEIGHT})
        walk.axe(f"{row.who or 'stranger'} {address} {language} {theme} {width}")


def press(walk: Walk, row: Row, address: str) -> None:
    """The keyboard and the first load, under the page's own policy."""
    answer = walk.open(row, address)
    walk.weight(address, answer)
    for width in WIDTHS if FULL else (1280, 390):
        walk.page.set_viewport_size({"width": width, "height": HEIGHT})
        walk.keyboard(f"{row.who or 'stranger'} {address} {width}")


def walk_through(browser: Browser, origin: str, scene: Scene, every: Iterable[Row]) -> None:
    """All of these pages; fails with whatever went wrong on any of them."""
    rows = [row for row in every if FULL or WANTED in row.address][PART - 1 :: PARTS]
    doors, walks = Doors(scene, origin), []
    for language in LANGUAGES:
        # the policy refuses axe itself; the keyboard's walk is under it
        context, walk = walker(browser, origin, language, bypass_csp=True)
        for turn, row in enumerate(rows):
            doors.enter(context, row.who)
            look(walk, row, row.address.format(**scene.places), language, turn)
        walks.append(walk)
        context.close()
    context, walk = walker(browser, origin, "id")
    for row in rows:
        doors.enter(context, row.who)
        press(walk, row, row.address.format(**scene.places))
    walks.append(walk)
    context.close()
    print(f"all pages, part {PART} of {PARTS}: {len(rows)} rows, {merged(walks)}, heaviest {walk.heaviest}")
    trouble = [line for walk in walks for line in walk.trouble]
    assert trouble == [], "\n".join(trouble)
