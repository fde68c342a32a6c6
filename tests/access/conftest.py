"""The oracle, and the scenes it is tried on."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
import yaml
from django.http import HttpResponse
from django.urls import clear_url_caches

import cases.exchange.views
import cases.views
import portal.views_kit

if TYPE_CHECKING:
    from tests.access.http_stage import Stage
    from tests.access.theatre import Theatre

ORACLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "oracle.yaml").read_text())


def allowed(step: str, state: str, actor: str) -> bool:
    """What the oracle says."""
    rule = ORACLE["steps"][step]
    return state in rule["from"] and actor == rule["by"]


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of refusals are logged; nobody reads that here."""
    logging.disable(logging.CRITICAL)
    configured = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**configured)
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Everybody at a browser, in front of a case in every state."""
    from tests.access.http_stage import built

    with django_db_blocker.unblock():
        yield from built()


@pytest.fixture(scope="module")
def theatre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Theatre]:
    """Every step of every desk, ready to be tried; set once for a module."""
    from tests.access.theatre import built

    with django_db_blocker.unblock():
        yield from built()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages are empty: only the status is looked at."""

    def bare(*_: Any, status: int = 200, **__: Any) -> HttpResponse:
        return HttpResponse(status=status or 200)

    rooms = [importlib.import_module(f"cases.views.{room.name}") for room in pkgutil.iter_modules(cases.views.__path__)]
    for room in (*rooms, cases.exchange.views, portal.views_kit):
        if hasattr(room, "render"):
            monkeypatch.setattr(room, "render", bare)
    monkeypatch.setattr("portal.urls.handler404", lambda *_, **__: HttpResponse(status=404), raising=False)
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()
