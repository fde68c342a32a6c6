"""The project's own middleware: an id for every request, and the permission map in front of every view."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from accounts import request_id
from accounts.reauth import ask_again, recently_authenticated
from portal.errors import with_page
from portal.permissions import Rule, rule_for

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger("portal.request")

#: Views that end a session.
SIGN_OUT = ("accounts:logout", "account_logout")
REDIRECT = 302


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


class SessionNameMiddleware:
    """Names the browser session for the history: what one stolen session has read can be told apart from the rest."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the session's name at hand."""
        with request_id.bound_session(request.session.session_key):
            return self.get_response(request)


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


class HeadersMiddleware:
    """Headers that belong on every answer, whatever made it; and pages for error answers that came without one.

    Nobody keeps a copy: pages, letters and redirects alike are private. Only files under the static address name their
    own time of keeping.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers on."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse):
            with_page(request, response)
        if not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store, private"
            del response["Expires"]
        if not getattr(response, "xframe_options_exempt", False):  # a letter, framed by our own page
            response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        match = request.resolver_match
        if match and match.view_name in SIGN_OUT and response.status_code == REDIRECT:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


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
        """Let through (None), send to the sign-in page, or raise Http404. Raises BadRequest for unreadable words."""
        if any("\0" in word for words in (*request.GET.lists(), *kwargs.items()) for word in _texts(words)):
            raise BadRequest("A zero byte in the address.")  # no database keeps one
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if rule is None:
            log.warning("view without rule", view=match.view_name if match else "")
            raise Http404
        officer = getattr(request, "officer", None)
        if rule.admits(user=request.user, desk=officer.desk if officer else None):
            return ask_again(request) if _unconfirmed(rule, request) else None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        log.info("refused by the permission map", view=match.view_name if match else "")
        raise Http404


def _unconfirmed(rule: Rule, request: HttpRequest) -> bool:
    return rule.confirms and request.method == "POST" and not recently_authenticated(request)


def _texts(words: Any) -> list[str]:
    """The texts in a (name, values) pair of an address."""
    name, values = words
    return [name, *(value for value in (values if isinstance(values, list) else [values]) if isinstance(value, str))]
