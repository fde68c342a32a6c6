"""The preview in Chromium: drawn anew beside the form without leaving the page, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from cases.models import Event, Letter
from tests.desk import signed_in
from tests.fixtures_world import load_world
from tests.play import play
from tests.screens.conftest import REPORT, STEPS
from tests.screens.test_preview import PROPOSE

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = "#drafts .preview-page"


@pytest.fixture
def page(db: None, browser: Browser, live_server: Any) -> Iterator[Page]:
    """The form of the assessment, as the officer who writes it."""
    world = load_world()
    case = play({"report": REPORT, "steps": STEPS[:2]}).case
    cookie = signed_in(world.officer("yuni")).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(locale="id-ID")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    shown = context.new_page()
    shown.set_default_timeout(60_000)
    shown.goto(f"{live_server.url}/cases/{case.number}/propose/")
    yield shown
    context.close()


def fill(page: Page, answers: dict[str, str]) -> None:
    for name, text in answers.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("field => field.type") == "radio":
            page.locator(f"[name={name}][value={text}]").check(force=True)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def test_a_refresh_draws_the_right_side_anew_and_nothing_else(page: Page) -> None:
    before = Event.objects.count(), Letter.objects.count()
    fill(page, {**PROPOSE, "conclusion": ""})
    page.locator("[formaction$='/preview/']").click()
    page.wait_for_url("**/preview/")
    expect(page.locator("#checklist")).to_contain_text("Kesimpulan")
    page.evaluate("window.stayed = true")
    page.locator("[name=conclusion]").fill("Terbukti seluruhnya.")
    page.locator("[hx-post$='/preview/']").click()
    # The list beside is part of the same answer.
    expect(page.locator("#checklist")).not_to_contain_text("Kesimpulan", timeout=60_000)
    expect(page.locator(PICTURES).first).to_be_visible(timeout=60_000)
    first = page.locator(PICTURES).first.get_attribute("src")
    page.locator("[name=facts]").fill("Unggahan ada, dan sudah dilihat sendiri.")
    page.locator("[hx-post$='/preview/']").click()
    expect(page.locator(PICTURES).first).not_to_have_attribute("src", first or "", timeout=60_000)
    assert page.evaluate("window.stayed") is True, "the page was not left"
    assert page.locator("#drafts").count() == page.locator("#checklist").count() == 1
    assert page.locator("[name=conclusion]").input_value() == "Terbukti seluruhnya."
    assert (Event.objects.count(), Letter.objects.count()) == before, "nothing was taken or numbered"
