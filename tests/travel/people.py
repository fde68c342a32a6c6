"""Somebody at a desk, in a real browser: finds the case among the tasks, opens the step, answers, presses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

#: How long to wait for what a page must show, milliseconds: for machines busy with other things.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

#: Addresses of nobody: in the page itself, or the browser's own PDF viewer.
OWN = ("data:", "blob:", "chrome-extension:", "chrome:")


@dataclass
class Somebody:
    """One browser with its own cookies, signed in through the demo's card of ``desk``."""

    page: Page
    origin: str
    trouble: list[str] = field(default_factory=list)

    def sign_in(self, desk: str) -> None:
        """Press the card of a desk on the first page."""
        self.page.goto(f"{self.origin}/accounts/login/")
        expect(self.page.get_by_role("heading", name="Coba sebagai…")).to_be_visible()
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(desk)}")).click()
        self.page.wait_for_url(lambda address: "login" not in address)

    def open_case(self, subject: str) -> None:
        """From *Tugas saya* to the case that waits."""
        self.page.goto(f"{self.origin}/")
        expect(self.page.get_by_role("heading", name="Tugas saya", level=1)).to_be_visible()
        self.page.get_by_role("link", name=subject).first.click()
        expect(self.page.get_by_role("heading", name="Langkah Anda berikutnya")).to_be_visible()

    def take(self, subject: str, label: str, **answers: Any) -> None:
        """Take the step called ``label``: choose it where another one is open, answer, press, read that it is done."""
        self.open_case(subject)
        form = self.page.locator("form#step")
        button = form.get_by_role("button", name=label, exact=True)
        if not button.count():
            self.page.get_by_role("link", name=label, exact=True).click()
        fill(form, answers)
        button.click()
        expect(self.page.get_by_text(f"Selesai: {label}.")).to_be_visible()

    def reads(self, *sentences: str) -> None:
        """The page says so."""
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).first).to_be_visible()


def fill(form: Locator, answers: dict[str, Any]) -> None:
    """Answer a form by the names of its fields, each the way a hand would."""
    for name, value in answers.items():
        where = form.locator(f'[name="{name}"]')
        kind = where.first.evaluate("e => e.type")
        if kind in ("radio", "checkbox"):
            (form.locator(f'[name="{name}"][value="{value}"]') if kind == "radio" else where).check()
        elif kind.startswith("select"):
            where.select_option(value)
        elif kind == "file":
            where.set_input_files(value)
        else:
            where.fill(str(value))


def arrive(browser: Browser, origin: str, desk: str, **options: Any) -> tuple[Somebody, BrowserContext]:
    """A new browser at the portal, signed in at a desk; what goes wrong in it is collected."""
    context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", accept_downloads=True, **options)
    context.set_default_timeout(PATIENCE)
    somebody = Somebody(context.new_page(), origin)
    page, trouble = somebody.page, somebody.trouble
    page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: trouble.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith((origin, *OWN)) else trouble.append(r.url))
    page.on("response", lambda r: trouble.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    somebody.sign_in(desk)
    return somebody, context
