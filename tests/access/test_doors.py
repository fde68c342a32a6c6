"""The outer door: every address × a stranger, somebody without a desk, every desk answers as the map says.

First with the views taken out, so that only the door answers; then the real pages that need no row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver, reverse

from accounts.models import User
from accounts.roles import DESK_LABELS, Desk
from portal.permissions import rule_for
from tests.access.stage import PEOPLE
from tests.fixtures_world import Loaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]

SAMPLES: dict[str, Any] = {"int": 1, "str": "2024-00001", "slug": "register", "uuid": uuid.UUID(int=7), "path": "x"}
#: Pages about a password or second factor of one's own; the people here have none (tests/accounts opens them).
NEEDS_A_KEY = (
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "account_signup",
)  # fmt: skip
INSIDE = 299  # an answer no view of ours gives
#: The administration is one rule; a few of its hundred addresses stand for all.
ADMIN = ("index", "login", "accounts_user_changelist", "cases_employee_import", "cases_case_export", "jsi18n")

#: By hand: who opens the doors that matter most. Desks as in the oracle; ``-`` is somebody without a desk.
BY_HAND = {
    "accounts:login": "bo bs ro rs eo es au ad - stranger",
    "accounts:desk": "bo bs ro rs eo es au ad -",
    "cases:new": "bo",
    "cases:list": "bo bs ro rs eo es au",
    "cases:detail": "bo bs ro rs eo es au",
    "cases:move": "bo bs ro rs eo es",
    "cases:evidence": "bo bs ro rs eo es au",
    "cases:evidence_add": "bo bs ro rs eo es",
    "cases:letter_pdf": "bo bs ro rs eo es au",
    "cases:employees": "eo",
    "cases:employee_import": "eo",
    "cases:employee_import_confirm": "eo",
    "cases:export": "bo bs ro rs eo es au",
    "admin:index": "eo au ad",
    "admin:accounts_user_changelist": "eo au ad",  # opens the house; the rooms inside ask for permissions of their own
}


def leaves(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address with its pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from leaves(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif entry.name and (namespace != "admin:" or entry.name in ADMIN):
            yield f"{namespace}{entry.name}", entry


def address(name: str, pattern: URLPattern) -> str:
    """The address with something plausible in its holes."""
    converters = pattern.pattern.converters
    kinds = {key: type(value).__name__.removesuffix("Converter").lower() for key, value in converters.items()}
    return reverse(name, kwargs={key: SAMPLES.get(kind, "x") for key, kind in kinds.items()})


@pytest.fixture
def people(world: Loaded) -> dict[str, tuple[Client, User | None, Desk | None]]:
    """Browsers of a stranger, of somebody without a desk, and of every desk."""
    found: dict[str, tuple[Client, User | None, Desk | None]] = {"stranger": (Client(), None, None)}
    nobody = User.objects.create_user("kosong", "kosong@kantor.example")
    found["-"] = (Client(), nobody, None)
    for desk, name in PEOPLE.items():
        officer = world.officer(name)
        found[desk] = (Client(), officer.user, officer.desk)
    for client, user, _desk in found.values():
        if user is not None:
            client.force_login(user)
    return found


@pytest.fixture
def empty_rooms(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Behind every door there is only an empty room."""

    def room(request: Any, **_kwargs: Any) -> HttpResponse:
        return HttpResponse(status=INSIDE)

    for _name, pattern in leaves():
        monkeypatch.setattr(pattern, "callback", room)
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


def test_everybody_at_the_table_is_here(people: dict[str, Any]) -> None:
    assert {desk for _client, _user, desk in people.values() if desk} == set(DESK_LABELS)


@pytest.mark.usefixtures("empty_rooms")
def test_every_door(people: dict[str, tuple[Client, User | None, Desk | None]], say: Callable[[str], None]) -> None:
    wrong, tried = [], 0
    for name, pattern in leaves():
        rule = rule_for(name)
        assert rule is not None, name
        for who, (client, user, desk) in people.items():
            tried += 1
            answer = client.get(address(name, pattern))
            sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
            if not rule.signed_in:
                right = answer.status_code == INSIDE
            elif user is None:
                right = sign_in
            else:
                staff = desk is not None and who in BY_HAND["admin:index"].split()
                admitted = (not rule.staff or staff) and (not rule.desks or desk in rule.desks)
                right = answer.status_code == (INSIDE if admitted else 404)
            if name in BY_HAND and (answer.status_code == INSIDE) != (who in BY_HAND[name].split()):
                right = False
            if not right:
                wrong.append(f"{name} × {who}: HTTP {answer.status_code}")
    say(f"doors: {tried} combinations")
    assert not wrong, "\n".join(wrong)
    assert set(BY_HAND) <= {name for name, _pattern in leaves()}


def test_pages_that_need_no_row_open_for_whoever_is_let_in(
    people: dict[str, tuple[Client, User | None, Desk | None]],
) -> None:
    """Let in means a page, a redirect, or "not with GET"; never "not found", never a crash."""
    wrong = []
    for name, pattern in leaves():
        if pattern.pattern.converters or name in ("accounts:demo", "metrics") or name in NEEDS_A_KEY:
            continue  # the demo and the metrics say "not found" on purpose, to everybody
        for who, (client, _user, desk) in people.items():
            rule = rule_for(name)
            if rule is None or rule.staff or (rule.desks and desk not in rule.desks) or who == "stranger":
                continue
            status = client.get(reverse(name)).status_code
            if status not in (200, 302, 405):
                wrong.append(f"{name} × {who}: HTTP {status}")
    assert not wrong, "\n".join(wrong)
