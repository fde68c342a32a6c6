"""What the history is told about signing in. Neither passwords nor what was typed as an address: it may be one."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Officer, User
from accounts.seams import seams


def note(name: str, user: Any, **facts: Any) -> None:
    """Tell the history what happened to an account, from the desk its owner starts at."""
    held = Officer.objects.holding(seams.today()).select_related("institution", "user").order_by("pk")
    officer = held.filter(user_id=user.pk).first() if user is not None else None
    seams.happened(officer, name, {"account": user.pk if user is not None else None, **facts})


@receiver(user_logged_in)
def signed_in(user: Any, **_kwargs: Any) -> None:
    """Password and second factor were right."""
    note("signed_in", user)


@receiver(user_logged_out)
def signed_out(user: Any, **_kwargs: Any) -> None:
    """A session ended, by its owner or by its age."""
    if user is not None:
        note("signed_out", user)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """A wrong password or an unknown address: the same work and the same event for both."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    note("sign_in_failed", User.objects.filter(email__iexact=address.strip()).first())


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def second_factor_changed(user: Any, authenticator: Any, signal: Any, **_kwargs: Any) -> None:
    """A second factor was added, removed or made anew."""
    name = {id(authenticator_added): "second_factor_added", id(authenticator_removed): "second_factor_removed"}
    note(name.get(id(signal), "recovery_codes_made"), user, kind=str(authenticator.type))
