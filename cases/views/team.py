"""The team of an institution: load, giving cases on, an officer who leaves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases.forms.team import LeftForm, ReassignForm
from cases.selectors.team import team_cases, team_load
from cases.services.assign import Reassigned, officer_left, reassign
from cases.services.errors import Refused
from cases.views.common import acting, local_day, put_refusal
from cases.workdays import load_calendar

UNPROCESSABLE = 422


def _show(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    viewer, on = acting(request), local_day(acting(request))
    calendar = load_calendar(viewer.institution.region)
    key = request.GET.get("officer", "")
    context = {
        "loads": team_load(viewer, on, calendar),
        "rows": team_cases(viewer, key, on, calendar),
        "only": key,
        "reassign_form": ReassignForm(viewer=viewer, on=on, auto_id="give_%s"),
        "left_form": LeftForm(viewer=viewer, on=on, auto_id="left_%s"),
        **forms,
    }
    return render(request, "cases/team.html", context, status=status)


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Load per officer and the open cases with who handles them; ``?officer=`` one officer's, ``none`` nobody's."""
    return _show(request)


@require_POST
def team_give(request: HttpRequest) -> HttpResponse:
    """Give the chosen cases on; with ``everything`` all that the page shows (of the officer ``only``)."""
    viewer, on, answers = acting(request), local_day(acting(request)), request.POST.copy()
    if answers.get("everything"):
        shown = team_cases(viewer, answers.get("only", ""), on, load_calendar(viewer.institution.region))
        answers.setlist("cases", [row["case"].number for row in shown])
    form = ReassignForm(answers, viewer=viewer, on=on, auto_id="give_%s")
    if form.is_valid():
        try:
            chosen = form.cleaned_data
            found = reassign(actor=viewer, cases=chosen["cases"], officer=chosen["officer"], reason=chosen["reason"])
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return _told(request, found)
    return _show(request, UNPROCESSABLE, reassign_form=form)


@require_POST
def team_left(request: HttpRequest) -> HttpResponse:
    """End an officer's desk and hand over what they handle."""
    viewer = acting(request)
    form = LeftForm(request.POST, viewer=viewer, on=local_day(viewer), auto_id="left_%s")
    if form.is_valid():
        try:
            found = officer_left(actor=viewer, **form.cleaned_data)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return _told(request, found)
    return _show(request, UNPROCESSABLE, left_form=form)


def _told(request: HttpRequest, found: Reassigned) -> HttpResponse:
    done = len(found.done)
    messages.success(request, ngettext("%(n)d case was given on.", "%(n)d cases were given on.", done) % {"n": done})
    for case, sentence in found.refused:
        messages.warning(request, _("%(number)s: %(why)s") % {"number": case.number, "why": sentence})
    return redirect("cases:team")
