"""The id that joins a request, its log lines, its events and its background jobs.

It sits here, below everything that writes it down; the project's middleware and its Celery wiring set it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request or job running now; empty outside one (a shell, a management command)."""
    return _request_id.get()


def new() -> str:
    """A fresh id: 32 hexadecimal digits, no meaning inside."""
    return uuid.uuid4().hex


@contextmanager
def bound(request_id: str) -> Iterator[str]:
    """Let ``request_id`` be the current one inside the block."""
    token = _request_id.set(request_id)
    try:
        yield request_id
    finally:
        _request_id.reset(token)


_session: ContextVar[str] = ContextVar("session", default="")


def session() -> str:
    """A name for the browser session running now, from which the session's key cannot be found; empty outside one."""
    return _session.get()


def session_name(key: str) -> str:
    """The name of the session with this key."""
    return hashlib.sha256(f"session name:{key}".encode()).hexdigest()[:16]


@contextmanager
def bound_session(key: str | None) -> Iterator[None]:
    """Let the session with this key be the one running inside the block."""
    token = _session.set(session_name(key) if key else "")
    try:
        yield
    finally:
        _session.reset(token)
