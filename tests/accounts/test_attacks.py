"""Attacks on the sign-in, each with the defence on and, where it can be switched, off."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions
from accounts.models import Officer, User
from accounts.roles import ADMIN_DESK, BKPSDM_OFFICER, BKPSDM_SIGNATORY
from tests.accounts.conftest import PASSWORD, Seat, sent
from tests.accounts.test_second_factor import CODE_PAGE, code, enter, signed_in, with_app
from tests.accounts.test_signing_in import LOGIN, sign_in

ROOT = Path(__file__).resolve().parents[2]
MAIL = "sari@kantor.example"


def elsewhere(*arguments: str) -> str:
    """What a second process, with its own memory, makes of it."""
    name = str(connection.settings_dict["NAME"])
    told = subprocess.run(
        [sys.executable, "-m", "tests.accounts.second_process", name, *arguments],
        cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


@pytest.mark.django_db(transaction=True)
class TestTwoProcesses:
    """What one process has counted, the other knows."""

    def test_a_used_code_is_used_everywhere(self, seat: Seat) -> None:
        officer = with_app(seat(BKPSDM_SIGNATORY))
        cache.clear()
        now = time.time() // 30 * 30 + 5
        with time_machine.travel(now, tick=False):
            digits = code()
        told = [elsewhere(kind, str(now), "code", str(officer.user_id), digits) for kind in ("shared", "shared", "own")]
        # taken once; refused in the next process; the control, a cache of its own, takes it again
        assert told == ["True", "False", "True"]

    def test_wrong_passwords_count_together(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        cache.clear()
        assert elsewhere("own", str(time.time()), "wrong", MAIL, "5") == "[200, 200, 200, 200, 200]"
        sign_in(client, MAIL, PASSWORD)
        assert signed_in(client)  # the control: five elsewhere, uncounted here
        elsewhere("shared", str(time.time()), "wrong", MAIL, "5")
        other = Client()
        page = sign_in(other, MAIL, PASSWORD).content.decode()
        assert not signed_in(other)
        assert "Terlalu banyak percobaan" in page


class TestSession:
    """A session belongs to one sign-in, and ends."""

    def test_a_session_fixed_beforehand_is_another_one_afterwards(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        session = client.session
        session["planted"] = "by somebody else"
        session.save()
        before = session.session_key
        client.cookies["session"] = before
        sign_in(client, MAIL, PASSWORD)
        assert signed_in(client)
        assert client.session.session_key != before
        thief = Client()
        thief.cookies["session"] = before
        assert not signed_in(thief)

    def test_it_ends_after_half_an_hour_without_a_touch(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, MAIL, PASSWORD)
            clock.shift(29 * 60 + 59)
            assert client.get("/").status_code == 200
            clock.shift(29 * 60 + 59)
            assert client.get("/").status_code == 200
            clock.shift(30 * 60)
            assert client.get("/letters/")["Location"] == f"{LOGIN}?next=%2Fletters%2F"
            assert not signed_in(client)

    def test_it_ends_after_twelve_hours_however_busy(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, MAIL, PASSWORD)
            for _step in range(35):
                clock.shift(20 * 60)
                assert client.get("/accounts/desk/").status_code == 200
            clock.shift(20 * 60)
            assert client.get("/accounts/desk/")["Location"].startswith(LOGIN)

    def test_control_without_limits_it_lives_on(self, client: Client, seat: Seat, monkeypatch: Any) -> None:
        seat(BKPSDM_OFFICER)
        monkeypatch.setattr(sessions, "over", lambda *_args: False)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, MAIL, PASSWORD)
            clock.shift(11 * 3600)
            assert client.get("/").status_code == 200

    def test_signing_out_elsewhere(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        other = Client()
        sign_in(other, MAIL, PASSWORD)
        sign_in(client, MAIL, PASSWORD)
        assert len(client.get("/accounts/security/sessions/").context["sessions"]) == 2
        client.post("/accounts/security/sessions/")
        assert other.get("/")["Location"].startswith(LOGIN)
        assert client.get("/").status_code == 200

    def test_a_new_password_ends_the_other_sessions(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        other = Client()
        sign_in(other, MAIL, PASSWORD)
        sign_in(client, MAIL, PASSWORD)
        new = "Teh-Sore-2025-Malang"
        answer = client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert answer.status_code == 302
        assert other.get("/")["Location"].startswith(LOGIN)
        assert client.get("/").status_code == 200

    def test_a_closed_account_and_a_lost_role_count_on_the_next_request(self, client: Client, seat: Seat) -> None:
        officer, admin = seat(BKPSDM_OFFICER), seat(ADMIN_DESK)
        sign_in(client, MAIL, PASSWORD)
        client.post("/accounts/desk/", {"officer": admin.pk})
        assert client.get("/admin/accounts/user/").status_code == 200
        Officer.objects.filter(pk=admin.pk).update(is_active=False)
        assert client.get("/admin/accounts/user/").status_code == 403
        assert client.get("/employees/").status_code == 200
        Officer.objects.filter(pk=officer.pk).update(valid_to="2020-01-01")
        assert client.get("/employees/").status_code == 404
        User.objects.filter(pk=officer.user_id).update(is_active=False)
        assert client.get("/accounts/desk/")["Location"].startswith(LOGIN)


class TestPaths:
    """Nobody is led away, and nobody is sent a link that leads away."""

    AWAY = (
        "https://jahat.example/", "//jahat.example/", "///jahat.example", "/\\jahat.example", "http:jahat.example",
        "javascript:alert(1)", "https://testserver@jahat.example/", "\thttps://jahat.example/",
    )  # fmt: skip

    @pytest.mark.parametrize("target", AWAY)
    def test_every_way_in_leads_only_to_ourselves(self, client: Client, seat: Seat, settings: Any, target: str) -> None:
        settings.DEMO = True
        officer = with_app(seat(BKPSDM_SIGNATORY))
        places = [client.post("/accounts/demo/", {"officer": officer.pk, "next": target})["Location"]]
        for view in ("/i18n/setlang/", "/theme/"):
            sent = client.post(view, {"next": target, "language": "id", "theme": "dark"}, HTTP_REFERER=target)
            places.append(sent["Location"])
        places.append(client.post("/accounts/confirm/", {"password": PASSWORD, "next": target})["Location"])
        places.append(client.post("/accounts/desk/", {"officer": officer.pk, "next": target})["Location"])
        fresh = Client()
        fresh.post(f"{LOGIN}?next={target}", {"login": MAIL, "password": PASSWORD, "next": target})
        places.append(fresh.post(f"{CODE_PAGE}?next={target}", {"code": code(), "next": target})["Location"])
        assert not [place for place in places if "jahat" in place or place.startswith(("http", "//", "java"))], places

    @pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
    def test_the_link_in_a_mail_is_ours_whatever_the_request_claims(
        self, client: Client, seat: Seat, settings: Any, header: str
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        settings.BASE_URL = "https://portal.example.org"
        seat(BKPSDM_OFFICER)
        client.post("/accounts/password/forgotten/", {"email": MAIL}, **{header: "jahat.example"})
        (message,) = sent()
        assert "https://portal.example.org/accounts/password/new/" in message.body
        assert "jahat" not in message.body + message.subject

    def test_a_foreign_host_is_refused_where_hosts_are_named(self, client: Client, db: None, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["portal.example.org"]
        answer = client.get(LOGIN, HTTP_HOST="jahat.example")
        assert answer.status_code == 400
        assert "jahat" not in answer.content.decode()

    def test_a_reset_asks_for_the_second_key_all_the_same(self, client: Client, seat: Seat, settings: Any) -> None:
        settings.SECOND_FACTOR = True
        with_app(seat(BKPSDM_SIGNATORY))
        client.post("/accounts/password/forgotten/", {"email": MAIL})
        link = re.search(r"/accounts/password/new/\S+", sent()[0].body)
        assert link is not None
        form = client.get(link[0], follow=True)
        new = "Teh-Sore-2025-Malang"
        client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
        assert not signed_in(client)
        assert sign_in(client, MAIL, new)["Location"] == CODE_PAGE


def page_of(answer: Any, email: str) -> tuple[int, str]:
    text = answer.content.decode().replace(email, "EMAIL")
    return answer.status_code, re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text)


class TestEnumeration:
    """An address that has an account and one that has none cannot be told apart."""

    def test_asking_for_a_password(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        answers = [Client().post("/accounts/password/forgotten/", {"email": e}) for e in (MAIL, "siapa@x.example")]
        assert [a.status_code for a in answers] == [302, 302]
        assert len({a["Location"] for a in answers}) == 1
        assert len(sent()) == 2  # the same work for both

    def test_after_too_many_attempts(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        last = []
        for email in (MAIL, "siapa@kantor.example"):
            for _attempt in range(6):
                answer = sign_in(Client(), email, "salah-salah-salah")
            last.append(page_of(answer, email))
        assert last[0] == last[1]
        assert "Terlalu banyak percobaan" in last[0][1]

    def test_the_database_does_the_same_work_for_both(self, client: Client, seat: Seat) -> None:
        seat(BKPSDM_OFFICER)
        sign_in(Client(), "dulu@kantor.example", "salah-salah-salah")
        counts = []
        for email in (MAIL, "siapa@kantor.example"):
            with CaptureQueriesContext(connection) as counted:
                sign_in(Client(), email, "salah-salah-salah")
            counts.append(len(counted))
        assert abs(counts[0] - counts[1]) <= 1, counts


class TestForgery:
    """A form that is not ours does nothing."""

    @pytest.mark.parametrize(
        "address",
        [
            LOGIN, "/accounts/demo/", "/accounts/desk/", "/accounts/logout/", "/accounts/password/forgotten/",
            "/accounts/security/sessions/", "/accounts/people/ask/", "/theme/", "/i18n/setlang/", "/export/",
        ],
    )  # fmt: skip
    def test_without_a_token_or_with_anothers(self, seat: Seat, settings: Any, address: str) -> None:
        settings.DEMO = True
        stranger, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
        stranger.force_login(seat(ADMIN_DESK).user)
        other.get(LOGIN)
        anothers = other.cookies["csrf"].value
        stranger.get("/accounts/desk/")
        assert stranger.post(address).status_code == 403
        assert stranger.post(address, {"csrfmiddlewaretoken": anothers}).status_code == 403
        assert stranger.post(address, {"csrfmiddlewaretoken": "x" * 64}).status_code == 403

    def test_a_token_from_elsewhere_over_https_needs_our_origin(self, seat: Seat) -> None:
        ours = Client(enforce_csrf_checks=True)
        page = ours.get(LOGIN, secure=True)
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
        assert token is not None
        data = {"csrfmiddlewaretoken": token[1], "login": MAIL, "password": "x"}
        assert ours.post(LOGIN, data, secure=True, HTTP_ORIGIN="https://jahat.example").status_code == 403
        assert ours.post(LOGIN, data, secure=True, HTTP_REFERER="https://jahat.example/").status_code == 403
        assert ours.post(LOGIN, data, secure=True).status_code == 403  # neither told
        assert ours.post(LOGIN, data, secure=True, HTTP_ORIGIN="https://testserver").status_code == 200

    def test_signing_in_gives_a_new_token(self, client: Client, seat: Seat, settings: Any) -> None:
        settings.SECOND_FACTOR = True
        with_app(seat(BKPSDM_SIGNATORY))
        client.get(LOGIN)
        before = client.cookies["csrf"].value
        enter(client)
        assert client.cookies["csrf"].value != before
