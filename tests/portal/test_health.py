"""``/health/`` tells a monitor whether this process can work, and nothing about anybody."""

from __future__ import annotations

import pytest
from django.test import Client

from portal import health


@pytest.mark.django_db
def test_healthy(client: Client) -> None:
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "broker": True,
        "ok": True,
        "oldest_pending_letter_seconds": None,
    }


@pytest.mark.django_db
def test_a_silent_database_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["ok"] is False


@pytest.mark.django_db
def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/health/").status_code == 405
