"""Seeing who reported, and standing aside for a conflict of interest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cases.formats import clock_time
from cases.forms.sealed import ConflictForm, WhyIdentityForm
from cases.models import Case, Evidence, IdentityRequest
from cases.selectors.case_file import visible_case
from cases.selectors.identity import asked, identity_rows, watermark
from cases.services.conflict import declare_conflict
from cases.services.errors import NotVisible, Refused
from cases.services.identity import answer_identity, ask_identity, keeps_identity, open_request, read_identity
from cases.views.common import acting, put_refusal

UNPROCESSABLE = 422


def _case(request: HttpRequest, number: str) -> Case:
    """A case whose sealed reporter this desk may ask for. Raises Http404."""
    case = visible_case(number, acting(request))
    if case is None or not keeps_identity(case, acting(request)):
        raise Http404
    return case


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, number: str) -> HttpResponse:
    """Who asked and what was answered; asking, and answering what another person asked."""
    case, officer = _case(request, number), acting(request)
    form = WhyIdentityForm(request.POST if request.method == "POST" and "request" not in request.POST else None)
    if request.method == "POST":
        try:
            if "request" in request.POST:
                return _answer(request, case)
            if form.is_valid():
                ask_identity(case=case, actor=officer, reason=form.cleaned_data["reason"])
                messages.success(request, _("Asked. Another person of your institution must answer."))
                return redirect("cases:identity", number=number)
        except NotVisible as refusal:
            raise Http404 from refusal
        except Refused as refusal:
            if "request" in request.POST:
                messages.error(request, refusal.sentence)
                return redirect("cases:identity", number=number)
            put_refusal(form, refusal)
    rows = asked(case, officer)
    context = {
        "case": case,
        "form": form,
        "rows": rows,
        "open": open_request(case, officer),
        "to_answer": any(row["mine_to_answer"] for row in rows),
        "waits": any(row["mine_waits"] for row in rows) and not form.is_bound,
    }
    return render(
        request,
        "cases/identity.html",
        context,
        status=UNPROCESSABLE if request.method == "POST" else 200,
    )


def _answer(request: HttpRequest, case: Case) -> HttpResponse:
    given = request.POST["request"]
    row = get_object_or_404(IdentityRequest, case=case, pk=int(given) if given.isdecimal() and len(given) < 10 else 0)
    release = request.POST.get("answer") == "release"
    answer_identity(request=row, actor=acting(request), release=release)
    messages.success(request, _("The reporter's identity is released.") if release else _("The request is refused."))
    return redirect("cases:identity", number=case.number)


@never_cache
@require_safe
def identity_read(request: HttpRequest, number: str) -> HttpResponse:
    """Who reported, for its minutes; afterwards the page that says so."""
    case, officer = _case(request, number), acting(request)
    try:
        released, found = read_identity(case=case, reader=officer)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
        return redirect("cases:identity", number=number)
    context: dict[str, Any] = {
        "case": case,
        "rows": identity_rows(found),
        "statement": found["statement"],
        "until": clock_time(released.open_until, officer.institution.timezone) if released.open_until else "",
        "mark": watermark(officer, released),
        "files": Evidence.objects.of_case(case).visible_to(officer).filter(institution=officer.institution),
    }
    response = render(request, "cases/identity_read.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, number: str) -> HttpResponse:
    """Declare a conflict of interest; the case is gone from this person's portal afterwards."""
    officer = acting(request)
    case = visible_case(number, officer)
    if case is None:
        raise Http404
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            declare_conflict(case=case, actor=officer, reason=form.cleaned_data["reason"])
        except NotVisible as refusal:
            raise Http404 from refusal
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("Noted. You no longer see this case."))
            return redirect("cases:tasks")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "cases/conflict.html", {"case": case, "form": form}, status=status)
