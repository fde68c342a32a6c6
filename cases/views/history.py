"""The history for auditors: search, before and after, who read what, checking it. No page here changes a case."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.audit.findings import Finding
from cases.audit.verify import Verification
from cases.formats import day_and_time
from cases.models import Case, Event, HistoryJob
from cases.selectors.acts import act_of, labels
from cases.selectors.history import changes_of, finding_shown, read_of, search, titles_read
from cases.services.access import exported
from cases.services.checkpoint import latest_head, outside, public_keys
from cases.services.errors import NotVisible
from cases.services.history_jobs import FINDING, ask_bundle, ask_check, bundle_taken, progress_of
from cases.services.saved_views import kept_query, saved_views
from cases.views.common import acting

ROWS = 50
SHOWN = 10


def _acts() -> list[tuple[str, Any]]:
    return [("", _("All")), *sorted(labels().items(), key=lambda pair: pair[1].casefold())]


class HistoryFilter(forms.Form):
    """What to look for."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    person = forms.CharField(label=_("Person or NIP"), required=False, max_length=150)
    case = forms.CharField(label=_("Case number"), required=False, max_length=80)
    institution = forms.CharField(label=_("Institution"), required=False, max_length=150)
    act = forms.ChoiceField(label=_("Act"), required=False, choices=lazy(_acts, list))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Event.Kind.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Events the auditor may read, newest first."""
    officer = acting(request)
    form = HistoryFilter(request.GET)
    form.is_valid()  # what is wrong is said at its field; the rest still filters
    page = Paginator(search(officer, form.cleaned_data), ROWS).get_page(request.GET.get("page"))
    query, zone, known = kept_query(request.GET.urlencode()), officer.institution.timezone, labels()
    titles = titles_read(page, officer)
    rows: list[dict[str, Any]] = [
        {
            "event": event,
            "at": day_and_time(event.at, zone),
            "act": act_of(event, known),
            "read": read_of(event, titles),
            "changes": changes_of(event, zone),
        }
        for event in page
    ]
    head = latest_head()
    context = {"form": form, "rows": rows, "page_obj": page, "query": query, "head": head, **_told(head, zone)}
    context["views"] = saved_views(officer, "history")
    context["jobs"] = HistoryJob.objects.filter(officer=officer).select_related("case")[:5]
    return render(request, "cases/history.html", context)


def _told(head: Any, zone: str) -> dict[str, Any]:
    return {"head_at": day_and_time(head.signed_at, zone) if head else ""}


@never_cache
@require_safe
def history_check(request: HttpRequest, number: str = "") -> HttpResponse:
    """Check one case's history and the whole tree now, and say the result in words."""
    officer = acting(request)
    case = Case.objects.visible_to(officer).filter(number=number).first()
    if case is None:
        raise Http404
    result = Verification(outside=outside(), keys=public_keys(), case_number=number).run()
    sentences = [finding.sentence() for finding in sorted(result.findings, key=lambda found: found.order)[:SHOWN]]
    head = latest_head()
    context = {"case": case, "result": result, "sentences": sentences, "head": head}
    return render(request, "cases/history_check.html", {**context, **_told(head, officer.institution.timezone)})


@require_POST
def history_check_all(request: HttpRequest) -> HttpResponse:
    """Have everything checked in the background; to the page that shows how far it is."""
    return redirect("cases:history_job", job_id=ask_check(actor=acting(request)).pk)


@require_POST
def history_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Have the bundle of a case made in the background; 404 for a case this auditor does not see."""
    officer = acting(request)
    case = Case.objects.visible_to(officer).filter(number=number).first()
    if case is None:
        raise Http404
    return redirect("cases:history_job", job_id=ask_bundle(actor=officer, case=case).pk)


def _own(request: HttpRequest, job_id: uuid.UUID) -> HistoryJob:
    job = HistoryJob.objects.filter(pk=job_id, officer=acting(request)).select_related("case").first()
    if job is None:
        raise Http404
    return job


@never_cache
@require_safe
def history_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """How far one's own check or bundle is, and what came of it; asks again by itself where JavaScript runs."""
    job, officer = _own(request, job_id), acting(request)
    findings = [Finding(**{name: one[name] for name in FINDING}) for one in job.result.get("list", ())]
    shown = [found for found in findings if finding_shown(found, officer)]
    context = {
        "job": job,
        "progress": progress_of(job) if job.status == HistoryJob.Status.RUNNING else {},
        "going": job.status in (HistoryJob.Status.PENDING, HistoryJob.Status.RUNNING),
        "sentences": [found.sentence() for found in shown[:SHOWN]],
        "hidden": int(job.result.get("findings", 0)) - len(shown[:SHOWN]),
        "asked": day_and_time(job.created_at, officer.institution.timezone),
        "finished": day_and_time(job.finished_at, officer.institution.timezone) if job.finished_at else "",
    }
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "job"
    return render(request, "cases/_history_job.html" if part else "cases/history_job.html", context)


@never_cache
@require_safe
def history_bundle_file(request: HttpRequest, job_id: uuid.UUID) -> FileResponse:
    """The finished bundle, for whoever asked for it; on record before the first byte."""
    job = _own(request, job_id)
    try:
        bundle_taken(job=job, actor=acting(request))
        content = job.file.open("rb")
    except (NotVisible, FileNotFoundError) as error:
        raise Http404 from error
    name = f"{job.case.number if job.case else 'history'}.zip"
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_safe
def history_heads(request: HttpRequest) -> FileResponse:
    """The signed heads, to be kept where nobody at the portal can reach them; empty before the first one."""
    path = outside().heads_file
    head = latest_head()
    exported(what="heads", actor=acting(request), count=head.size if head else 0)
    content = path.open("rb") if path.exists() else io.BytesIO()
    return FileResponse(content, as_attachment=True, filename="heads.jsonl", content_type="application/jsonl")
