"""The page before signing: the step's form beside the letters it would issue."""

from __future__ import annotations

from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.selectors.preview import Preview
from cases.services.errors import NotVisible, OutOfOrder, WrongDesk
from cases.views.case import CONFLICT, load, show
from cases.views.common import acting
from cases.workflow import STEP


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Draft the letters of a step from what is in its form. Changes nothing; GET leads back to the form."""
    chosen = STEP.get(step)
    if chosen is None or chosen.by != acting(request).desk or not chosen.letters:
        raise Http404
    page = load(request, number, step=step)
    if request.method != "POST":
        return redirect("cases:move", number=number, step=step)
    form = page.build_form(chosen, request.POST)
    try:
        drafted = Preview(page, chosen, form)
    except (NotVisible, WrongDesk) as refusal:
        raise Http404 from refusal
    except OutOfOrder as refusal:
        return show(request, load(request, number), CONFLICT, refusal=refusal.sentence)
    # The checklist says what is missing; the form keeps what was typed and does not shout it again.
    form._errors = ErrorDict()  # type: ignore[attr-defined]
    return render(
        request,
        "cases/preview.html",
        {"page": page, "case": page.case, "step": chosen, "label": _(chosen.label), "form": form, "preview": drafted},
    )
