"""The case, the queue and the list of letters on paper: what is there, what is not, on how many sheets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from cases.models import Case
from tests.fixtures_world import Loaded, load_world
from tests.play import play
from tests.screens.conftest import REPORT, STEPS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: In points: what the sheet asks for, and what a browser takes when nobody asks.
A4, LETTER = (595, 842), (612, 792)
#: What only works on a screen: navigation, search, buttons.
ON_SCREEN = ("Semua perkara", "Bawaslu, petugas", "Cari", "Tambah bukti", "Muat", "Simpan")


@pytest.fixture
def case(db: None) -> Case:
    load_world()
    return play({"report": REPORT, "steps": STEPS}).case


@pytest.fixture
def window(browser: Browser, live_server: Any, case: Case) -> Iterator[BrowserContext]:
    client = Client()
    client.force_login(Loaded().officer("rina").user)
    context = browser.new_context(locale="id-ID", color_scheme="dark", base_url=live_server.url)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    yield context
    context.close()


def sheets(context: BrowserContext, address: str, size: tuple[int, int] = A4) -> list[str]:
    """The text of each printed sheet."""
    page = context.new_page()
    page.goto(address)
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    try:
        assert {tuple(round(side) for side in sheet.get_size()) for sheet in document} == {size}
        return [sheet.get_textpage().get_text_range().replace("\r\n", " ") for sheet in document]
    finally:
        document.close()


def test_pages_on_paper(window: BrowserContext, case: Case) -> None:
    number = case.registration_number
    printed = {name: sheets(window, name) for name in (f"/cases/{case.number}/", "/", "/letters/")}
    for address, told in printed.items():
        assert not [word for word in ON_SCREEN if word in " ".join(told)], address
        assert number.split("/")[0] in told[0], f"{address}: the first sheet is not empty"
        assert f"1 / {len(told)}" in told[0], "sheets are numbered"
        assert len(told) <= 4
    whole = " ".join(printed[f"/cases/{case.number}/"])
    for word in (case.subject_name, REPORT["chronology"], "menerima berkas", "WIB"):
        assert word in whole, word
    assert case.subject_name in printed["/"][0]
    assert "Permintaan kelengkapan" in printed["/letters/"][0]


def test_without_the_print_sheet_the_screen_is_printed(window: BrowserContext, case: Case) -> None:
    """The control."""
    window.route("**/print*.css", lambda route: route.abort())
    assert [word for word in ON_SCREEN if word in " ".join(sheets(window, "/", LETTER))]
