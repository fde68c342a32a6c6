"""Lists and a new report in Chromium: with scripts and without, by mouse and by keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from cases.models import Case, Draft
from cases.services.drafts import drafts_of
from tests.fixtures_world import Loaded, load_world
from tests.play import play
from tests.screens.conftest import REPORT, STEPS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NIP = "19740612 199903 1 903"
expect.set_options(timeout=20_000)


@pytest.fixture
def world(db: None) -> Loaded:
    """The demo's world with one case on the supervisor's desk."""
    loaded = load_world()
    play({"report": REPORT, "steps": STEPS[:1]})
    return loaded


@pytest.fixture
def yuni(browser: Browser, live_server: Any, world: Loaded) -> Iterator[Callable[..., Page]]:
    """Opens an address as the officer who takes reports in."""
    client = Client()
    client.force_login(world.officer("yuni").user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    contexts = []

    def opened(address: str, **options: Any) -> Page:
        context = browser.new_context(locale="id-ID", **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_filter_is_chosen_kept_and_taken_away(yuni: Callable[..., Page], scripts: bool) -> None:
    page = yuni("/", java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    page.locator(".facet summary").first.click()
    choice = page.locator(".facet[open] .facet-choice").first
    label, number = choice.locator("span").first.inner_text(), choice.locator(".count").inner_text()
    choice.click()
    assert "=" in page.url
    assert page.locator(".case-row").count() == int(number)
    page.locator(".saved-views summary").click()
    page.locator(".saved-view-form input[name=label]").first.fill("Yang ini")
    page.locator(".saved-view-form button").first.click()
    chip = page.locator(".saved-views a.chip")
    expect(chip).to_contain_text("Yang ini")
    expect(chip.locator(".count")).to_have_text(number)
    page.locator(".facets > a.btn").click()
    assert "=" not in page.url
    assert label


def test_rows_are_walked_by_keyboard(yuni: Callable[..., Page]) -> None:
    case = Case.objects.get()
    for address in ("/", "/cases/"):
        page = yuni(address)
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.closest('[data-key-row]') !== null"), address
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{case.number}/")
    page = yuni("/")
    page.locator(".facet summary").first.click()
    page.keyboard.press("Escape")
    assert page.locator(".facet[open]").count() == 0
    page.keyboard.press("n")
    page.wait_for_url("**/cases/new/")


def test_columns_and_order_without_scripts(yuni: Callable[..., Page]) -> None:
    page = yuni("/cases/", java_script_enabled=False)
    page.locator("summary", has_text="Pilih kolom").click()
    page.locator("label[for=column-opened]").click()
    page.locator("details[open] button[type=submit]").click()
    heading = page.locator("th a.sort", has_text="Dibuka")
    heading.click()
    assert page.locator("th[aria-sort=ascending]").inner_text().strip().startswith("Dibuka")


def filled(page: Page, **answers: str) -> None:
    for name, value in answers.items():
        field = page.locator(f"[name='{name.replace('__', '-')}']").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


INCIDENT = {
    "election": "pilkada-2024", "incident": "Mengunggah", "place": "Facebook", "chronology": "Terlapor mengunggah.",
    "occurred_on": "2024-10-30", "known_on": "2024-10-31",
}  # fmt: skip


def until(true: Callable[[], bool]) -> None:
    """Wait until the server has it."""
    for _ in range(150):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_report_is_written_read_back_and_filed(yuni: Callable[..., Page], scripts: bool) -> None:
    page = yuni("/cases/new/", java_script_enabled=scripts)
    go_on = "form .form-end button.btn-primary"
    page.locator(go_on).click()
    expect(page.locator("[data-errors]")).to_be_visible()
    assert page.locator("[data-errors] a").first.get_attribute("href") == "#id_election"
    filled(page, **INCIDENT)
    page.locator(go_on).click()
    expect(page.locator("#id_reported")).to_be_visible()
    filled(page, **{"reported__0__nip".replace("__0__", "-0-"): NIP})
    if scripts:
        expect(page.locator("#hints")).to_contain_text("lahir 12 Juni 1974")
        assert page.evaluate("document.activeElement.name") == "reported-0-nip", "typing goes on"
    page.locator("button[value=look]").click()
    expect(page.locator("[name=reported-0-name]")).to_have_value("Bambang Hariyanto, S.Sos.")
    assert page.locator("#hints a").count() >= 1, "the case there is already is hinted at"
    page.locator(go_on).click()
    filled(page, channel="COUNTER", reporter_name="Sukarti Melati", reporter_address="Jalan Rahasia 7")
    page.locator(go_on).click()
    page.locator(go_on).click()
    expect(page.locator("main")).to_contain_text("Sukarti Melati")
    assert Case.objects.count() == 1, "nothing is filed before it was read back"
    page.locator("form#report button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("Bambang Hariyanto")
    assert Case.objects.count() == 2
    assert page.url.endswith(f"/cases/{Case.objects.latest('pk').number}/")
    assert not Draft.objects.exists()


def test_what_is_typed_is_kept_while_typing(yuni: Callable[..., Page], world: Loaded) -> None:
    page = yuni("/cases/new/")
    expect(page.locator("#saved")).to_contain_text("Belum disimpan")
    page.locator("[name=place]").press_sequentially("Lapangan")
    expect(page.locator("#saved")).to_contain_text("Konsep tersimpan")
    assert page.evaluate("document.activeElement.name") == "place"
    assert drafts_of(world.officer("yuni"))[0].values["place"] == "Lapangan"
    page.locator("[name=occurred_on]").fill("2024-09-01")
    page.locator("[name=election]").select_option("pilkada-2024")
    expect(page.locator(".violations-when")).to_contain_text("belum ditetapkan")
    until(lambda: drafts_of(world.officer("yuni"))[0].values["election"] == "pilkada-2024")
    other = yuni(f"/cases/new/{Draft.objects.get().pk}/incident/")
    expect(other.locator("[name=place]")).to_have_value("Lapangan")
    other.locator("[name=place]").fill("Balai kota")
    until(lambda: drafts_of(world.officer("yuni"))[0].values["place"] == "Balai kota")
    page.locator("[name=incident]").fill("Terlambat")
    expect(page.locator("#saved")).to_contain_text("jendela lain")
    assert drafts_of(world.officer("yuni"))[0].values["place"] == "Balai kota"


def test_numbers_are_copied_by_mouse_and_keyboard(yuni: Callable[..., Page], world: Loaded) -> None:
    """Rows, all cases, letters, the case: the NIP goes without its spaces; it is said, and nothing moves the focus."""
    number = Case.objects.get().number
    page = yuni("/", permissions=["clipboard-read", "clipboard-write"])
    for address in ("/", "/cases/", f"/cases/{number}/"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address)
        copy = page.get_by_role("button", name=f"Salin NIP {NIP}").first
        copy.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#messages")).to_contain_text(NIP.replace(" ", ""))
        expect(copy).to_be_focused()
        assert page.evaluate("navigator.clipboard.readText()") == NIP.replace(" ", "")
    page.get_by_role("button", name=f"Salin nomor {number}").first.click()
    expect(page.locator("#messages")).to_contain_text(number)
    assert page.evaluate("navigator.clipboard.readText()") == number


def test_without_scripts_there_is_no_button_that_does_nothing(yuni: Callable[..., Page]) -> None:
    page = yuni("/cases/", java_script_enabled=False)
    expect(page.locator("[data-copies]").first).to_be_visible()
    assert page.locator(".copy").count() == 0
