"""Second factor: required, not replayable, not given up alone; confirming again keeps what was typed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from accounts.roles import BKPSDM_SIGNATORY
from cases.models import Event
from tests.accounts.conftest import PASSWORD, Seat
from tests.accounts.test_signing_in import LOGIN, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE_PAGE = "/accounts/login/code/"


@pytest.fixture
def strict(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def code(shift: int = 0) -> str:
    (counter,) = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(SECRET, counter + shift))


def with_app(officer: Any) -> Any:
    TOTP.activate(officer.user, SECRET)
    RecoveryCodes.activate(officer.user)
    return officer


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def enter(client: Client, email: str = "sari@kantor.example") -> None:
    """Sign in with both keys."""
    assert sign_in(client, email, PASSWORD)["Location"] == CODE_PAGE
    answer = client.post(CODE_PAGE, {"code": code()})
    assert answer.status_code == 302, answer.content.decode()
    assert signed_in(client)


@pytest.mark.usefixtures("strict")
class TestRequired:
    """A password alone opens nothing."""

    def test_who_has_one_is_asked_for_it(self, client: Client, seat: Seat) -> None:
        with_app(seat(BKPSDM_SIGNATORY))
        assert sign_in(client, "sari@kantor.example", PASSWORD)["Location"] == CODE_PAGE
        assert not signed_in(client)
        assert client.get("/")["Location"].startswith(LOGIN)
        assert client.post(CODE_PAGE, {"code": "000000"}).status_code == 200
        assert not signed_in(client)
        client.post(CODE_PAGE, {"code": code()})
        assert client.get("/").status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_who_has_none_gets_no_further_than_setting_one_up(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_SIGNATORY)
        sign_in(client, "sari@kantor.example", PASSWORD)
        for address in ("/", "/cases/", "/accounts/desk/", "/accounts/security/codes/", "/admin/", "/letters/"):
            assert client.get(address)["Location"] == "/accounts/security/", address
        page = client.get("/accounts/security/app/")
        assert page.status_code == 200
        secret = page.context["form"].secret
        (counter,) = yield_hotp_counters_from_time()
        answer = client.post("/accounts/security/app/", {"code": format_hotp_value(hotp_value(secret, counter))})
        assert answer["Location"] == "/accounts/security/codes/"
        assert len(client.get("/accounts/security/codes/").context["unused_codes"]) == 10
        assert client.get("/").status_code == 200

    def test_control_switched_off_the_password_is_enough(self, client: Client, seat: Seat, settings: Any) -> None:
        settings.SECOND_FACTOR = False
        seat(BKPSDM_SIGNATORY)
        sign_in(client, "sari@kantor.example", PASSWORD)
        assert client.get("/").status_code == 200

    def test_a_session_that_went_around_it_is_ended(self, client: Client, seat: Seat) -> None:
        client.force_login(with_app(seat(BKPSDM_SIGNATORY)).user)
        assert client.get("/")["Location"] == LOGIN
        assert not signed_in(client)

    def test_a_recovery_code_works_once(self, client: Client, seat: Seat) -> None:
        officer = with_app(seat(BKPSDM_SIGNATORY))
        row = Authenticator.objects.get(user=officer.user, type=Authenticator.Type.RECOVERY_CODES)
        recovery = row.wrap().get_unused_codes()[0]
        sign_in(client, "sari@kantor.example", PASSWORD)
        client.post(CODE_PAGE, {"code": recovery})
        assert signed_in(client)
        again = Client()
        sign_in(again, "sari@kantor.example", PASSWORD)
        again.post(CODE_PAGE, {"code": recovery})
        assert not signed_in(again)

    def test_the_last_one_cannot_be_removed_by_oneself(self, client: Client, seat: Seat) -> None:
        officer = with_app(seat(BKPSDM_SIGNATORY))
        enter(client)
        answer = client.post("/accounts/security/app/remove/")
        assert answer.status_code == 200
        assert Authenticator.objects.filter(user=officer.user, type=Authenticator.Type.TOTP).exists()

    def test_secrets_are_sealed_in_the_database(self, seat: Seat) -> None:
        officer = with_app(seat(BKPSDM_SIGNATORY))
        stored = [str(row.data) for row in Authenticator.objects.filter(user=officer.user)]
        assert len(stored) == 2
        assert not any(SECRET in text for text in stored)

    def test_the_administration_is_no_side_door(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_SIGNATORY)
        sign_in(client, "sari@kantor.example", PASSWORD)
        assert client.get("/admin/login/")["Location"] == "/accounts/security/"

    def test_signing_in_and_out_stands_in_the_history(self, client: Client, seat: Seat) -> None:
        officer = with_app(seat(BKPSDM_SIGNATORY))
        sign_in(client, "sari@kantor.example", "salah-salah-salah")
        enter(client)
        client.post("/accounts/logout/")
        events = Event.objects.filter(kind=Event.Kind.ACCOUNT).order_by("seq")
        assert [event.name for event in events] == ["sign_in_failed", "signed_in", "signed_out"]
        assert {event.actor_id for event in events} == {officer.pk}


@pytest.mark.usefixtures("strict")
class TestConfirmingAgain:
    """Before what cannot be taken back; nothing typed is lost."""

    def old(self, client: Client) -> None:
        session = client.session
        records = session["account_authentication_methods"]
        session["account_authentication_methods"] = [r | {"at": time.time() - 601} for r in records]
        session.save()

    def test_what_was_typed_comes_back(self, client: Client, seat: Seat) -> None:
        with_app(seat(BKPSDM_SIGNATORY))
        enter(client)
        self.old(client)
        answer = client.post("/export/", {"state": "examined", "words": ["satu", "dua"]})
        assert answer["Location"] == "/accounts/confirm/?next=%2Faccounts%2Fproceed%2F"
        assert client.get("/accounts/proceed/")["Location"].startswith("/accounts/confirm/")
        assert client.post("/accounts/confirm/?next=/accounts/proceed/", {"password": "salah"}).status_code == 200
        answer = client.post("/accounts/confirm/?next=/accounts/proceed/", {"password": PASSWORD})
        assert answer["Location"] == "/accounts/proceed/"
        page = client.get("/accounts/proceed/").content.decode()
        assert 'action="/export/"' in page
        assert 'name="state" value="examined"' in page
        assert 'name="words" value="satu"' in page
        assert 'name="words" value="dua"' in page
        assert client.post("/export/", {"state": "examined"}).status_code in (200, 422)

    def test_it_is_sealed_while_it_waits(self, client: Client, seat: Seat) -> None:
        with_app(seat(BKPSDM_SIGNATORY))
        enter(client)
        self.old(client)
        client.post("/export/", {"words": "rahasia-sekali"})
        assert "rahasia-sekali" not in str(dict(client.session))

    def test_control_a_fresh_sign_in_is_not_asked(self, client: Client, seat: Seat) -> None:
        with_app(seat(BKPSDM_SIGNATORY))
        enter(client)
        assert client.post("/export/", {}).status_code in (200, 422)
