"""The desk a person acts from, decided anew for every request."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.models import Officer
from accounts.prepared import Late, prepared
from accounts.rights import rights_of
from accounts.seams import seams

#: Session key of the chosen desk: the primary key of an Officer row.
SESSION_DESK = "desk"


class ActingDeskMiddleware:
    """Sets ``request.officer`` (the acting desk or None) and ``request.desks`` (all desks held today): one query.

    The chosen desk counts only while it is held: a desk withdrawn or expired is gone on the next request, and so are
    an account's closed doors. Administration pages open by the acting desk, never by a mark on the account
    (``is_staff`` is set here for the length of the request; a superuser keeps it).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the desk known."""
        request.desks = desks_of(request)  # type: ignore[attr-defined]
        request.officer = chosen(request.desks, request.session.get(SESSION_DESK))  # type: ignore[attr-defined]
        user = request.user
        if user.is_authenticated:
            officer = request.officer  # type: ignore[attr-defined]
            user.acting_as = officer
            user.is_staff = user.is_superuser or bool(rights_of(officer))
        with timezone.override(_zone(request.officer)):  # type: ignore[attr-defined]
            return self.get_response(request)


def _zone(officer: Officer | None) -> str | None:
    """The zone moments are shown in: the desk's institution's; the project's for a stranger."""
    return officer.institution.timezone if officer else None


def desks_of(request: HttpRequest) -> list[Officer]:
    """Desks the signed-in person holds today, in a stable order."""
    if not request.user.is_authenticated:
        return []
    return _held(None, user=request.user.pk, on=seams.today())


@prepared
def _held(_reader: None, *, user: Late, on: Late) -> QuerySet[Officer]:
    return Officer.objects.holding(on).filter(user_id=user).select_related("institution", "user").order_by("pk")


def chosen(desks: list[Officer], key: object) -> Officer | None:
    """The desk chosen in the session while it is held, else the first one held."""
    return next((desk for desk in desks if desk.pk == key), desks[0] if desks else None)
