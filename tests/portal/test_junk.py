"""Junk in addresses: whatever stands in a query, every address answers with a page or a 4xx, never with a 500."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from tests.access.stage import PEOPLE
from tests.access.test_doors import SAMPLES, leaves
from tests.fixtures_world import Loaded
from tests.play import play

#: Names that some page reads; every page gets them all, and one nobody reads.
NAMES = (
    "q", "page", "state", "stage", "institution", "officer", "step", "tab", "sort", "o", "year", "month", "next",
    "election", "violation", "outcome", "case", "person", "from", "to", "kind", "filled", "deadline", "mine", "view",
    "columns", "act", "nip", "period", "since", "until", "unread", "key", "e", "nobody-reads-this",
)  # fmt: skip
VALUES = (
    "a\0b", "9" * 40, "-" + "9" * 25, "NaN", "2024-02-31", "9999-99-99", "%'\"<>", "\u202e\U0001f600\ufffe", "[]",
    "None", "../../etc", "x" * 5000, "٣", "-due_on__x",
)  # fmt: skip


@pytest.mark.django_db
def test_no_query_breaks_a_page(world: Loaded) -> None:
    told = play("scenarios/02-suka-sesudah-penetapan.yaml").case
    samples = SAMPLES | {"str": told.number, "slug": "register"}
    clients = {}
    for desk, name in PEOPLE.items():
        clients[desk] = Client(raise_request_exception=False)
        clients[desk].force_login(world.officer(name).user)
    broken, tried = [], 0
    for name, pattern in leaves():
        kinds = {k: type(v).__name__.removesuffix("Converter").lower() for k, v in pattern.pattern.converters.items()}
        address = reverse(name, kwargs={key: samples.get(kind, "x") for key, kind in kinds.items()})
        assert resolve(address)
        for client in clients.values():
            if client.get(address).status_code in (302, 404, 405):
                continue  # not this desk's: the door answers, and nothing reads the query
            for value in VALUES:
                for query in (dict.fromkeys(NAMES, value), {key: [value, value] for key in NAMES}):
                    tried += 1
                    answer = client.get(address, query)
                    if answer.status_code >= 500 and name != "health":
                        broken.append(f"{name} {value!r:.40}: {answer.status_code}")
            break  # one desk that may open it is enough
    print(f"\njunk: {tried} requests", file=sys.__stdout__)
    assert not broken, "\n".join(dict.fromkeys(broken))
    assert tried > 400


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["\0", "9" * 40, "-1", "x" * 300, "%2e%2e", "٣٣", "a b"])
def test_no_piece_of_a_path_breaks_a_page(world: Loaded, value: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.officer("yuni").user)
    from urllib.parse import quote

    piece = quote(value, safe="%")
    for pattern in ("/cases/{}/", "/cases/{}/register/", "/cases/2024-00001/{}/", "/letters/{}/", "/letters/{}/pdf/"):
        assert 400 <= client.get(pattern.format(piece)).status_code < 500, (pattern, value)
    admin = Client(raise_request_exception=False)
    admin.force_login(world.officer("admin").user)
    for pattern in ("/accounts/people/{}/", "/accounts/people/1/{}/", "/accounts/security/passkeys/{}/"):
        assert 400 <= admin.get(pattern.format(piece)).status_code < 500, (pattern, value)


def body(**more: Any) -> dict[str, Any]:
    return dict.fromkeys(("login", "password", "email", "q", "officer", "decision", "next"), "\x00") | more


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/desk/", "/accounts/password/forgotten/", "/accounts/people/ask/", "/theme/",
     "/export/", "/i18n/setlang/", "/accounts/people/waiting/1/", "/accounts/people/1/close/"],
)  # fmt: skip
def test_no_form_of_junk_breaks_an_account_page(world: Loaded, address: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.officer("admin").user)
    for data in (body(), body(officer="9" * 40, institution="9" * 40), {}):
        assert client.post(address, data).status_code < 500, address
