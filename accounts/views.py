"""Signing in and out, and choosing the desk to act from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog
from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import SESSION_DESK, chosen
from accounts.models import Officer, User
from accounts.reauth import forget, kept_form, recently_authenticated
from accounts.roles import (
    ADMIN_DESK,
    AUDITOR_DESK,
    BAWASLU_OFFICER,
    BAWASLU_SIGNATORY,
    BKPSDM_OFFICER,
    BKPSDM_SIGNATORY,
    DESK_LABELS,
    DESK_PURPOSE,
    REVIEWER_OFFICER,
    REVIEWER_SIGNATORY,
    Desk,
)
from accounts.seams import seams

log = structlog.get_logger(__name__)

#: Where a desk begins when it is not the list of its tasks.
HOMES: dict[Desk, str] = {ADMIN_DESK: "admin:index"}
#: Drawn on the desk's card.
ICONS: dict[Desk, str] = {
    BAWASLU_OFFICER: "clipboard-list",
    BAWASLU_SIGNATORY: "gavel",
    REVIEWER_OFFICER: "search",
    REVIEWER_SIGNATORY: "file-certificate",
    BKPSDM_OFFICER: "users",
    BKPSDM_SIGNATORY: "signature",
    AUDITOR_DESK: "shield-check",
    ADMIN_DESK: "settings",
}
#: Said on the card of a desk nothing ever waits for.
WITHOUT_TASKS: dict[Desk, Any] = {
    AUDITOR_DESK: gettext_lazy("read only"),
    ADMIN_DESK: gettext_lazy("no cases"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A desk as shown where one chooses it. ``tasks`` is None where nothing ever waits."""

    officer: Officer
    label: str
    purpose: str
    icon: str
    tasks: int | None = None
    remark: Any = ""
    current: bool = False


def card(officer: Officer, *, current: bool = False) -> Card:
    """The card of one desk."""
    desk = officer.desk
    return Card(
        officer=officer,
        label=_(DESK_LABELS[desk]),
        purpose=_(DESK_PURPOSE[desk]),
        icon=ICONS[desk],
        tasks=seams.tasks(officer),
        remark=WITHOUT_TASKS.get(desk, ""),
        current=current,
    )


def home(officer: Officer | None) -> str:
    """The address a desk begins at; without any desk, the page that says so."""
    if officer is None:
        return resolve_url("accounts:desk")
    if officer.administers_id is not None:
        return resolve_url("accounts:people")
    return resolve_url(HOMES.get(officer.desk, settings.LOGIN_REDIRECT_URL))


def safe_next(request: HttpRequest) -> str:
    """The address asked for in ``next`` when it is ours; empty for another site's, and for the common beginning."""
    target = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours and target != resolve_url(settings.LOGIN_REDIRECT_URL) else ""


class SignIn(LoginView):
    """E-mail and password, then the second factor; beside it, only in the demo, one card for each desk."""

    template_name = "accounts/login.html"

    def get_success_url(self) -> str | None:
        """Where the person wanted to go; the adapter knows where their desk begins."""
        return safe_next(self.request) or None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and, in the demo, the cards."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["next"] = safe_next(self.request)
        if settings.DEMO:
            context["cards"], context["others"] = demo_cards()
        return context


def first_desk(user: Any) -> Officer | None:
    """The desk a person starts at after signing in."""
    held = Officer.objects.holding(seams.today()).filter(user_id=user.pk).select_related("institution").order_by("pk")
    return chosen(list(held), None)


def demo_cards() -> tuple[list[Card], list[Officer]]:
    """One card for each desk, in the order of the table, and everybody else who can be tried."""
    on = seams.today()
    people = Officer.objects.holding(on).filter(user__is_active=True).select_related("institution").order_by("pk")
    first: dict[Desk, Officer] = {}
    others = []
    for officer in people:
        institution = officer.institution
        in_office = institution.valid_from <= on and (institution.valid_to is None or institution.valid_to >= on)
        if in_office and officer.desk not in first:
            first[officer.desk] = officer
        else:
            others.append(officer)
    return [card(first[desk]) for desk in DESK_LABELS if desk in first], others


@never_cache
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Choose the desk to act from among those held."""
    desks: list[Officer] = request.desks  # type: ignore[attr-defined]
    acting: Officer | None = request.officer  # type: ignore[attr-defined]
    if request.method == "POST":
        wanted = request.POST.get("officer", "")
        target = next((held for held in desks if str(held.pk) == wanted), None)
        if target is None:
            raise Http404
        request.session[SESSION_DESK] = target.pk
        log.info("desk_chosen", officer=target.pk, desk=str(target.desk))
        return HttpResponseRedirect(safe_next(request) or home(target))
    cards = [card(held, current=acting is not None and held.pk == acting.pk) for held in desks]
    return render(request, "accounts/desk.html", {"cards": cards})


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in at a desk without a password. Only in the demo; anywhere else the address does not exist."""
    if not settings.DEMO:
        raise Http404
    held = Officer.objects.holding(seams.today()).filter(user__is_active=True).select_related("user", "institution")
    key = request.POST.get("officer", "")
    officer = held.filter(pk=key).first() if key.isdecimal() else None
    if officer is None:
        raise Http404
    user: User = officer.user
    login(request, user, backend="accounts.backends.OfficeBackend")
    request.session[SESSION_DESK] = officer.pk
    UserSession.objects.create_from_request(request)
    log.info("demo_sign_in", officer=officer.pk, desk=str(officer.desk))
    return HttpResponseRedirect(safe_next(request) or home(officer))


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Nobody signs up. The name is here because allauth looks it up for a mail that we word ourselves."""
    raise Http404


@never_cache
@require_http_methods(["GET"])
def proceed(request: HttpRequest) -> HttpResponse:
    """After a confirmation: what was being sent, ready to be sent now with one button."""
    try:
        kept = kept_form(request)
    except InvalidToken:  # the key was changed meanwhile
        kept = None
    if kept is None:
        return HttpResponseRedirect(home(request.officer))  # type: ignore[attr-defined]
    if not recently_authenticated(request):
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
    forget(request)
    return render(request, "accounts/proceed.html", {"kept": kept})
