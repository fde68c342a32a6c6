"""When the database is away the answer says so, in a page of ours, with the incident's number and when to come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client

from cases.views import verify
from tests.desk import signed_in
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError, 503), (InterfaceError, 503), (redis.ConnectionError, 503), (RuntimeError, 500)],
)
def test_a_database_that_is_away_is_503(
    db: Any, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error("meant")

    monkeypatch.setattr(verify, "render", fail)
    answer = Client(raise_request_exception=False).get("/v/")
    text = answer.content.decode()
    assert answer.status_code == status
    assert (answer.get("Retry-After") == "30") == (status == 503)
    assert answer["X-Request-ID"] in text
    assert f">{status}<" in text
    assert 'lang="en"' in text


def test_it_may_be_away_before_any_view_is_asked(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr("accounts.middleware.ActingDeskMiddleware.__call__", fail)
    answer = Client(raise_request_exception=False).get("/v/")
    assert answer.status_code == 503
    assert "periksa dahulu apakah sudah tersimpan" in answer.content.decode()
    assert "starting up" not in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(OperationalError, 503), (DatabaseError, 400)])
def test_away_while_the_session_is_saved_is_no_bad_request(
    db: Any, world: Loaded, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    """Django says "interrupted" for both: a session that was ended meanwhile, and a database that went away."""
    client = signed_in(world.officer("yuni"))
    client.raise_request_exception = False

    def fail(*_: Any, **named: Any) -> None:
        raise error("meant")

    monkeypatch.setattr("django.contrib.sessions.models.Session.save", fail)
    monkeypatch.setattr(SessionMiddleware, "process_response", _saving(SessionMiddleware.process_response))
    answer = client.get("/v/")
    assert answer.status_code == status
    assert (answer.get("Retry-After") == "30") == (status == 503)


def _saving(process: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(self: Any, request: Any, response: Any) -> Any:
        request.session.modified = True
        return process(self, request, response)

    return wrapped
