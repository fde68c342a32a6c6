"""The help beside every page: a page of its own, or only its body for the panel that opens over a page."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.selectors.legal import every_step, legal_lines
from portal.help.glossary import glossary
from portal.help.keys import COOKIE, GENERAL, OFF
from portal.help.texts import HELP, about


@require_safe
@vary_on_headers("HX-Request")
def help_page(request: HttpRequest, topic: str = "help") -> HttpResponse:
    """The help of one page; ``?case=`` adds the law the case's next step rests on, for who may see the case."""
    text = about(topic)
    if text is None:
        raise Http404
    number, officer = request.GET.get("case", ""), getattr(request, "officer", None)
    law = legal_lines(number, officer) if number and officer is not None else []
    if law is None:
        raise Http404
    part = request.headers.get("HX-Request") == "true"
    signed_in = request.user.is_authenticated
    context = {
        "about": text,
        "law": law,
        "steps": every_step() if topic == "help" else [],
        "words": glossary(),
        "general_keys": GENERAL,
        "keys_on": request.COOKIES.get(COOKIE) != OFF,
        "others": [] if topic != "help" else [t for view, t in HELP.items() if not view.startswith("help")],
        "layout": "base.html" if signed_in else "base_public.html",
        "back": number,
        "part": part,
    }
    return render(request, "help/body.html" if part else "help/page.html", context)


@require_POST
def set_keys(request: HttpRequest) -> HttpResponse:
    """Remember whether single keys work in this browser; back to where the person was."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.POST.get("keys") == OFF:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        year = dt.timedelta(days=365)
        response.set_cookie(COOKIE, OFF, max_age=year, httponly=True, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
