"""``/health/``: can this process do its work? For a supervisor or a monitor; says nothing about anybody."""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.selectors.background import given_up_tasks
from cases.selectors.work import Work, work_state
from portal.celery import QUEUES


def database_answers() -> bool:
    """Whether the database takes a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def broker_answers() -> bool:
    """Whether a wake-up call could be left: Redis answers, or the broker folder can be written."""
    if settings.REDIS_URL:
        try:
            with redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
    folder = settings.BROKER_DIR if settings.BROKER_DIR.exists() else settings.DATA_DIR
    return os.access(folder, os.W_OK)


def queue_age_seconds() -> int | None:
    """How long the oldest message waits in the broker's folder; None when none waits, and on Redis, which does not say.

    (On Redis the age of the oldest pending row tells the same.)
    """
    if settings.REDIS_URL:
        return None
    folder = settings.BROKER_DIR / "queue"
    ages = []
    for file in folder.glob("*.msg") if folder.is_dir() else ():
        with contextlib.suppress(OSError):  # taken by a worker meanwhile
            ages.append(time.time() - file.stat().st_mtime)
    return int(max(ages)) if ages else None


def queue_lengths() -> dict[str, int]:
    """Messages waiting in each queue; empty when the broker does not answer."""
    if settings.REDIS_URL:
        try:
            with redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
                return {name: int(client.llen(name)) for name in QUEUES}
        except redis.RedisError:
            return {}
    folder = settings.BROKER_DIR / "queue"
    names = [file.name for file in folder.glob("*.msg")] if folder.is_dir() else []
    return {queue: sum(name.endswith(f".{queue}.msg") for name in names) for queue in QUEUES}


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, else 503; with what waits and since when (seconds), and the last beats."""
    found: dict[str, Any] = {"database": database_answers(), "broker": broker_answers()}
    found["ok"] = all(found.values())
    work = work_state() if found["database"] else Work()
    found["oldest_pending_letter_seconds"] = work.oldest_letter
    found["oldest_pending_mail_seconds"] = work.oldest_mail
    tasks = given_up_tasks() if found["database"] else 0
    found["given_up"] = work.letters_failed + work.mails_dead + tasks
    found["queue_age_seconds"] = queue_age_seconds()
    found["last_beat_seconds"] = work.beats
    found["behind"] = work.behind
    return JsonResponse(found, status=200 if found["ok"] else 503)
