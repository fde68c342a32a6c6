"""Single keys and the help panel in Chromium."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.fixtures_world import Loaded
from tests.play import play
from tests.screens.conftest import REPORT, STEPS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HAS_FOCUS = "e => e === document.activeElement"


@pytest.fixture
def page(browser: Browser, live_server: Any, world: Loaded, settings: Any) -> Iterator[Page]:
    settings.DEMO, settings.DEMO_DATE = True, dt.date(2024, 11, 13)
    play({"report": REPORT, "steps": STEPS})
    second = {**REPORT, "reported": [{"name": "Pegawai Kedua"}], "incident": "Hadir di kampanye"}
    play({"report": second})
    client = Client()
    client.force_login(world.officer("yuni").user)
    context = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 800}, base_url=live_server.url)
    context.set_default_timeout(30_000)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda e: trouble.append(str(e)))
    yield opened
    context.close()
    assert trouble == []


def test_keys(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    search = page.locator("#quick-search")
    assert search.evaluate(HAS_FOCUS)
    page.keyboard.type("jpk?/")
    expect(search).to_have_value("jpk?/")  # in a field, keys are letters
    page.goto("/")
    rows = page.locator("[data-key-row]")
    assert rows.count() >= 1
    page.keyboard.press("j")
    assert rows.first.evaluate("e => e.contains(document.activeElement)")
    page.keyboard.press("j")
    assert rows.nth(min(1, rows.count() - 1)).evaluate("e => e.contains(document.activeElement)")
    page.keyboard.press("k")
    assert rows.first.evaluate("e => e.contains(document.activeElement)")
    page.keyboard.press("p")
    page.wait_for_url("**/cases/")
    page.keyboard.press("t")
    page.wait_for_url(lambda address: address.rstrip("/").count("/") == 2)
    page.locator("[data-key-row] a").first.click()
    expect(page.locator("#next-step")).to_be_visible()
    page.keyboard.press("n")
    assert page.locator("#next-step").evaluate(HAS_FOCUS)


def test_the_help_opens_beside_the_page(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    panel = page.locator("dialog#help")
    expect(panel).to_be_visible()
    expect(panel.locator("#help-keys")).to_have_attribute("open", "")
    assert panel.locator("#help-keys summary").evaluate(HAS_FOCUS)
    page.keyboard.press("t")
    expect(panel).to_be_visible()  # keys rest while the panel is open
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    link = page.locator("[data-help]")
    link.click()
    expect(panel.get_by_role("heading", name="Tugas saya")).to_be_visible()
    panel.get_by_role("button", name="Tutup").click()
    expect(panel).not_to_be_visible()
    assert link.evaluate(HAS_FOCUS)


def test_switched_off_no_key_does_anything(page: Page) -> None:
    page.goto("/bantuan/")
    page.locator("#help-keys summary").click()
    page.get_by_role("button", name="Matikan tombol tunggal").click()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    page.goto("/")
    for key in ("/", "?", "j", "p"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    expect(page.locator("dialog#help")).not_to_be_visible()
    assert page.url.rstrip("/").count("/") == 2
