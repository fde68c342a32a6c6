"""The page about the background work, for the people who look after the portal: health in words, and trying again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.selectors.background import Page, background_page
from cases.selectors.work import forget
from cases.services.background import KINDS, try_again, try_all_again
from cases.services.errors import NotVisible, Refused
from cases.views.common import acting
from portal.health import broker_answers, queue_age_seconds, queue_lengths


@never_cache
@require_safe
def background(request: HttpRequest) -> HttpResponse:
    """What runs, what waits and since when, what was given up. The same numbers as ``/health/``, for people."""
    answers = broker_answers()
    page = background_page(queue_lengths() if answers else {}, queue_age_seconds() if answers else None)
    context: dict[str, Any] = {"work_page": page, "broker": answers, "headline": _headline(page, answers)}
    return render(request, "background.html", context)


def _headline(page: Page, answers: bool) -> tuple[str, str]:
    if not answers:
        return "error", _("The broker does not answer. Nothing is lost: the work waits in the database.")
    if page.work.behind:
        return "warning", _("Background work is behind. Is the worker running, and the scheduler?")
    if page.given_up_count:
        return "warning", _("Background work runs, but what was given up waits for you.")
    return "success", _("Background work is up to date.")


@require_POST
def background_retry(request: HttpRequest) -> HttpResponse:
    """Have one thing tried again (``kind``, ``key``), or everything of a kind (no ``key``)."""
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    if kind not in KINDS:
        raise Http404
    try:
        if key:
            messages.success(request, try_again(actor=acting(request), kind=kind, key=key))
        else:
            count = try_all_again(actor=acting(request), kind=kind)
            text = ngettext("%(n)d thing will be tried again.", "%(n)d things will be tried again.", count)
            messages.success(request, text % {"n": count})
    except NotVisible as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    forget()
    return redirect("background")
