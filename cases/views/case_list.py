"""``/cases/``: every case the acting desk may see."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.selectors.case_list import DEFAULT_ORDER, ORDERS, CaseFilter, ordered, row
from cases.views.common import acting, local_day
from cases.workdays import load_calendar
from cases.workflow import INTAKE

ROWS = 25


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Search, filters, order and page live in the address. A number, NIP or letter number typed in full opens it."""
    officer = acting(request)
    on = local_day(officer)
    filters = CaseFilter(request.GET, officer=officer, on=on)
    if hit := filters.exact_hit():
        return redirect(hit)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else DEFAULT_ORDER
    page = Paginator(ordered(filters.qs, order), ROWS).get_page(request.GET.get("page"))
    calendar = load_calendar(officer.institution.region)
    query = request.GET.copy()
    query.pop("page", None)
    narrowed = any(value for key, value in query.items() if key != "order")
    return render(
        request,
        "cases/list.html",
        {
            "filters": filters,
            "rows": [row(case, on, calendar) for case in page],
            "page_obj": page,
            "query": query.urlencode(),
            "order": order,
            "orders": [(key, label) for key, (_columns, label) in ORDERS.items()],
            "narrowed": narrowed,
            "may_file": officer.desk == INTAKE.by,
        },
    )
