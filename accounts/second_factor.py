"""Nobody works without a second factor: the gate behind the sign-in.

Who has one is asked for it by django-allauth while signing in. Who has none yet is let in as far as the pages where one
is set up. What a session has proved is kept in the session, under the account it was proved for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.conf import settings
from django.contrib.auth import logout
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

#: Session key: the account whose second factor this session has seen.
PROVED = "second_factor"
#: What a person without a second factor may open: setting one up, confirming, leaving.
OPEN_WITHOUT = frozenset(
    {
        "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "accounts:login",
        "accounts:logout", "account_login", "account_logout", "accounts:demo", "set_language", "set_theme", "health",
        "metrics",
    }
)  # fmt: skip


class SecondFactorMiddleware:
    """Leads a signed-in person without second factor to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision falls once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let through (None), or lead to the set-up."""
        user = request.user
        if not settings.SECOND_FACTOR or not user.is_authenticated or request.session.get(PROVED) == user.pk:
            return None
        match = request.resolver_match
        if match and match.view_name in OPEN_WITHOUT:
            return None
        if has_second_factor(user.pk):
            logout(request)  # a session that went around it, for instance one from before the factor was required
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
        return HttpResponseRedirect(resolve_url("mfa_index"))


def has_second_factor(user_id: int) -> bool:
    """Whether the account has an authenticator app or a passkey."""
    rows = Authenticator.objects.filter(user_id=user_id)
    return rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


@receiver([authenticator_added, authenticator_used])
def note_proof(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    """The session has seen a second factor of this account."""
    request.session[PROVED] = user.pk
