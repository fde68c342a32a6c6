"""The request id joins answer, log line and background job, and no address gets into the log."""

from __future__ import annotations

import io
import json
import logging
import threading

import pytest
from celery.contrib.testing.worker import start_worker
from django.test import Client

from accounts import request_id
from portal import logs
from portal.celery import app


def test_an_id_is_bound_and_released() -> None:
    assert request_id.current() == ""
    with request_id.bound("outer"), request_id.bound("inner"):
        assert request_id.current() == "inner"
    assert request_id.current() == ""


@pytest.mark.django_db
def test_each_request_has_its_own_id_and_clients_cannot_choose_it(client: Client) -> None:
    first = client.get("/health/", headers={"X-Request-ID": "chosen"})["X-Request-ID"]
    second = client.get("/health/")["X-Request-ID"]
    assert first != second
    assert "chosen" not in (first, second)


@pytest.fixture
def log_lines() -> io.StringIO:
    """Everything logged in this test, as it is written in service."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure({"level": "INFO", "lines_for_people": False})
    root.handlers[0].stream = written  # type: ignore[attr-defined]
    yield written
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.django_db
def test_the_log_line_names_the_view_and_never_the_address(client: Client, log_lines: io.StringIO) -> None:
    response = client.get("/health/?q=Budi+198001012005011001")
    line = json.loads(log_lines.getvalue().splitlines()[-1])
    assert line["view"] == "health"
    assert line["request_id"] == response["X-Request-ID"]
    assert line["status"] == 200
    assert "Budi" not in log_lines.getvalue()
    assert "198001012005011001" not in log_lines.getvalue()


@pytest.mark.django_db
def test_even_a_crash_is_logged_without_the_address(log_lines: io.StringIO) -> None:
    logging.getLogger("django.request").error("%s: %s", "Internal Server Error", "/receipt/secret-code/")
    assert json.loads(log_lines.getvalue())["event"] == "Internal Server Error"
    assert "secret-code" not in log_lines.getvalue()


def test_a_job_runs_under_the_id_of_the_request_that_asked_for_it() -> None:
    """Through the session's real broker and a real worker."""
    seen: list[str] = []
    done = threading.Event()

    @app.task(name="tests.remember_request_id")
    def remember() -> None:
        seen.append(request_id.current())
        done.set()

    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        with request_id.bound("abc"):
            remember.apply_async()
        assert done.wait(20)
    app.tasks.pop("tests.remember_request_id")
    assert seen == ["abc"]
    assert request_id.current() == ""
