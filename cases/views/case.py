"""The case page, the one view of all steps, and what is added beside the steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.reauth import ask_again, recently_authenticated
from cases.forms import STEP_FORMS
from cases.forms.files import EvidenceForm, NoteForm
from cases.models import Event
from cases.selectors.case_file import visible_case
from cases.selectors.case_page import CasePage
from cases.services.access import case_viewed
from cases.services.errors import NotVisible, OutOfOrder, Refused, Stale
from cases.services.evidence import attach
from cases.services.move import move as take_step
from cases.services.notes import add_note
from cases.views.common import acting, local_day, put_refusal
from cases.workflow import STEP, Step

CONFLICT, UNPROCESSABLE = 409, 422


def load(request: HttpRequest, number: str, *, step: str = "", tab: str = "", **narrow: str) -> CasePage:
    """The page of a case this officer may see. Raises Http404."""
    officer = acting(request)
    case = visible_case(number, officer)
    if case is None:
        raise Http404
    return CasePage(case, officer, on=local_day(officer), step=step, tab=tab, **narrow)


def show(request: HttpRequest, page: CasePage, status: int = 200, **more: Any) -> HttpResponse:
    """Draw the case page."""
    context = {"page": page, "case": page.case, "evidence_form": None, "note_form": None}
    if page.tab == "evidence" and page.may_add:
        context["evidence_form"] = EvidenceForm(auto_id="evidence_%s")
    if page.tab == "notes" and page.may_note:
        context["note_form"] = NoteForm(auto_id="note_%s")
    return render(request, "cases/detail.html", {**context, **more}, status=status)


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The case page; ``?step=`` opens a step's form, ``?tab=`` a part of the file, ``?show=&by=`` narrow its days."""
    asked = {name: request.GET.get(name, "") for name in ("step", "tab", "show", "by")}
    page = load(request, number, **asked)
    case_viewed(case=page.case, reader=acting(request), part=page.tab)
    return show(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Every step of every desk. GET opens its form on the case page, POST takes it.

    404 when case or step are not this desk's; 409 when the case has moved since the page was drawn, with what changed
    and the input kept; 422 when an answer or a guard says no.
    """
    chosen = STEP.get(step)
    if chosen is None or chosen.by != acting(request).desk:
        raise Http404
    page = load(request, number, step=step)
    if request.method != "POST":
        if page.case.state in chosen.source:
            return show(request, page)
        messages.info(request, _not_now(chosen, page))
        return redirect(page.case)
    if chosen.signs and not recently_authenticated(request):
        return ask_again(request)
    return _take(request, page, chosen)


def _not_now(step: Step, page: CasePage) -> str:
    return _("“%(step)s” is not possible while the case is “%(state)s”.") % {
        "step": _(step.label),
        "state": page.state_label,
    }


def _take(request: HttpRequest, page: CasePage, step: Step) -> HttpResponse:
    case, seen = page.case, request.POST.get("seen", "")
    if seen != case.seen_token:
        return _stale(request, page, step, seen)
    if case.state not in step.source:
        return show(request, page, CONFLICT, refusal=_not_now(step, page))
    form = page.build_form(step, request.POST)
    if form.is_valid():
        try:
            event = take_step(case=case, step=step.name, actor=acting(request), seen=seen, **form.cleaned_data)
        except NotVisible as refusal:
            raise Http404 from refusal
        except (Stale, OutOfOrder):
            return _stale(request, load(request, case.number, step=step.name), step, seen)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return _taken(request, case.number, step, event)
    page.bound_form = form
    return show(request, page, UNPROCESSABLE)


def _taken(request: HttpRequest, number: str, step: Step, event: Event) -> HttpResponse:
    messages.success(request, _("Done: %(step)s.") % {"step": _(step.label)})
    for caution in event.cautions:
        messages.warning(request, caution)
    return redirect("cases:detail", number=number)


def _stale(request: HttpRequest, page: CasePage, step: Step, seen: str) -> HttpResponse:
    """The case moved: say what happened since and keep what was typed, in the form when it still makes sense."""
    if page.case.state in step.source:
        page.bound_form = page.build_form(step, request.POST)
        kept: list[tuple[str, str]] = []
    else:
        page.wanted_step = ""
        kept = _typed(STEP_FORMS[step.form], request)
    return show(
        request, page, CONFLICT, stale=True, changes=page.changes_since(seen), kept=kept, kept_step=_(step.label)
    )


def _typed(form: type[forms.Form], request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, as (label, text), for a step that is no longer possible."""
    kept = []
    for name, field in form.base_fields.items():
        values = [v for key, v in request.POST.items() if key == name or key.startswith(f"{name}-")]
        if text := "\n".join(str(value) for value in values if value):
            kept.append((str(field.label), text))
    return kept


@require_POST
def evidence_add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a file to the case's evidence."""
    page = load(request, number, tab="evidence")
    form = EvidenceForm(request.POST, request.FILES, auto_id="evidence_%s")
    if form.is_valid():
        try:
            attach(case=page.case, actor=acting(request), title=form.cleaned_data["title"],
                   upload=form.cleaned_data["file"])  # fmt: skip
        except NotVisible as refusal:
            raise Http404 from refusal
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The evidence was added."))
            return redirect(f"{reverse('cases:detail', args=[number])}?tab=evidence#file")
    return show(request, page, UNPROCESSABLE, evidence_form=form)


@require_POST
def note_add(request: HttpRequest, number: str) -> HttpResponse:
    """Write an internal note."""
    page = load(request, number, tab="notes")
    form = NoteForm(request.POST, auto_id="note_%s")
    if form.is_valid():
        try:
            add_note(case=page.case, actor=acting(request), text=form.cleaned_data["text"])
        except NotVisible as refusal:
            raise Http404 from refusal
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The note was written."))
            return redirect(f"{reverse('cases:detail', args=[number])}?tab=notes#file")
    return show(request, page, UNPROCESSABLE, note_form=form)
