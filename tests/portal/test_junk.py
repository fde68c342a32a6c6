"""Junk in addresses: whatever stands in a query, every address answers with a page or a 4xx, never with a 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.http import QueryDict
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
    "columns", "order", "group", "handler", "overdue", "withdraw", "act", "nip", "period", "since", "until", "unread",
    "key", "e", "nobody-reads-this",
)  # fmt: skip
VALUES = (
    "a\0b", "9" * 40, "-" + "9" * 25, "NaN", "2024-02-31", "9999-99-99", "%'\"<>", "\u202e\U0001f600\ufffe", "[]",
    "None", "../../etc", "x" * 5000, "٣", "-due_on__x",
)  # fmt: skip


class Noted(QueryDict):
    """The words of an address, noting which of them a page asks for."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def _getlist(self, key: str, default: Any = None, force_list: bool = False) -> Any:
        self.asked.add(key)
        return super()._getlist(key, default, force_list)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def opened(world: Loaded) -> Iterator[tuple[str, str, Client]]:
    """Every address with somebody who may open it."""
    told = play("scenarios/02-suka-sesudah-penetapan.yaml").case
    samples = SAMPLES | {"str": told.number, "slug": "register"}
    clients = {}
    for desk, name in PEOPLE.items():
        clients[desk] = Client(raise_request_exception=False)
        clients[desk].force_login(world.officer(name).user)
    for name, pattern in leaves():
        kinds = {k: type(v).__name__.removesuffix("Converter").lower() for k, v in pattern.pattern.converters.items()}
        address = reverse(name, kwargs={key: samples.get(kind, "x") for key, kind in kinds.items()})
        assert resolve(address)
        for client in clients.values():
            if client.get(address).status_code not in (302, 404, 405):  # else the door answers; nothing reads the query
                yield name, address, client
                break  # one desk that may open it is enough


@pytest.mark.once
@pytest.mark.django_db
def test_no_query_breaks_a_page(world: Loaded, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]) -> None:
    """Every name at once, and each one a page asks for alone: a first bad word must not hide the second."""
    monkeypatch.setattr("django.core.handlers.wsgi.QueryDict", Noted)
    broken, tried, unlisted, at = [], 0, set(), 0
    for name, address, client in opened(world):
        Noted.asked.clear()
        client.get(address, {"q": "a"})
        asked = sorted(Noted.asked)
        unlisted |= {word for word in asked if word not in NAMES and not name.startswith("admin:")}
        queries: list[tuple[str, dict[str, Any]]] = []
        for value in VALUES:
            queries.append((value, dict.fromkeys(NAMES, value)))
            queries.append((value, {key: [value, value] for key in NAMES}))
        for word in asked:
            for _ in range(3):  # three of the values for each, the next ones for the next
                at += 1
                value = VALUES[at % len(VALUES)]
                queries.append((f"{word}={value}", {word: value}))
        for value, query in queries[:: 1 if asked else 7]:
            tried += 1
            answer = client.get(address, query)
            if answer.status_code >= 500 and name != "health":
                broken.append(f"{name} {value!r:.40}: {answer.status_code}")
    say(f"junk: {tried} requests")
    assert not broken, "\n".join(dict.fromkeys(broken))
    assert not unlisted, f"pages read words that stand in no list here: {sorted(unlisted)}"
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
