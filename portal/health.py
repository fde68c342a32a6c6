"""``/health/``: can this process do its work? For a supervisor or a monitor; says nothing about anybody."""

from __future__ import annotations

import os
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.clock import now


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


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, else 503; with the age of the oldest letter still to be made (seconds)."""
    found: dict[str, Any] = {"database": database_answers(), "broker": broker_answers()}
    found["ok"] = all(found.values())
    found["oldest_pending_letter_seconds"] = oldest_pending_letter_seconds() if found["database"] else None
    return JsonResponse(found, status=200 if found["ok"] else 503)


def oldest_pending_letter_seconds() -> int | None:
    """Age of the oldest letter waiting to be made; None when nothing waits."""
    from cases.models import Letter

    since = Letter.objects.filter(status=Letter.Status.PENDING).aggregate(since=Min("created_at"))["since"]
    return None if since is None else int((now() - since).total_seconds())
