"""What every test shares: where browser tests can run, and what happens where they cannot."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client, TransactionTestCase
from django.utils import translation

#: Name of a test's property that is printed at the end.
COUNTED = "counted"
#: Files that take longest, longest first: begun first, so that two workers end together (scripts/test keeps the order).
LONGEST = (
    "screens/test_pages_of_cases.py",
    "screens/test_pages_around.py",
    "access/test_http_oracle.py",
    "crash/test_crash.py",
    "access/test_matrix.py",
    "access/test_http_doors.py",
    "letters/test_press.py",
    "sealed/test_canaries.py",
    "portal/test_demo.py",
    "portal/test_junk.py",
    "screens/test_bench.py",
    "engines/test_bench.py",
)
TESTS = Path(__file__).parent

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The browser to test with: CHROMIUM, or the first one installed; None when there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSER_NAMES)), None)


def wants_browser(config: pytest.Config) -> bool:
    """Whether this run was asked for browser tests at all."""
    return "not browser" not in (config.getoption("markexpr") or "")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first; without a browser its tests are reported as not run, never passed over in silence."""
    turn = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))
    if chromium_path():
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    if browser:
        items[:] = [item for item in items if item not in browser]
        config.hook.pytest_deselected(items=browser)


def _browser_tests_missing(config: pytest.Config) -> bool:
    return wants_browser(config) and chromium_path() is None


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test prepares its own queries and draws its own parts: another may have changed a door or a table."""
    from accounts import prepared
    from portal import drawn

    prepared.forget()
    drawn.forget()


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Numbers a test counted, printed at the end of the run, whichever worker counted them."""
    return lambda line: request.node.user_properties.append((COUNTED, line))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was counted, and what could not run."""
    reports = (report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ()))
    lines = [
        line
        for report in reports
        for name, line in getattr(report, "user_properties", ())
        if report.when == "call" and name == COUNTED
    ]
    if lines:
        terminalreporter.section("counted")
        terminalreporter.write("\n".join(lines) + "\n")
    if _browser_tests_missing(config):
        terminalreporter.write_line(
            "BROWSER TESTS NOT RUN: no Chromium found. Install Debian's `chromium`, or name one in CHROMIUM.", red=True
        )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a missing browser is a failure."""
    if os.environ.get("CI") == "true" and _browser_tests_missing(session.config) and exitstatus in (0, 5):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser for tests marked ``browser``."""
    path = chromium_path()
    assert path, "tests marked `browser` only run where a browser is"
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """Chromium, started once for a module (``playwright.sync_api.Browser``)."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps a loop running in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def world(db: None) -> Any:
    """Reference data and the demo's institutions, officers and employees (``tests.fixtures_world.Loaded``)."""
    from tests.fixtures_world import load_world

    return load_world()


_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _flush_history_too(case: TransactionTestCase) -> None:
    """A test with real commits empties all tables at its end; the history's triggers stand aside for that moment only.

    They come back with the flush itself (post_migrate); the product knows no such way.
    """
    from cases.audit import sql

    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        sql.remove(connections[alias])
    _flush(case)
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        sql.install(connections[alias])


TransactionTestCase._fixture_teardown = _flush_history_too  # type: ignore[attr-defined]


@pytest.fixture
def sit(world: Any) -> Callable[[str], Client]:
    """A client signed in at an officer's desk."""

    from tests.desk import signed_in

    def at(name: str) -> Client:
        return signed_in(world.officer(name))

    return at


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """A page drawn in one test leaves its language to the thread; the next test begins in the portal's own."""
    yield
    translation.deactivate()
