"""How django-allauth does things here: whose addresses, whose words, which secrets are sealed.

Nobody signs up; every link in a mail starts with ``BASE_URL``, never with what a request claims to be its host.
"""

from __future__ import annotations

import io
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import mails
from accounts.reauth import recently_authenticated
from accounts.sealing import seal, unseal
from accounts.seams import seams


def user_display(user: Any) -> str:
    """How allauth names a person."""
    return user.get_full_name() or user.email


def absolute(path: str) -> str:
    """A path of ours as a full address, for mails."""
    return f"{settings.BASE_URL}{path}"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations; words of mails are ours; a fresh sign-in counts as confirmed."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for an unknown address, a wrong password and a closed account.
        "email_password_mismatch": gettext_lazy(
            "E-mail and password do not belong together. Check both and try again."
        ),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very host."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Changing one's second factor needs a confirmation; having just signed in is one."""
        return not recently_authenticated(self.request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person's desk begins."""
        from accounts.views import first_desk, home

        return home(first_desk(request.user))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail: our own address, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(path.replace("UID-KEY", key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put our words for allauth's occasion in the outbox; an occasion without words raises KeyError."""
        subject, body = mails.written(template_prefix.rpartition("/")[2], context)
        seams.mail(email, subject, body)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed in the database; the last one cannot be given up by oneself."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code does not hold, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": gettext_lazy("Add another second factor first: one is always needed."),
    }

    def encrypt(self, text: str) -> str:
        """Seal with a key derived from SECRET_KEY."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open; raises InvalidToken rather than giving back anything unsealed."""
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """The QR code of the set-up page, with its quiet zone and its own white ground (dark theme)."""
        out = io.BytesIO()
        segno.make(url, error="m").save(
            out, kind="svg", scale=4, border=4, light="#fff", dark="#000", xmldecl=False, svgclass=None, lineclass=None
        )
        return out.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last second factor while everybody must have one; a lost one is reset by two administrators."""
        if not settings.SECOND_FACTOR:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who the passkey is for."""
        return super().get_public_key_credential_rp_entity() | {"name": _("Neutrality Portal")}
