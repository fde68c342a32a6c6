"""Every page in Chromium: axe, four widths, the keyboard, first load, nobody else asked.

Each page is drawn in both languages; between them its two drawings meet both themes and both a screen's and a phone's
width (every pair of theme, width and language once). ``ALL_PAGES=full`` runs axe on the whole product of them; any
other value is a part of an address, to look at a few pages only.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import clear_url_caches
from playwright.sync_api import Browser, BrowserContext

from portal import permissions
from tests.screens.pages import ROWS, WRONG, Row
from tests.screens.scene import DAY, Scene, set_up
from tests.screens.walk import HEIGHT, WIDTHS, Walk, merged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WANTED = os.environ.get("ALL_PAGES", "")
FULL = WANTED == "full"
THEMES, LANGUAGES = ("light", "dark"), ("id", "en")
#: Theme and width by language: every pair of theme, width and language occurs.
CHOSEN = {"id": (("light", 1280), ("dark", 390)), "en": (("dark", 1280), ("light", 390))}
SHARDS = 2


@pytest.fixture
def scene(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
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


def look(walk: Walk, row: Row, address: str, language: str) -> None:
    """Axe in this language's themes and widths, and the scroll at all widths."""
    walk.open(row, address)
    walk.unfold()
    walk.widths(f"{address} {language}")
    for theme, width in product(THEMES, WIDTHS) if FULL else CHOSEN[language]:
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


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_page(browser: Browser, live_server: Any, scene: Scene, shard: int) -> None:
    rows = [row for row in (*ROWS, *WRONG) if FULL or WANTED in row.address][shard::SHARDS]
    doors = Doors(scene, live_server.url)
    walks = []
    for language in LANGUAGES:
        # the policy refuses axe itself; the keyboard's walk is under it
        context, walk = walker(browser, live_server.url, language, bypass_csp=True)
        for row in rows:
            doors.enter(context, row.who)
            look(walk, row, row.address.format(**scene.places), language)
        walks.append(walk)
        context.close()
    context, walk = walker(browser, live_server.url, "id")
    for row in rows:
        doors.enter(context, row.who)
        press(walk, row, row.address.format(**scene.places))
    walks.append(walk)
    context.close()
    print(f"all pages, part {shard + 1}: {len(rows)} rows, {merged(walks)}, heaviest {walk.heaviest}")
    trouble = [line for walk in walks for line in walk.trouble]
    assert trouble == [], "\n".join(trouble)


def test_the_walk_sees_what_is_wrong(browser: Browser, live_server: Any, scene: Scene) -> None:
    """The control: a page with one of each mistake is found out in each."""
    context, walk = walker(browser, live_server.url, "id", bypass_csp=True)
    row = Row("accounts:login", "", "/accounts/login/")
    walk.open(row, row.address)
    walk.page.evaluate(
        'document.body.insertAdjacentHTML(\'beforeend\', \'<div style="width:3000px">wide</div><img src="/x.png">'
        '<button style="outline:none !important" id="unseen">x</button><div><a href="/" tabindex="-1">no</a></div>'
        '<button id=skipped onfocus="this.blur()">y</button>\')'
    )
    walk.widths("here")
    walk.axe("here")
    walk.keyboard("here")
    walk.requests.append("https://example.org/x.js")
    context.close()
    said = "\n".join(walk.trouble)
    for mistake in ("px wide at 320", "axe image-alt", "no focus to be seen", "Tab does not reach"):
        assert mistake in said, said
