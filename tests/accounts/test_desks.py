"""The acting desk: decided anew for every request, lost with the desk, switched only to what is held."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.middleware import ActingDeskMiddleware
from accounts.models import Officer, User
from accounts.rights import granted_to
from accounts.roles import ADMIN_DESK, AUDITOR_DESK, BAWASLU_OFFICER, BKPSDM_OFFICER, DESK_LABELS, DESK_PURPOSE
from accounts.views import ICONS
from tests.accounts.conftest import Seat


def acting(user: object, desk: object = None) -> Officer | None:
    request = RequestFactory().get("/")
    request.user, request.session = user, {} if desk is None else {"desk": desk}
    ActingDeskMiddleware(lambda _request: HttpResponse())(request)
    return request.officer


def test_nobody_acts_from_no_desk(db: None) -> None:
    assert acting(AnonymousUser()) is None
    assert acting(User.objects.create_user("a", "a@kantor.example")) is None


def test_the_chosen_desk_counts_else_the_first(seat: Seat) -> None:
    first, second = seat(BKPSDM_OFFICER), seat(AUDITOR_DESK)
    assert acting(first.user) == first
    assert acting(first.user, second.pk) == second
    assert acting(first.user, "nonsense") == first


def test_somebody_elses_desk_in_the_session_counts_for_nothing(seat: Seat) -> None:
    mine, other = seat(BKPSDM_OFFICER), seat(ADMIN_DESK, "lain@kantor.example")
    assert acting(mine.user, other.pk) == mine


@pytest.mark.parametrize(
    "lost",
    [
        {"is_active": False},
        {"valid_to": dt.date(2020, 1, 1)},
        {"valid_from": dt.date(2999, 1, 1)},
    ],
)
def test_a_desk_lost_is_gone_on_the_next_request(client: Client, seat: Seat, lost: dict) -> None:
    officer = seat(ADMIN_DESK)
    client.force_login(officer.user)
    assert client.get("/admin/").status_code == 200
    Officer.objects.filter(pk=officer.pk).update(**lost)
    assert acting(officer.user, officer.pk) is None
    assert client.get("/admin/").status_code == 404


def test_an_account_closed_is_out_on_the_next_request(client: Client, seat: Seat) -> None:
    officer = seat(ADMIN_DESK)
    client.force_login(officer.user)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=officer.user_id).update(is_active=False)
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_one_query_tells_the_desk(seat: Seat) -> None:
    user = seat(BKPSDM_OFFICER).user
    with CaptureQueriesContext(
        connection,
    ) as queries:
        officer = acting(user)
        assert officer is not None
        assert str(officer.institution) == "BKPSDM Contoh"
    assert len(queries) == 1


def test_switching(client: Client, seat: Seat) -> None:
    first, second = seat(BKPSDM_OFFICER), seat(ADMIN_DESK)
    client.force_login(first.user)
    page = client.get("/accounts/desk/").content.decode()
    assert f'value="{first.pk}" aria-current="true"' in page
    answer = client.post("/accounts/desk/", {"officer": second.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.session["desk"] == second.pk
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("key", ["", "0", "x", "999999"])
def test_only_to_a_desk_one_holds(client: Client, seat: Seat, key: str) -> None:
    mine, other = seat(BKPSDM_OFFICER), seat(ADMIN_DESK, "lain@kantor.example")
    client.force_login(mine.user)
    assert client.post("/accounts/desk/", {"officer": key}).status_code == 404
    assert client.post("/accounts/desk/", {"officer": other.pk}).status_code == 404
    assert "desk" not in client.session


def test_a_person_without_desk_is_told_so(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("a", "a@kantor.example"))
    answer = client.get("/accounts/desk/")
    assert answer.status_code == 200
    assert "desk-card" not in answer.content.decode()


def test_every_desk_has_its_words_and_its_drawing() -> None:
    assert set(DESK_LABELS) == set(DESK_PURPOSE) == set(ICONS)


class TestAdministration:
    """What a desk may do in the administration pages."""

    def test_only_permissions_that_exist_are_granted(self, db: None) -> None:
        existing = {
            f"{model._meta.app_label}.{action}_{model._meta.model_name}"
            for model in apps.get_models()
            for action in ("view", "add", "change", "delete")
        }
        for desk in DESK_LABELS:
            assert granted_to(desk) <= existing
            assert not {name for name in granted_to(desk) if ".delete_" in name}

    def test_administrators_keep_accounts_and_touch_no_case(self) -> None:
        rights = granted_to(ADMIN_DESK)
        assert {"accounts.change_user", "accounts.add_officer", "cases.change_holiday"} <= rights
        assert not [name for name in rights if name.split("_")[1] in ("case", "event", "letter", "evidence", "note")]

    def test_it_opens_by_the_acting_desk(self, client: Client, seat: Seat) -> None:
        case_desk, admin = seat(BAWASLU_OFFICER), seat(ADMIN_DESK)
        client.force_login(case_desk.user)
        assert client.get("/admin/accounts/user/").status_code == 404
        client.post("/accounts/desk/", {"officer": admin.pk})
        assert client.get("/admin/accounts/user/").status_code == 200

    def test_the_first_accounts_come_from_a_superuser_and_are_not_marked_powerful(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("root", "root@kantor.example"))
        answer = client.post(
            "/admin/accounts/user/add/",
            {
                "email": "Baru@Kantor.Example", "first_name": "Baru", "last_name": "Contoh", "usable_password": "true",
                "password1": "Teh-Sore-2024-Blitar", "password2": "Teh-Sore-2024-Blitar",
                "is_superuser": "on", "is_staff": "on",
                "desks-TOTAL_FORMS": "0", "desks-INITIAL_FORMS": "0",
            },
        )  # fmt: skip
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        user = User.objects.get(email="baru@kantor.example")
        assert (user.username, user.is_superuser, user.is_staff) == ("baru@kantor.example", False, False)
        page = client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
        for mark in ("is_superuser", "is_staff", "user_permissions"):
            assert f'name="{mark}"' not in page

    def test_nothing_is_deleted(self, client: Client, seat: Seat) -> None:
        officer = seat(ADMIN_DESK)
        client.force_login(officer.user)
        for address in (f"user/{officer.user_id}", f"officer/{officer.pk}", f"institution/{officer.institution_id}"):
            assert client.get(f"/admin/accounts/{address}/change/").status_code == 200
            assert client.post(f"/admin/accounts/{address}/delete/", {"post": "yes"}).status_code == 403

    def test_a_role_that_does_not_exist_there_is_refused(self, client: Client, seat: Seat) -> None:
        officer = seat(ADMIN_DESK)
        client.force_login(User.objects.create_superuser("root", "root@kantor.example"))
        answer = client.post(
            f"/admin/accounts/officer/{officer.pk}/change/",
            {
                "user": officer.user_id, "institution": officer.institution_id, "role": "SIGNATORY",
                "name": "Sari", "position": "Analis", "is_active": "on",
            },
        )  # fmt: skip
        assert answer.status_code == 200
        officer.refresh_from_db()
        assert officer.role == "ADMIN"
