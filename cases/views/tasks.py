"""``/``: what waits for the acting desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.formats import long_date
from cases.selectors.facets import FacetedList
from cases.selectors.tasks import TaskList
from cases.services.assign import leads
from cases.services.drafts import drafts_of
from cases.services.saved_views import views_of
from cases.views.common import local_day
from cases.workdays import load_calendar
from cases.workflow import INTAKE, STATE, desks, states_on_desk


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The queue in four groups; filters live in the address. A desk that sees no case is told so."""
    officer = getattr(request, "officer", None)
    if officer is None:
        return render(request, "cases/tasks.html", {"groups": [], "no_desk": True})
    on = local_day(officer)
    shown = TaskList(request.GET, officer=officer, on=on, calendar=load_calendar(officer.institution.region))
    say_unknown(request, shown)
    request.desk_counts = shown.desk_counts  # type: ignore[attr-defined]
    views = views_of(officer, page="tasks")
    for view in views:
        view.count = shown.count_of(view.query)
    may_file = officer.desk == INTAKE.by
    return render(
        request,
        "cases/tasks.html",
        {
            "list": shown,
            "groups": shown.groups(request.GET.get("page")),
            "only": shown.only,
            "views": views,
            "query": shown.query(),
            "date": long_date(on, weekday=True),
            "counts": shown.group_counts,
            "mine": shown.waiting_here,
            "comes_here": [_(STATE[name].label) for name in states_on_desk(officer.desk)],
            "reads_only": officer.desk not in desks(),
            "may_file": may_file,
            "drafts": drafts_of(officer) if may_file else [],
            "loads": shown.loads() if leads(officer) and not shown.chosen else [],
        },
    )


def say_unknown(request: HttpRequest, shown: FacetedList) -> None:
    """Tell which filters of the address nobody knows; they were left out."""
    for label, value in shown.unknown:
        messages.warning(
            request,
            _("The filter “%(name)s: %(value)s” does not exist; it was left out.") % {"name": label, "value": value},
        )
