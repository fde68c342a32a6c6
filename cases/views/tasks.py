"""``/``: what waits for the acting desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.formats import long_date
from cases.selectors.tasks import GROUPS, groups_for
from cases.selectors.team import team_load
from cases.services.assign import leads
from cases.views.common import local_day
from cases.workdays import load_calendar
from cases.workflow import INTAKE, desks


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The queue in four groups; ``?group=`` shows one of them page by page. A desk that sees no case is told so."""
    officer = getattr(request, "officer", None)
    if officer is None:
        return render(request, "cases/tasks.html", {"groups": [], "no_desk": True})
    on = local_day(officer)
    only = request.GET.get("group", "")
    only = only if only in GROUPS else ""
    groups = groups_for(officer, on, only=only, page=request.GET.get("page"))
    return render(
        request,
        "cases/tasks.html",
        {
            "groups": groups,
            "only": only,
            "date": long_date(on, weekday=True),
            "mine": sum(group.count for group in groups if group.key != "waiting"),
            "reads_only": officer.desk not in desks(),
            "may_file": officer.desk == INTAKE.by,
            "loads": team_load(officer, on, load_calendar(officer.institution.region)) if leads(officer) else [],
        },
    )
