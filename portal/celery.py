"""Background work. The same tasks run on a folder of files (the default) and on Redis (REDIS_URL)."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_init, worker_ready
from kombu import Queue

from accounts import request_id
from portal import broker  # noqa: F401  (registers folder://)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

QUEUES = ("letters", "mail", "exchange")
HEADER = "portal_request_id"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in QUEUES]
app.autodiscover_tasks()

_running: dict[str, AbstractContextManager[str]] = {}


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """Being connected keeps Celery from replacing the project's log lines."""


@worker_init.connect
def _prepare_worker(**kwargs: Any) -> None:
    from portal.production import refuse_unsafe

    refuse_unsafe()


@worker_ready.connect
def _pick_up_what_was_left(**kwargs: Any) -> None:
    """A worker that starts may follow one that was killed with tasks in its hands: look at once."""
    app.send_task("cases.tasks.sweep_letters", [True], queue="letters", ignore_result=True)
    app.send_task("cases.tasks.sweep_mail", queue="mail", ignore_result=True)
    app.send_task("cases.tasks.daily_work", queue="mail", ignore_result=True)


@before_task_publish.connect
def _send_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None:
        headers[HEADER] = request_id.current() or request_id.new()


@task_prerun.connect
def _take_request_id(task_id: str, task: Any, **kwargs: Any) -> None:
    sent = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER)
    scope = request_id.bound(sent or task_id)
    scope.__enter__()
    _running[task_id] = scope


@task_postrun.connect
def _drop_request_id(task_id: str, **kwargs: Any) -> None:
    if scope := _running.pop(task_id, None):
        scope.__exit__(None, None, None)
