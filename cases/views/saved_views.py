"""Keeping, renaming and deleting saved views: one door for every list page that has them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.services.errors import NotVisible, Refused
from cases.services.saved_views import PAGES, delete_view, kept_query, rename_view, save_view
from cases.views.common import acting


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filter in ``query`` under ``label`` for ``page``; back to the same list."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    if page not in PAGES:
        raise Http404
    try:
        save_view(officer=acting(request), page=page, label=request.POST.get("label", ""), query=query)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The view was kept."))
    return _back(page, kept_query(query))


@require_POST
def view_change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename (``do=rename``) or delete (``do=delete``) one of one's own saved views; back to its list."""
    officer = acting(request)
    try:
        if request.POST.get("do") == "delete":
            view = delete_view(officer=officer, view_id=view_id)
            messages.success(request, _("The saved view “%(name)s” was deleted.") % {"name": view.label})
            return _back(view.page, "")
        view = rename_view(officer=officer, view_id=view_id, label=request.POST.get("label", ""))
    except NotVisible as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return _back(page if (page := request.POST.get("page", "")) in PAGES else "tasks", "")
    messages.success(request, _("The saved view has a new name."))
    return _back(view.page, view.query)


def _back(page: str, query: str) -> HttpResponse:
    return redirect(f"{reverse(PAGES[page])}{'?' if query else ''}{query}")
