"""``/cases/``: every case the acting desk may see."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.selectors.case_list import CaseList, headings, row
from cases.selectors.pages import Counted
from cases.services.list_columns import ALWAYS, COLUMNS, choose_columns, columns_of
from cases.services.saved_views import kept_query, saved_views
from cases.views.common import acting, local_day
from cases.views.tasks import say_unknown
from cases.workdays import load_calendar
from cases.workflow import INTAKE

ROWS = 25


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Search, filters, order and page live in the address. A number, NIP or letter number typed in full opens it."""
    officer = acting(request)
    on = local_day(officer)
    shown = CaseList(request.GET, officer=officer, on=on)
    if hit := shown.exact_hit():
        return redirect(hit)
    say_unknown(request, shown)
    if shown.unknown_order:
        messages.warning(request, _("The list cannot be sorted that way; the latest steps come first."))
    page = Counted(shown.ordered(), ROWS, shown.count()).get_page(request.GET.get("page"))
    calendar = load_calendar(officer.institution.region)
    columns = columns_of(officer)
    query = shown.query()
    return render(
        request,
        "cases/list.html",
        {
            "list": shown,
            "text": shown.answers.get("q", ""),
            "hidden": shown.chosen | {"order": request.GET.get("order", "")},
            "rows": [row(case, officer, on, calendar) for case in page],
            "page_obj": page,
            "query": query,
            "narrowed": bool(shown.chosen or shown.answers.get("q")),
            "heads": headings(shown, columns, COLUMNS),
            "columns": columns,
            "choices": [(name, label, name in columns) for name, label in COLUMNS.items() if name != ALWAYS],
            "views": saved_views(officer, "list"),
            "may_file": officer.desk == INTAKE.by,
        },
    )


@require_POST
def list_columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns chosen; back to the same list."""
    choose_columns(officer=acting(request), columns=request.POST.getlist("column"))
    messages.success(request, _("The columns were kept for you."))
    query = kept_query(request.POST.get("query", ""))
    return redirect(f"{reverse('cases:list')}{'?' if query else ''}{query}")
