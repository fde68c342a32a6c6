"""How long a session lives: half an hour without a touch, twelve hours in all, by the real clock.

A session is touched in the database at most once a minute, so the half hour may end up to a minute early, never late.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

#: Session keys: seconds since the epoch when the session began and when it was last touched.
BEGAN, TOUCHED = "began", "touched"
#: Seconds between two touches written down.
TOUCH_EVERY = 60


class SessionLimitsMiddleware:
    """Ends a session that was idle too long or is too old, before anything is answered to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or end the session and ask to sign in again."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = time.time()
        session = request.session
        if over(session.get(BEGAN), session.get(TOUCHED), now):
            logout(request)
            messages.info(request, _("You were signed out after a while. Sign in to go on."))
            return sign_in_again(request)
        if now - session[TOUCHED] >= TOUCH_EVERY:
            session[TOUCHED] = now
            UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
        return self.get_response(request)


@receiver(user_logged_in)
def begin(request: HttpRequest, **_kwargs: Any) -> None:
    """A session of somebody signed in begins, whichever way they came."""
    request.session[BEGAN] = request.session[TOUCHED] = time.time()


def over(began: float | None, touched: float | None, now: float) -> bool:
    """Whether a session that began and was last touched then is over now; one that does not know when, is."""
    if began is None or touched is None:
        return True
    too_old, idle = now - began, now - touched
    return too_old >= settings.SESSION_LONGEST.total_seconds() or idle >= settings.SESSION_IDLE.total_seconds()


def sign_in_again(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in page, and from there back to the page that was asked for."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return HttpResponseRedirect(resolve_url(settings.LOGIN_URL) + query)


def end_sessions(user_id: int) -> int:
    """End every session of an account, now; returns how many there were."""
    rows = list(UserSession.objects.filter(user_id=user_id))
    for row in rows:
        row.end()
    return len(rows)
