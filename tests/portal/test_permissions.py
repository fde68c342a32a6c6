"""The permission map: complete, without leftovers, and really in front of every view."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, resolve

from accounts.roles import ADMIN_DESK, AUDITOR_DESK, BAWASLU_OFFICER
from portal import permissions
from portal.checks import every_view_has_a_rule
from portal.middleware import PermissionMapMiddleware
from portal.permissions import (
    PUBLIC,
    SIGNED_IN,
    STAFF,
    all_view_names,
    at,
    confirmed,
    rules_without_view,
    views_without_rule,
)


def view(request: object) -> HttpResponse:
    return HttpResponse("shown")


urlpatterns = [path("a/", view, name="a"), path("b/", view, name="b"), path("c/", view)]

MEMBER = SimpleNamespace(is_authenticated=True, is_staff=False)
STAFF_MEMBER = SimpleNamespace(is_authenticated=True, is_staff=True)


def test_every_url_is_in_the_map() -> None:
    assert views_without_rule() == []
    assert every_view_has_a_rule(None) == []


def test_no_rule_is_left_over() -> None:
    assert rules_without_view() == []


@pytest.mark.urls("tests.portal.test_permissions")
def test_a_missing_url_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "PERMISSIONS", {"a": PUBLIC, "gone": PUBLIC, "old:*": STAFF})
    assert views_without_rule() == ["<c/>", "b"]
    assert rules_without_view() == ["gone", "old:*"]
    assert [message.id for message in every_view_has_a_rule(None)] == ["portal.E010", "portal.E010"]


def test_the_admin_is_one_rule() -> None:
    assert permissions.rule_for("admin:accounts_user_changelist") == confirmed(STAFF)
    assert permissions.rule_for("nowhere") is None
    assert "admin:index" in set(all_view_names())


@pytest.mark.parametrize(
    ("rule", "user", "desk", "admitted"),
    [
        (PUBLIC, AnonymousUser(), None, True),
        (SIGNED_IN, AnonymousUser(), None, False),
        (SIGNED_IN, MEMBER, None, True),
        (STAFF, MEMBER, ADMIN_DESK, False),
        (STAFF, STAFF_MEMBER, None, True),
        (at(BAWASLU_OFFICER), MEMBER, BAWASLU_OFFICER, True),
        (at(BAWASLU_OFFICER), MEMBER, AUDITOR_DESK, False),
        (at(BAWASLU_OFFICER), MEMBER, None, False),
        (at(BAWASLU_OFFICER), AnonymousUser(), BAWASLU_OFFICER, False),
    ],
)
def test_who_a_rule_admits(rule: permissions.Rule, user: object, desk: object, admitted: bool) -> None:
    assert rule.admits(user=user, desk=desk) is admitted


@pytest.mark.urls("tests.portal.test_permissions")
class TestMiddleware:
    """What the outer door answers."""

    def ask(self, address: str, user: object, desk: object = None) -> HttpResponse | None:
        request = RequestFactory().get(address)
        request.user, request.resolver_match = user, resolve(address)
        request.officer = SimpleNamespace(desk=desk) if desk else None
        return PermissionMapMiddleware(view).process_view(request, view, (), {})

    @pytest.fixture(autouse=True)
    def _rules(self, monkeypatch: pytest.MonkeyPatch, settings) -> None:
        settings.LOGIN_URL = "/sign-in/"
        monkeypatch.setattr(permissions, "PERMISSIONS", {"a": at(BAWASLU_OFFICER)})

    def test_admits(self) -> None:
        assert self.ask("/a/", MEMBER, BAWASLU_OFFICER) is None

    def test_sends_a_stranger_to_sign_in(self) -> None:
        answer = self.ask("/a/", AnonymousUser())
        assert answer is not None
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/a/")

    def test_a_wrong_desk_finds_nothing(self) -> None:
        with pytest.raises(Http404):
            self.ask("/a/", MEMBER, AUDITOR_DESK)

    def test_a_view_without_rule_is_closed_to_everybody(self) -> None:
        for user in (AnonymousUser(), STAFF_MEMBER):
            with pytest.raises(Http404):
                self.ask("/b/", user, BAWASLU_OFFICER)


@pytest.mark.django_db
def test_the_admin_is_closed_to_strangers(client: Client) -> None:
    for address in ("/admin/", "/admin/login/"):
        response = client.get(address)
        assert response.status_code == 302
        assert not response["Location"].startswith("/admin")


def test_every_page_is_walked_in_the_browser() -> None:
    """A view is a row of ``tests.screens.pages`` (or says there why it is no page)."""
    from tests.screens.pages import NOT_PAGES, ROWS

    walked = {row.view for row in ROWS}
    assert walked | set(NOT_PAGES) == set(permissions.PERMISSIONS)
    assert not walked & set(NOT_PAGES)
