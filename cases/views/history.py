"""The history for auditors: search, before and after, who read what, and checking it. No page here changes a case."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.audit.findings import day_and_time
from cases.audit.verify import Verification
from cases.models import Case, Event
from cases.selectors.history import act_of, changes_of, search
from cases.services.access import exported
from cases.services.checkpoint import latest_head, outside, public_keys
from cases.services.saved_views import kept_query, saved_views
from cases.views.common import acting

ROWS = 50
SHOWN = 10


class HistoryFilter(forms.Form):
    """What to look for."""

    q = forms.CharField(label=_("Person, NIP, case, institution or act"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Event.Kind.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Events the auditor may read, newest first."""
    officer = acting(request)
    form = HistoryFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(search(officer, asked), ROWS).get_page(request.GET.get("page"))
    query = kept_query(request.GET.urlencode())
    rows: list[dict[str, Any]] = [
        {
            "event": event,
            "at": day_and_time(event.at, officer.institution.timezone),
            "act": act_of(event),
            "changes": changes_of(event),
            "place": getattr(getattr(event, "leaf", None), "index", None),
        }
        for event in page
    ]
    context = {"form": form, "rows": rows, "page_obj": page, "query": query, "head": latest_head()}
    context["views"] = saved_views(officer, "history")
    return render(request, "cases/history.html", context)


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
    context = {"case": case, "result": result, "sentences": sentences, "head": latest_head()}
    return render(request, "cases/history_check.html", context)


@never_cache
@require_safe
def history_heads(request: HttpRequest) -> FileResponse:
    """The signed heads, to be kept where nobody at the portal can reach them; empty before the first one."""
    path = outside().heads_file
    head = latest_head()
    exported(what="heads", actor=acting(request), count=head.size if head else 0)
    content = path.open("rb") if path.exists() else io.BytesIO()
    return FileResponse(content, as_attachment=True, filename="heads.jsonl", content_type="application/jsonl")
