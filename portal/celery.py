"""Background work. The same tasks run on a folder of files (the default) and on Redis (REDIS_URL)."""

from __future__ import annotations

import contextlib
import os
from contextlib import AbstractContextManager
from typing import Any

from celery import Celery
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_failure,
    task_postrun,
    task_prerun,
    task_received,
    task_success,
    worker_init,
    worker_ready,
)
from celery.worker import state
from kombu import Queue

from accounts import request_id
from portal import broker  # noqa: F401  (registers folder://)
from portal.settled import settle
from portal.watchdog import Ear, Watchdog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

QUEUES = ("letters", "mail", "exchange")
HEADER = "portal_request_id"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in QUEUES]
app.autodiscover_tasks()

_running: dict[str, AbstractContextManager[str]] = {}
_watchdog = Watchdog()
_ear: Ear | None = None


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """Being connected keeps Celery from replacing the project's log lines."""


@worker_init.connect
def _prepare_worker(sender: Any = None, **kwargs: Any) -> None:
    from portal.production import refuse_unsafe

    refuse_unsafe()
    if getattr(getattr(sender, "pool_cls", None), "__module__", "").endswith(".thread"):
        _watchdog.watch()  # a pool of processes keeps Celery's own limits
    settle()


@worker_ready.connect
def _pick_up_what_was_left(**kwargs: Any) -> None:
    """A worker that starts may follow one that was killed with tasks in its hands: look at once."""
    app.send_task("cases.tasks.sweep_letters", [True], queue="letters", ignore_result=True)
    app.send_task("cases.tasks.sweep_mail", queue="mail", ignore_result=True)
    app.send_task("cases.tasks.daily_work", queue="mail", ignore_result=True)


@worker_ready.connect
def _listen_for_silence(sender: Any = None, **kwargs: Any) -> None:
    """A worker that stops taking messages although some wait ends itself (``portal.watchdog.Ear``)."""
    from portal.health import queue_lengths

    global _ear  # noqa: PLW0603 -- one worker per process
    slots, reads = sender.pool.limit, set(app.amqp.queues.consume_from)

    def waiting() -> int:
        return sum(length for name, length in queue_lengths().items() if name in reads)

    _ear = Ear(waiting, lambda: len(state.active_requests) < slots)
    _ear.listen()


@task_received.connect
def _heard(**kwargs: Any) -> None:
    if _ear is not None:
        _ear.heard()


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None:
        headers[HEADER] = request_id.current() or request_id.new()


@task_prerun.connect
def _take_request_id(task_id: str, task: Any, **kwargs: Any) -> None:
    sent = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER)
    _watchdog.begun(task_id, task.name, task.time_limit or app.conf.task_time_limit)
    scope = request_id.bound(sent or task_id)
    scope.__enter__()
    _running[task_id] = scope


@task_postrun.connect
def _drop_request_id(task_id: str, **kwargs: Any) -> None:
    _watchdog.ended(task_id)
    if scope := _running.pop(task_id, None):
        scope.__exit__(None, None, None)


@task_failure.connect
def _keep_what_failed(
    sender: Any = None, exception: Any = None, args: Any = None, traceback: Any = None, **kwargs: Any
) -> None:
    """After the last retry: a row that an administrator sees and can have tried again."""
    from django.db import DatabaseError

    from cases.services.background import note_failure

    queue = (sender.request.delivery_info or {}).get("routing_key") or app.conf.task_default_queue
    with contextlib.suppress(DatabaseError):  # it may be the database that failed: then its log line is all there is
        note_failure(task=sender.name, args=args or [], queue=queue, error=exception, where=traceback)


@task_success.connect
def _cross_out_what_has_run(sender: Any = None, **kwargs: Any) -> None:
    from django.db import DatabaseError

    from cases.services.background import note_success

    with contextlib.suppress(DatabaseError):
        note_success(task=sender.name, args=sender.request.args or [])
