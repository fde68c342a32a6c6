"""The days off: a year of them, a decree that adds or withdraws one, and the update from the shipped calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases.catalogue.loader import YEARS
from cases.forms.holidays import DayOffForm, WorkingDayForm
from cases.models import Holiday
from cases.selectors.holidays import days_off, differing, year_of
from cases.services.errors import Refused
from cases.services.holidays import Changed, add_day, update_from_source, withdraw_day, would_change
from cases.views.common import acting, local_day, put_refusal

UNPROCESSABLE = 422


def _show(request: HttpRequest, year: int, status: int = 200, **more: Any) -> HttpResponse:
    found = differing(year)
    context = {
        "year": year,
        "before": year - 1 if year - 1 in YEARS else None,
        "after": year + 1 if year + 1 in YEARS else None,
        "rows": days_off(year),
        "differences": found,
        "add_form": DayOffForm(auto_id="add_%s"),
        **more,
    }
    return render(request, "cases/holidays.html", context, status=status)


@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    """A year of days off; ``?year=``; ``?withdraw=`` asks for the decree that makes one a working day."""
    year = year_of(request.GET.get("year", ""), local_day(acting(request)))
    key = request.GET.get("withdraw", "")
    row = Holiday.objects.filter(pk=int(key), withdrawn=False).first() if key.isdecimal() and len(key) < 10 else None
    if row is None:
        return _show(request, year)
    form = WorkingDayForm(initial={"holiday": row.pk}, auto_id="withdraw_%s")
    moves = would_change(date=row.date, region=row.region, off=False)
    return _show(request, row.date.year, withdraw=row, withdraw_form=form, effect=_effect(moves))


@require_POST
def holiday_add(request: HttpRequest) -> HttpResponse:
    """Add a day; ``do=look`` only says what it would move."""
    viewer = acting(request)
    form = DayOffForm(request.POST, auto_id="add_%s")
    year = year_of(request.POST.get("date", "")[:4], local_day(viewer))
    if not form.is_valid():
        return _show(request, year, UNPROCESSABLE, add_form=form)
    answers = form.cleaned_data
    if request.POST.get("do") == "look":
        moves = would_change(date=answers["date"], region=answers["region"], off=True)
        return _show(request, answers["date"].year, add_form=form, add_effect=_effect(moves))
    try:
        changed = add_day(actor=viewer, **answers)
    except Refused as refusal:
        put_refusal(form, refusal)
        return _show(request, year, UNPROCESSABLE, add_form=form)
    return _told(request, answers["date"].year, changed)


@require_POST
def holiday_withdraw(request: HttpRequest) -> HttpResponse:
    """Make a day off a working day after all."""
    form = WorkingDayForm(request.POST, auto_id="withdraw_%s")
    form.is_valid()
    row = Holiday.objects.filter(pk=form.cleaned_data.get("holiday") or 0, withdrawn=False).first()
    if row is None:
        raise Http404
    if form.is_valid():
        try:
            changed = withdraw_day(
                actor=acting(request), date=row.date, kind=row.kind, region=row.region,
                decree=form.cleaned_data["decree"],
            )  # fmt: skip
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return _told(request, row.date.year, changed)
    moves = would_change(date=row.date, region=row.region, off=False)
    return _show(request, row.date.year, UNPROCESSABLE, withdraw=row, withdraw_form=form, effect=_effect(moves))


@require_POST
def holiday_update(request: HttpRequest) -> HttpResponse:
    """Take over what the page showed as differing."""
    viewer = acting(request)
    year = year_of(request.POST.get("year", ""), local_day(viewer))
    return _told(request, year, update_from_source(actor=viewer, years=[year]))


def _effect(moves: int) -> str:
    if not moves:
        return _("No running deadline would move.")
    text = ngettext("%(n)d running deadline would move.", "%(n)d running deadlines would move.", moves)
    return text % {"n": moves}


def _told(request: HttpRequest, year: int, changed: Changed) -> HttpResponse:
    days = ngettext("%(n)d day was changed.", "%(n)d days were changed.", changed.days) % {"n": changed.days}
    moved = len(changed.events)
    text = ngettext("%(n)d deadline was recomputed.", "%(n)d deadlines were recomputed.", moved) % {"n": moved}
    messages.success(request, f"{days} {text}")
    return redirect(f"{reverse('cases:holidays')}?year={year}")
