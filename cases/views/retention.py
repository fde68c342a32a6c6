"""The end of retention: what is due, asking for its destruction, answering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import Case
from cases.selectors.retention import disposals, due_rows
from cases.services.disposal import ask_disposal, decide_disposal
from cases.services.errors import NotVisible, Refused
from cases.views.common import acting, local_day, put_refusal
from cases.workflow import DISPOSAL_APPROVED_BY, DISPOSAL_ASKED_BY

UNPROCESSABLE = 422


class AskForm(forms.Form):
    """Which case, and why now."""

    case = forms.CharField(label=gettext_lazy("Case"), max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def _show(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    officer = acting(request)
    context = {
        "due": due_rows(officer, local_day(officer)),
        "disposals": disposals(officer),
        "asks": officer.desk == DISPOSAL_ASKED_BY,
        "answers": officer.desk == DISPOSAL_APPROVED_BY,
        **more,
    }
    return render(request, "cases/retention.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Closed cases whose retention is over, and what was asked and decided; POST asks for one."""
    if request.method != "POST":
        return _show(request)
    form = AskForm(request.POST)
    if form.is_valid():
        officer = acting(request)
        case = Case.objects.visible_to(officer).filter(number=form.cleaned_data["case"]).first()
        if case is None:
            raise Http404
        try:
            ask_disposal(case=case, actor=officer, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Asked for. Another person must approve it."))
            return redirect("cases:retention")
    return _show(request, UNPROCESSABLE, form=form)


@require_POST
def retention_answer(request: HttpRequest, disposal_id: int) -> HttpResponse:
    """Approve (``do=approve``) or refuse (``do=refuse``) what was asked for; 404 for a case one does not see."""
    officer = acting(request)
    row = disposals(officer).filter(pk=disposal_id).first()
    if row is None:
        raise Http404
    approve = request.POST.get("do") == "approve"
    try:
        decide_disposal(disposal=row, actor=officer, approve=approve, answer=request.POST.get("answer", "")[:1000])
    except NotVisible as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        said = _("The contents of case %(number)s were destroyed.") if approve else _("Refused: %(number)s.")
        messages.success(request, said % {"number": row.case.number})
    return redirect("cases:retention")
