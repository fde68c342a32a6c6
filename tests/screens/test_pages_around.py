"""Every other page: signing in, accounts, administration, help, and those for when something went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.screens.all_pages import TURNS, played_scene, walk_through, walker
from tests.screens.pages import ROWS, WRONG, Row
from tests.screens.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["played_scene"]


def test_every_page(browser: Browser, live_server: Any, scene: Scene) -> None:
    around = [row for row in ROWS if not row.view.startswith("cases:")]
    walk_through(browser, live_server.url, scene, [*around, *WRONG])


def test_every_triple_of_theme_width_and_language_has_its_turn() -> None:
    met = {(theme, width, language) for turn in TURNS for language, (theme, width) in turn.items()}
    assert len(met) == 2 * 2 * 2
    for turn in TURNS:
        assert {theme for theme, _ in turn.values()} == {"light", "dark"}
        assert {width for _, width in turn.values()} == {390, 1280}


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
