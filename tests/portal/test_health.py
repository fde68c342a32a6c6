"""``/health/`` tells a monitor whether this process can work, and nothing about anybody."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal import health


@pytest.mark.django_db
def test_healthy(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BROKER_DIR = tmp_path  # other tests leave messages for workers that do not run
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "broker": True,
        "ok": True,
        "oldest_pending_letter_seconds": None,
        "oldest_pending_mail_seconds": None,
        "given_up": 0,
        "queue_age_seconds": None,
        "last_beat_seconds": {},
        "behind": False,
    }


@pytest.mark.django_db
def test_a_silent_database_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["ok"] is False


@pytest.mark.django_db
def test_a_silent_redis_is_said(client: Client, settings) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, but not listening
        settings.REDIS_URL = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        assert client.get("/health/").json()["broker"] is False


@pytest.mark.django_db
def test_a_broker_folder_that_cannot_be_used_is_said(client: Client, settings, tmp_path: Path) -> None:
    settings.REDIS_URL, settings.DATA_DIR = "", tmp_path / "gone"
    settings.BROKER_DIR = settings.DATA_DIR / "broker"
    response = client.get("/health/")
    assert (response.status_code, response.json()["broker"]) == (503, False)


@pytest.mark.django_db
def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/health/").status_code == 405
