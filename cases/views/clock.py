"""Acting on a deadline without a step: confirm receipt, extend, pause, resume."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.forms.clock import CLOCK_FORMS
from cases.models import Event
from cases.services import deadlines
from cases.services.errors import NotVisible, Refused, Stale
from cases.views.case import CONFLICT, UNPROCESSABLE, load, show
from cases.views.common import acting, put_refusal
from cases.workflow import CLOCK_ACT

SERVICES: dict[str, Callable[..., Event]] = {
    "acknowledge_receipt": deadlines.acknowledge_receipt,
    "extend_deadline": deadlines.extend,
    "pause_deadline": deadlines.pause,
    "resume_deadline": deadlines.resume,
}


@require_POST
def clock(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one act; 404 when it is not offered to this desk, 409 when the case moved, 422 when an answer is wrong."""
    page = load(request, number)
    if act not in SERVICES:
        raise Http404
    answers: dict[str, Any] = {}
    form = CLOCK_FORMS[act](request.POST, auto_id=f"{act}_%s")
    if page.case.seen_token == request.POST.get("seen") and act not in [offer.act.name for offer in page.clock_acts]:
        raise Http404
    if form.is_valid():
        answers = form.cleaned_data
        try:
            SERVICES[act](case=page.case, actor=acting(request), seen=request.POST.get("seen", ""), **answers)
        except NotVisible as refusal:
            raise Http404 from refusal
        except Stale as refusal:
            return show(request, load(request, number), CONFLICT, refusal=refusal.sentence)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": _(CLOCK_ACT[act].label)})
            return redirect("cases:detail", number=number)
    for offer in page.clock_acts:
        if offer.act.name == act:
            offer.form = form
    return show(request, page, UNPROCESSABLE)
