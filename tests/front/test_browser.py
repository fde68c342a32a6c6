"""The kit in Chromium: accessibility, reflow, keyboard, and nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def open_kit(browser: Browser, live_server: Any) -> Iterator[Any]:
    user = User.objects.create(username="kit", email="kit@example.test", is_superuser=True, first_name="Kit")
    client = Client()
    client.force_login(user)
    contexts = []

    def open_(**options: Any) -> tuple[Page, list[str]]:
        context = browser.new_context(**options)
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        trouble: list[str] = []
        page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: trouble.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith((live_server.url, "data:")) else trouble.append(r.url))
        page.on("response", lambda r: trouble.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        answer = page.goto(f"{live_server.url}/komponen/")
        assert answer is not None
        assert answer.status == 200
        return page, trouble

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_accessible_and_no_sideways_scroll(open_kit: Any, width: int, theme: str) -> None:
    # bypass_csp: the policy refuses axe itself; the next test runs under the policy
    page, _trouble = open_kit(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for summary in page.locator("details:not([data-menu]) > summary").all():
        if summary.is_visible() and not summary.evaluate("e => e.parentElement.open"):
            summary.click()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


def test_works_under_its_own_policy_by_keyboard(open_kit: Any) -> None:
    page, trouble = open_kit(viewport={"width": 1280, "height": 900})
    # the error summary is where one lands
    assert page.evaluate("document.activeElement.hasAttribute('data-errors')")
    page.get_by_role("link", name="NIP:").click()
    assert page.evaluate("document.activeElement.id") == "id_wrong-nip"
    menu = page.locator("details[data-menu]").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.evaluate("e => e.open")
    menu.locator("[name=theme][value=dark]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.keyboard.press("Escape")
    assert not menu.evaluate("e => e.open")
    page.wait_for_load_state("networkidle")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert trouble == []


def test_works_without_javascript(open_kit: Any) -> None:
    page, trouble = open_kit(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page.locator("details[data-menu] > summary").first.click()
    page.locator("[name=theme][value=dark]").click()
    assert page.url.endswith("/komponen/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("[data-copy]").first.is_hidden()
    assert trouble == []


def test_first_load_is_light(open_kit: Any) -> None:
    """Under 150 kB as a server would send it: text counted after gzip, the font as it is."""
    import gzip

    page, _trouble = open_kit(viewport={"width": 1280, "height": 900})
    bodies: list[bytes] = []
    page.on("response", lambda r: bodies.append(r.body() if r.url.endswith("woff2") else gzip.compress(r.body())))
    page.reload(wait_until="networkidle")
    assert 0 < sum(map(len, bodies)) < 150_000
