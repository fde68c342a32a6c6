"""Pages for what went wrong, each with the incident's id: the request id, by which the log and the history know it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import redis
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from accounts import request_id

#: What a database or Redis raises that is starting, stopping, or kept by somebody too long: nobody's mistake.
AWAY = (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError)
#: Seconds after which a browser may ask again when the database does not answer.
RETRY_AFTER = 30

#: Pages of answers that come without one of their own.
PAGES = {400: "400.html", 405: "errors/405.html", 413: "errors/413.html", 429: "errors/429.html"}


def page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """An error page in the person's language."""
    return render(request, template, {"incident": request_id.current()}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What could not be read: 413 when it was too large, else 400.

    503 when Django took a database that went away while the session was saved for a session that is gone.
    """
    if isinstance(exception, RequestDataTooBig):
        return page(request, "errors/413.html", 413)
    if isinstance(exception, SessionInterrupted) and any(isinstance(error, AWAY) for error in _causes(exception)):
        return _unavailable()
    return page(request, "400.html", 400)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refused."""
    return page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not come from a page of ours opened lately."""
    return page(request, "403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing for this desk: the same page, whatever the reason."""
    return page(request, "404.html", 404)


def too_many(request: HttpRequest, *_args: Any) -> HttpResponse:
    """Too many attempts."""
    return page(request, "errors/429.html", 429)


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours; 503 when the database or Redis does not answer.

    Drawn without context processors: whatever broke may be among them.
    """
    if isinstance(sys.exc_info()[1], AWAY):
        return _unavailable()
    return HttpResponse(loader.render_to_string("500.html", {"incident": request_id.current()}), status=500)


def _unavailable() -> HttpResponse:
    away = HttpResponse(loader.render_to_string("errors/503.html", {"incident": request_id.current()}), status=503)
    away["Retry-After"] = str(RETRY_AFTER)
    return away


def with_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An empty error answer with our page in it; its headers (Allow, for one) stay."""
    template = PAGES.get(response.status_code)
    if template is None or response.streaming or response.content or request.method == "HEAD":
        return response
    response.content = loader.render_to_string(template, {"incident": request_id.current()}, request)
    response["Content-Type"] = "text/html; charset=utf-8"
    return response
