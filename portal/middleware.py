"""The project's own middleware: an id for every request, and the permission map in front of every view."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.http.response import HttpResponse
from django.middleware.gzip import GZipMiddleware

from accounts import request_id
from portal.permissions import rule_for

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("portal.request")


class RequestIdMiddleware:
    """Gives each request an id, answers it in ``X-Request-ID``, and writes one line about the request.

    The line names the view, never the address: addresses carry receipt codes, tokens and search words. An id sent by
    the client is not taken over, so nobody outside can choose what our history says.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer inside a fresh id."""
        with request_id.bound(request_id.new()) as current:
            began = time.perf_counter()
            response = self.get_response(request)
            response["X-Request-ID"] = current
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                view=match.view_name if match else "",
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000),
            )
            return response


class CompressPagesMiddleware(GZipMiddleware):
    """Sends pages compressed, and only pages: letters and evidence are streamed as they are, static files come ready.

    Django pads each compressed page by a random length and masks its CSRF token anew, so that the size of an answer
    tells nothing about a secret in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress where it is a whole page and the browser takes it."""
        if not isinstance(response, HttpResponse) or not response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            return response
        return super().process_response(request, response)


class PermissionMapMiddleware:
    """Refuses every view whose rule in ``portal.permissions`` does not admit the person, and every view without one.

    A person who is not signed in is sent to sign in when that could help; everything else is 404, as if the page did
    not exist. Expects ``request.user`` and ``request.officer`` (the acting desk, or None).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision falls once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let through (None), send to the sign-in page, or raise Http404."""
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if rule is None:
            log.warning("view without rule", view=match.view_name if match else "")
            raise Http404
        officer = getattr(request, "officer", None)
        if rule.admits(user=request.user, desk=officer.desk if officer else None):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        log.info("refused by the permission map", view=match.view_name if match else "")
        raise Http404
