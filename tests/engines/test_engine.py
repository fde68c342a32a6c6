"""The session runs on the engine it says it runs on, with the options of service."""

from __future__ import annotations

import os

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection

WANTED = {"sqlite": "sqlite", "postgres": "postgresql"}


@pytest.mark.django_db
def test_the_wanted_database_answers() -> None:
    assert connection.vendor == WANTED[os.environ["PORTAL_TEST_ENGINE"]]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            pragmas = {}
            for name in ("journal_mode", "synchronous", "foreign_keys"):
                cursor.execute(f"PRAGMA {name}")
                pragmas[name] = cursor.fetchone()[0]
            assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
            assert connection.transaction_mode == "IMMEDIATE"
            assert connection.settings_dict["ENGINE"] == "portal.sqlite_queue"
        else:
            cursor.execute("SELECT version()")
            assert cursor.fetchone()[0].startswith("PostgreSQL 1")


def test_the_wanted_broker_answers() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1)
        transport = broker.transport.driver_type
    assert transport == ("redis" if settings.REDIS_URL else "filesystem")
    assert bool(settings.REDIS_URL) == (os.environ["PORTAL_TEST_ENGINE"] == "postgres")


@pytest.mark.django_db
def test_the_cache_holds_what_it_is_given() -> None:
    cache.set("engine", "works")
    assert cache.get("engine") == "works"
