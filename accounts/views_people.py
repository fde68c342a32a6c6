"""An administrator's pages: who sits where, asking for desks, deciding what another administrator asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import proposals
from accounts.forms import GrantForm, ReasonForm, SuccessionForm, kept_institutions
from accounts.models import Officer, Proposal
from accounts.proposals import NotPossible
from accounts.seams import seams
from accounts.second_factor import has_second_factor

PAGE, UNPROCESSABLE = 50, 422


def acting(request: HttpRequest) -> Officer:
    """The administrator; the permission map lets nobody else in."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


def kept_officers(actor: Officer) -> Any:
    """Desks of the institutions this administrator keeps."""
    rows = Officer.objects.select_related("institution", "user", "administers").order_by("institution", "role", "name")
    return rows if actor.keeps_all else rows.filter(institution=actor.administers_id)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """What waits for a second administrator, and who sits where; ``?q=`` searches, ``?institution=`` narrows."""
    actor, today = acting(request), seams.today()
    rows = kept_officers(actor)
    words, code = request.GET.get("q", "").strip()[:100], request.GET.get("institution", "")[:50]
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(nip=words) | rows.filter(user__email__icontains=words)
    institutions = list(kept_institutions(actor))
    if code in {institution.code for institution in institutions}:
        rows = rows.filter(institution__code=code)
    held = set(Officer.objects.holding(today).values_list("pk", flat=True))
    waiting = [
        {"row": row, "why_not": proposals.why_not(row, actor), "own": row.asked_by.user_id == actor.user_id}
        for row in proposals.visible_proposals(actor).filter(status=Proposal.Status.WAITING)
    ]
    decided = proposals.visible_proposals(actor).exclude(status=Proposal.Status.WAITING)[:10]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page, "held": held, "waiting": waiting, "decided": decided, "words": words, "code": code,
        "institutions": institutions, "keeps_all": actor.keeps_all,
    }  # fmt: skip
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a desk for somebody."""
    form = GrantForm(request.POST or None, actor=acting(request))
    if request.method == "POST" and form.is_valid():
        try:
            proposals.ask_grant(actor=acting(request), **form.cleaned_data)
        except NotPossible as refusal:
            put(form, refusal)
        else:
            return _waits(request)
    return render(request, "accounts/ask.html", {"form": form}, status=_status(request, form))


@require_http_methods(["GET", "POST"])
def succession(request: HttpRequest) -> HttpResponse:
    """Ask to hand an institution's open cases to its successor."""
    if not acting(request).keeps_all:
        raise Http404
    form = SuccessionForm(request.POST or None, actor=acting(request))
    if request.method == "POST" and form.is_valid():
        try:
            proposals.ask_succession(actor=acting(request), **form.cleaned_data)
        except NotPossible as refusal:
            put(form, refusal)
        else:
            return _waits(request)
    return render(request, "accounts/succession.html", {"form": form}, status=_status(request, form))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse or withdraw what waits."""
    row = get_object_or_404(proposals.visible_proposals(acting(request)), pk=pk)
    said = request.POST.get("decision", "")
    try:
        if said == "withdraw":
            proposals.withdraw(actor=acting(request), proposal=row)
        elif said in ("approve", "refuse"):
            answer = request.POST.get("answer", "")[:300]
            proposals.decide(actor=acting(request), proposal=row, approve=said == "approve", answer=answer)
        else:
            raise Http404
    except NotPossible as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Done. The person concerned is told by e-mail."))
    return redirect("accounts:people")


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One desk: what is known, and what can be done about it."""
    return _person(request, get_object_or_404(kept_officers(acting(request)), pk=pk))


@require_POST
def person_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Ask for a new second key, close the desk, or send the invitation once more."""
    officer = get_object_or_404(kept_officers(acting(request)), pk=pk)
    form = ReasonForm(request.POST, auto_id=f"{act}_%s")
    acts = {"reset": proposals.ask_reset, "close": proposals.close_desk}
    try:
        if act == "invite":
            proposals.invite_again(actor=acting(request), officer=officer)
        elif act not in acts:
            raise Http404
        elif form.is_valid():
            acts[act](actor=acting(request), officer=officer, **form.cleaned_data)
        else:
            return _person(request, officer, UNPROCESSABLE, **{act: form})
    except NotPossible as refusal:
        put(form, refusal)
        return _person(request, officer, UNPROCESSABLE, **{act: form})
    if act == "reset":
        return _waits(request)
    messages.success(request, _("Done. The person concerned is told by e-mail."))
    return redirect("accounts:person", pk=officer.pk)


def put(form: Any, refusal: NotPossible) -> None:
    """A refusal at the field it names, or at the top."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _person(request: HttpRequest, officer: Officer, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "desk": officer,
        "held": Officer.objects.holding(seams.today()).filter(pk=officer.pk).exists(),
        "has_key": has_second_factor(officer.user_id),
        "invited": not officer.user.has_usable_password(),
        "reset": ReasonForm(auto_id="reset_%s"),
        "close": ReasonForm(auto_id="close_%s"),
        **forms,
    }
    return render(request, "accounts/person.html", context, status=status)


def _status(request: HttpRequest, form: Any) -> int:
    return UNPROCESSABLE if request.method == "POST" and form.errors else 200


def _waits(request: HttpRequest) -> HttpResponseRedirect:
    messages.success(request, _("Asked. It is done once a second administrator approves."))
    return HttpResponseRedirect(reverse("accounts:people"))
