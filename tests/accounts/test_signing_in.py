"""Signing in: by e-mail, one answer for everything wrong, nowhere but where it is safe to go."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import ADMIN_DESK, BKPSDM_OFFICER
from tests.access.stage import set_scenes
from tests.accounts.conftest import PASSWORD, Seat

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str, **more: str):
    return client.post(LOGIN, {"login": email, "password": password} | more)


@pytest.mark.parametrize("typed", ["sari@kantor.example", "Sari@Kantor.Example", " sari@kantor.example "])
def test_the_right_password_lets_in_whatever_the_capitals(client: Client, seat: Seat, typed: str) -> None:
    seat(BKPSDM_OFFICER)
    answer = sign_in(client, typed, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "_auth_user_id" in client.session


def wrong_answer(client: Client, email: str, password: str) -> str:
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    page = answer.content.decode().replace(email, "EMAIL")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_unknown_wrong_and_closed_give_the_same_page(client: Client, seat: Seat) -> None:
    seat(BKPSDM_OFFICER)
    closed = seat(BKPSDM_OFFICER, "tutup@kantor.example", code="lain").user
    User.objects.filter(pk=closed.pk).update(is_active=False)
    unknown = wrong_answer(client, "siapa@kantor.example", PASSWORD)
    assert wrong_answer(client, "sari@kantor.example", "salah-salah-salah") == unknown
    assert wrong_answer(client, "tutup@kantor.example", PASSWORD) == unknown


def test_the_password_is_checked_even_for_an_unknown_address(client: Client, db: None, monkeypatch) -> None:
    tried = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: tried.append(raw))
    sign_in(client, "siapa@kantor.example", "apa-saja")
    assert tried == ["apa-saja"]


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/letters/", "/letters/"),
        ("https://jahat.example/", "/"),
        ("//jahat.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_ourselves(client: Client, seat: Seat, target: str, lands: str) -> None:
    seat(BKPSDM_OFFICER)
    assert sign_in(client, "sari@kantor.example", PASSWORD, next=target)["Location"] == lands


def test_pasting_and_password_managers_are_not_hindered(client: Client, db: None) -> None:
    page = client.get(LOGIN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert 'autocomplete="off"' not in page


def test_signing_out_takes_a_post(client: Client, seat: Seat) -> None:
    client.force_login(seat(BKPSDM_OFFICER).user)
    assert client.get("/accounts/logout/").status_code == 405
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "_auth_user_id" not in client.session


def test_the_administration_is_entered_through_our_page(client: Client, seat: Seat) -> None:
    seat(ADMIN_DESK)
    for address in ("/admin/", "/admin/login/"):
        assert client.get(address)["Location"].startswith(LOGIN)
    answer = sign_in(client, "sari@kantor.example", PASSWORD)
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_language_follows_the_choice(client: Client, db: None) -> None:
    assert '<html lang="id"' in client.get(LOGIN).content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    page = client.get(LOGIN).content.decode()
    assert '<html lang="en"' in page
    assert "Office e-mail" in page


class TestDemo:
    """Cards: one click, only in the demo."""

    def test_outside_the_demo_there_are_no_cards_and_no_address(self, client: Client, seat: Seat) -> None:
        officer = seat(BKPSDM_OFFICER)
        assert "desk-card" not in client.get(LOGIN).content.decode()
        assert client.post("/accounts/demo/", {"officer": officer.pk}).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_one_click_signs_in_at_that_desk(self, client: Client, seat: Seat, settings) -> None:
        settings.DEMO = True
        seat(BKPSDM_OFFICER)
        admin = seat(ADMIN_DESK)
        page = client.get(LOGIN).content.decode()
        assert f'value="{admin.pk}"' in page
        answer = client.post("/accounts/demo/", {"officer": admin.pk})
        assert answer["Location"] == "/admin/"
        assert client.session["desk"] == admin.pk

    def test_the_page_says_that_it_is_a_demo(self, client: Client, db: None, settings) -> None:
        settings.DEMO = True
        assert "demo-strip" in client.get(LOGIN).content.decode()

    @pytest.mark.parametrize("key", ["", "0", "abc", "999999", "-1"])
    def test_an_unknown_desk_is_not_found(self, client: Client, seat: Seat, settings, key: str) -> None:
        settings.DEMO = True
        seat(BKPSDM_OFFICER)
        assert client.post("/accounts/demo/", {"officer": key}).status_code == 404

    def test_it_takes_a_post(self, client: Client, db: None, settings) -> None:
        settings.DEMO = True
        assert client.get("/accounts/demo/").status_code == 405

    def test_csrf_holds(self, seat: Seat, settings) -> None:
        settings.DEMO = True
        officer = seat(BKPSDM_OFFICER)
        stranger = Client(enforce_csrf_checks=True)
        assert stranger.post("/accounts/demo/", {"officer": officer.pk}).status_code == 403


def test_permissions_stored_on_the_account_count_for_nothing(client: Client, seat: Seat) -> None:
    user = seat(BKPSDM_OFFICER).user
    user.user_permissions.add(Permission.objects.get(codename="change_user"))
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)
    assert client.get("/admin/accounts/user/").status_code == 403


def test_cards_count_what_waits(client: Client, world, settings) -> None:
    """One card for each desk of institutions in office, with the number of its tasks."""
    settings.DEMO = True
    set_scenes(("received", "plenary"))
    page = client.get(LOGIN).content.decode()
    cards = page.split('class="desk-card"')[1:]
    assert len(cards) == 8
    assert [re.search(r">\s*(\d+) ", part)[1] for part in cards[:2]] == ["1", "1"]
    assert "KASN" not in "".join(cards[:8]).split("<details")[0]
