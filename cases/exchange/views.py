"""One page for the registry of employees, one for taking a list of cases out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import structlog
import tablib
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Officer
from cases.clock import today
from cases.exchange import trial
from cases.exchange.formats import FORMATS
from cases.exchange.forms import ExportForm, UploadForm
from cases.exchange.resources import CaseResource, EmployeeResource
from cases.models import Case
from cases.services.access import exported
from cases.services.errors import Refused
from cases.workflow import states_with

log = structlog.get_logger(__name__)
PAGE = 25


def acting(request: HttpRequest) -> Officer:
    """The acting desk; the permission map lets nobody in without one."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


@require_GET
def employees(request: HttpRequest) -> HttpResponse:
    """The own institution's employees, and the form to bring a file."""
    return _employees(request, UploadForm())


def _employees(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    rows = EmployeeResource(officer=acting(request)).get_queryset()
    total = rows.count()
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(nip__startswith=words.replace(" ", "")))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "words": words,
        "total": total,
        "query": urlencode({"q": words}) if words else "",
    }
    return render(request, "exchange/employees.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def employee_import(request: HttpRequest) -> HttpResponse:
    """Try a file out. A reload or a link leads back to the form."""
    if request.method == "GET":
        return redirect("cases:employees")
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _employees(request, form, status=422)
    upload: UploadedFile = form.cleaned_data["file"]
    try:
        tried = trial.try_out(actor=acting(request), upload=upload)
    except Refused as refusal:
        form.add_error("file", refusal.sentence)
        return _employees(request, form, status=422)
    return _preview(request, tried)


@never_cache
@require_POST
def employee_import_confirm(request: HttpRequest) -> HttpResponse:
    """Write exactly the file that was tried out."""
    try:
        done = trial.confirm(actor=acting(request), ticket=request.POST.get("ticket", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("cases:employees")
    if not done.outcome.ok:  # the registry changed between trial and confirmation; nothing was written
        return _preview(request, done)
    new, changed = done.outcome.count(trial.NEW), done.outcome.count(trial.CHANGED)
    added = ngettext("%(count)d employee added", "%(count)d employees added", new) % {"count": new}
    altered = ngettext("%(count)d changed", "%(count)d changed", changed) % {"count": changed}
    messages.success(request, _("Import done: %(added)s, %(changed)s.") % {"added": added, "changed": altered})
    return redirect("cases:employees")


def _preview(request: HttpRequest, tried: trial.Trial) -> HttpResponse:
    outcome = tried.outcome
    counts: list[dict[str, Any]] = [
        {"name": name, "label": label, "count": outcome.count(name)}
        for name, label in (
            (trial.NEW, _("New")),
            (trial.CHANGED, _("Changed")),
            (trial.SAME, _("Unchanged")),
            (trial.WRONG, _("Wrong")),
        )
    ]
    context = {
        "trial": tried,
        "outcome": outcome,
        "counts": counts,
        "shown": outcome.shown,
        "most": trial.SHOWN,
        "crumbs": [{"url": reverse("cases:employees"), "label": _("Employees")}, {"label": _("Trial of the import")}],
    }
    return render(request, "exchange/preview.html", context, status=200 if outcome.ok else 422)


@require_GET
def employee_template(request: HttpRequest) -> HttpResponse:
    """An empty registry file with the right heads, or the present registry to be corrected and brought back."""
    resource = EmployeeResource(officer=acting(request))
    dataset = resource.export() if request.GET.get("filled") else tablib.Dataset(headers=resource.get_export_headers())
    return _file(dataset, "xlsx", "pegawai")


@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Choose, then take out the list of cases one may see."""
    officer = acting(request)
    if request.method == "GET":
        return _export(request, ExportForm())
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _export(request, form, status=422)
    rows = Case.objects.visible_to(officer)
    if form.cleaned_data["which"]:
        rows = rows.filter(state__in=states_with(final=form.cleaned_data["which"] == "closed"))
    if form.cleaned_data["election"]:
        rows = rows.filter(report__election=form.cleaned_data["election"])
    dataset = CaseResource(officer=officer).export(queryset=rows)
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    exported(what="cases", actor=officer, count=len(dataset), asked=asked)
    log.info("cases_exported", officer=officer.pk, desk=str(officer.desk), rows=len(dataset))
    return _file(dataset, form.cleaned_data["format"], "perkara")


def _export(request: HttpRequest, form: ExportForm, *, status: int = 200) -> HttpResponse:
    count = Case.objects.visible_to(acting(request)).count()
    return render(request, "exchange/export.html", {"form": form, "count": count}, status=status)


def _file(dataset: tablib.Dataset, kind: str, name: str) -> HttpResponse:
    writer = FORMATS[kind]()
    response = HttpResponse(writer.export_data(dataset), content_type=writer.get_content_type())
    response["Content-Disposition"] = f'attachment; filename="{name}-{today().isoformat()}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response
