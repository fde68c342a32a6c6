"""Signing in by office e-mail, and the permissions of the desk one acts from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.prepared import Late, prepared
from accounts.rights import rights_of


class OfficeBackend(ModelBackend):
    """E-mail and password; permissions by desk.

    Unknown address, wrong password and closed account give the same answer in about the same time.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The account, or None. Known by its e-mail address (``email``, or in ``username``), whatever its capitals."""
        address = kwargs.get("email") or username
        if not address or password is None:
            return None
        user = User.objects.filter(email__iexact=address.strip()).first()
        if user is None:
            User().set_password(password)  # as much work as checking a real one
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, read anew for every request; None when it is gone or closed."""
        user: User | None = _account.first(None, user=user_id)
        return user if self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What the acting desk (set by the middleware) grants; nothing is stored on the account."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        officer = user_obj.acting_as
        return set(rights_of(officer))


@prepared
def _account(_reader: None, *, user: Late) -> QuerySet[User]:
    return User.objects.filter(pk=user)
