"""When the database is away the answer says so, in a page of ours, with the incident's number and when to come back."""

from __future__ import annotations

from typing import Any

import pytest
import redis
from django.db import InterfaceError, OperationalError
from django.test import Client

from cases.views import verify

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
