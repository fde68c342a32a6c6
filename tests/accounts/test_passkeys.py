"""Passkeys in a browser: added, used as the second key, and shown again before signing; a wrong one opens nothing."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import Officer
from cases.models import Case
from tests.access.stage import ENTRIES, PEOPLE, set_scenes
from tests.accounts.conftest import PASSWORD
from tests.fixtures_world import Loaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Person = Callable[[str], Officer]
#: What a platform's own authenticator (fingerprint, face) tells a browser about itself.
PLATFORM = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


class Device:
    """A browser with a passkey store of its own, as somebody's laptop."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.context: BrowserContext = browser.new_context(base_url=origin, locale="en-GB")
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", lambda line: self.trouble.append(line.text) if line.type == "error" else None)
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        self.store = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})["authenticatorId"]

    def password(self, officer: Officer) -> None:
        """The first key; leads to the second."""
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", officer.user.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("form:has([name=password]) button[type=submit]").click()

    def leave(self) -> None:
        self.context.clear_cookies()

    def session(self) -> Any:
        """This browser's session as the portal keeps it."""
        name = django_settings.SESSION_COOKIE_NAME
        [key] = [cookie["value"] for cookie in self.context.cookies() if cookie["name"] == name]
        return import_module(django_settings.SESSION_ENGINE).SessionStore(key)

    def signed_in(self) -> bool:
        return "_auth_user_id" in self.session()

    def add(self) -> None:
        """Add a passkey of this device."""
        self.page.goto("/accounts/security/passkeys/add/")
        self.page.fill("[name=name]", "Laptop kantor")
        self.page.click("#mfa_webauthn_add")
        self.page.wait_for_url("**/accounts/security/**")
        self.page.wait_for_function("!location.pathname.includes('/add/')")


@pytest.fixture
def origin(live_server: Any, settings: Any) -> str:
    settings.SECOND_FACTOR, settings.DEMO = True, True
    settings.DEMO_DATE = dt.date.fromisoformat(ENTRIES["decline"][0][:10])
    return str(live_server.url)


@pytest.fixture
def case(origin: str, world: Loaded) -> Case:
    return Case.objects.get(pk=set_scenes(("received",))["received"].case.pk)


@pytest.fixture
def person(world: Loaded) -> Person:
    """Somebody at a desk, with a password."""

    def at(desk: str) -> Officer:
        officer = world.officer(PEOPLE[desk])
        officer.user.set_password(PASSWORD)
        officer.user.save()
        return officer

    return at


@pytest.fixture
def laptop(browser: Browser, origin: str) -> Iterator[Device]:
    device = Device(browser, origin)
    yield device
    device.context.close()


@pytest.fixture
def other(browser: Browser, origin: str) -> Iterator[Device]:
    device = Device(browser, origin)
    yield device
    device.context.close()


def test_added_used_to_sign_in_and_shown_again_before_signing(case: Case, person: Person, laptop: Device) -> None:
    hendra, page = person("bs"), laptop.page
    laptop.password(hendra)
    page.wait_for_url("**/accounts/security/")  # without a second key there is no further
    laptop.add()
    assert Authenticator.objects.filter(user=hendra.user, type=Authenticator.Type.WEBAUTHN).count() == 1
    laptop.leave()
    laptop.password(hendra)
    page.wait_for_url("**/accounts/login/code/**")
    assert not laptop.signed_in()
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_function("!location.pathname.includes('/login/')")
    assert laptop.signed_in()
    session = laptop.session()
    records = session["account_authentication_methods"]
    assert [record.get("type") or record["method"] for record in records] == ["password", "webauthn"]
    session["account_authentication_methods"] = [{**record, "at": time.time() - 901} for record in records]
    session.save()
    page.goto(f"/cases/{case.number}/decline/")
    form = page.locator(f"form[action*='/cases/{case.number}/decline/']")
    form.locator("[name=reason_code]").select_option("FORMAL")
    form.locator("[name=reason]").fill("Di luar wewenang Bawaslu.")
    form.locator("button[type=submit]").first.click()
    page.wait_for_url("**/accounts/confirm/**")
    page.goto(f"/accounts/confirm/passkey/?next={page.url.partition('next=')[2]}")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/accounts/proceed/")
    assert Case.objects.get(pk=case.pk).state == "received"
    page.locator(f"form[action*='/cases/{case.number}/decline/'] button[type=submit]").click()
    page.wait_for_url(f"**/cases/{case.number}/")
    assert Case.objects.get(pk=case.pk).state == "declined"
    assert laptop.trouble == []


def test_somebody_elses_passkey_and_an_old_answer_open_nothing(
    case: Case, person: Person, laptop: Device, other: Device
) -> None:
    hendra, yuni = person("bs"), person("bo")
    for device, officer in ((laptop, hendra), (other, yuni)):
        device.password(officer)
        device.page.wait_for_url("**/accounts/security/")
        device.add()
        device.leave()
    row = Authenticator.objects.get(user=yuni.user, type=Authenticator.Type.WEBAUTHN)
    other.password(hendra)
    other.page.wait_for_url("**/accounts/login/code/**")
    # The page names Hendra's passkeys only; Yuni's browser is made to offer its own, and signs this very question.
    other.page.evaluate(
        """id => { const there = document.getElementById("js_data"); const data = JSON.parse(there.textContent);
        data.request_options.publicKey.allowCredentials = [{type: "public-key", id}];
        there.textContent = JSON.stringify(data); }""",
        row.data["credential"]["rawId"],
    )
    with other.page.expect_request(lambda asked: asked.method == "POST") as sent:
        other.page.click("#mfa_webauthn_authenticate")
    other.page.wait_for_load_state()
    assert "credential" in (sent.value.post_data or "")
    assert not other.signed_in()
    assert "/accounts/login/code/" in other.page.url
    # Hendra's own answer, sent a second time to another question.
    laptop.password(hendra)
    laptop.page.wait_for_url("**/accounts/login/code/**")
    with laptop.page.expect_request(lambda asked: asked.method == "POST") as sent:
        laptop.page.click("#mfa_webauthn_authenticate")
    laptop.page.wait_for_function("!location.pathname.includes('/login/')")
    assert laptop.signed_in()
    [answer] = [value for name, value in parse_qsl(sent.value.post_data or "") if name == "credential"]
    assert json.loads(answer)["response"]["signature"]
    laptop.leave()
    laptop.password(hendra)
    laptop.page.wait_for_url("**/accounts/login/code/**")
    laptop.page.evaluate(
        """given => { const form = document.getElementById("webauthn_form");
        form.querySelector("[name=credential]").value = given; form.submit(); }""",
        answer,
    )
    laptop.page.wait_for_load_state()
    assert not laptop.signed_in()


def test_a_browser_without_the_passkey_says_so(case: Case, person: Person, laptop: Device, other: Device) -> None:
    hendra = person("bs")
    laptop.password(hendra)
    laptop.page.wait_for_url("**/accounts/security/")
    laptop.add()
    other.password(hendra)
    other.page.wait_for_url("**/accounts/login/code/**")
    said = other.page.locator("[data-passkey-failed]")
    assert said.is_hidden()
    other.page.click("#mfa_webauthn_authenticate")
    said.wait_for(state="visible")
    assert not other.signed_in()
