"""``/cases/new/``: a report or finding is taken in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.forms.intake import IntakeForm
from cases.models import Case, Employee
from cases.services.errors import Refused
from cases.services.intake import filed_as, take_in
from cases.views.common import acting, local_day, put_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Intake. ``lookup`` only looks the typed NIPs up; otherwise all or nothing is filed."""
    officer = acting(request)
    on = local_day(officer)
    if request.method != "POST":
        return _show(request, IntakeForm(on=on, initial={"origin": "REPORT"}), once=uuid.uuid4())
    once = _page_number(request)
    if cases := filed_as(actor=officer, filing=once):
        return _filed(cases)
    form = IntakeForm(request.POST, request.FILES, on=on)
    if "lookup" in request.POST:
        known, unknown = _registry(form)
        return _show(request, _with_registry(form, known), once=once, employees=known, unknown=unknown)
    if form.is_valid():
        try:
            cases = take_in(actor=officer, filing=once, **form.arguments)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(
                request,
                ngettext("%(n)d case was opened.", "%(n)d cases were opened.", len(cases)) % {"n": len(cases)},
            )
            return _filed(cases)
    known, unknown = _registry(form)
    return _show(request, form, once=once, employees=known, unknown=unknown, status=422)


def _registry(form: IntakeForm) -> tuple[list[Employee], list[str]]:
    """Who the typed NIPs are, and well-formed NIPs that nobody in the registry has."""
    typed = form.typed_nips()
    known = list(Employee.objects.select_related("employer").filter(nip__in=typed))
    return known, sorted(set(typed) - {employee.nip for employee in known})


def _with_registry(form: IntakeForm, employees: list[Employee]) -> IntakeForm:
    """The same form, unjudged, with empty cells of the people found filled from the registry."""
    typed = {name: field.widget.value_from_datadict(form.data, {}, name) for name, field in form.fields.items()}
    known = {employee.nip: employee for employee in employees}
    for row in typed["reported"]:
        if employee := known.get("".join(filter(str.isdigit, str(row["nip"])))):
            for column in ("name", "position", "unit"):
                row[column] = row[column] or getattr(employee, column)
    return IntakeForm(on=form.on, initial=typed)


def _page_number(request: HttpRequest) -> uuid.UUID:
    """The number the page was drawn with; a page without one counts as new."""
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid.uuid4()


def _filed(cases: Sequence[Case]) -> HttpResponse:
    if len(cases) == 1:
        return redirect("cases:detail", number=cases[0].number)
    return redirect(f"{reverse('cases:list')}?{urlencode({'q': cases[0].report.number})}")


def _show(
    request: HttpRequest,
    form: IntakeForm,
    *,
    once: uuid.UUID,
    employees: Sequence[Employee] = (),
    unknown: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "once": once,
        "employees": employees,
        "unknown": unknown,
        "title": _("New report or finding"),
    }
    return render(request, "cases/new.html", context, status=status)
