"""Notices: the page, what was read, how e-mail comes; the calendar and its feed."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.models import CalendarFeed, Notice
from cases.notices import NOTICE_KINDS
from cases.selectors.calendar import month, month_of
from cases.selectors.notices import choice_rows, notice_page
from cases.services.calendar_feed import feed_of, make_feed, officer_of, revoke_feed
from cases.services.errors import Refused
from cases.services.notify import choose, mark_read
from cases.views.common import acting, local_day
from cases.workdays import load_calendar


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Notices, newest first; ``?unread=1`` only the new ones. Below: how e-mail about each kind comes."""
    officer = acting(request)
    unread = request.GET.get("unread") == "1"
    page, rows = notice_page(officer, unread=unread, page=request.GET.get("page"))
    context = {"page_obj": page, "rows": rows, "unread": unread, "choices": choice_rows(officer)}
    return render(request, "cases/notices.html", context)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all notices as read, or open one: mark it and go to its case."""
    officer = acting(request)
    if one := request.POST.get("notice", ""):
        notice = Notice.objects.filter(officer=officer, pk=one).select_related("case").first() if _is_id(one) else None
        if notice is None:
            raise Http404
        mark_read(officer=officer, ids=[notice.pk])
        return redirect(notice.case)
    mark_read(officer=officer)
    return redirect("cases:notices")


def _is_id(text: str) -> bool:
    return len(text) == 36 and all(c in "0123456789abcdef-" for c in text)


@require_POST
def notices_choose(request: HttpRequest) -> HttpResponse:
    """Keep how e-mail about each kind is to come."""
    officer = acting(request)
    try:
        for kind in NOTICE_KINDS:
            if delivery := request.POST.get(kind.name):
                choose(officer=officer, kind=kind.name, delivery=delivery)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Your choices were kept."))
    return redirect(f"{reverse('cases:notices')}#choices")


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of due dates of the acting desk; ``?month=2024-11``."""
    officer, today = acting(request), local_day(acting(request))
    first = month_of(request.GET.get("month", ""), today)
    drawn = month(officer, first, today, load_calendar(officer.institution.region))
    has_feed = CalendarFeed.objects.filter(officer=officer, revoked_at__isnull=True).exists()
    return render(request, "cases/calendar.html", {"month": drawn, "has_feed": has_feed})


@require_POST
def feed_change(request: HttpRequest) -> HttpResponse:
    """Make a new secret address (shown once), or revoke it."""
    officer = acting(request)
    if request.POST.get("do") == "revoke":
        revoke_feed(officer=officer)
        messages.success(request, _("The calendar address no longer works."))
        return redirect("cases:calendar")
    address = f"{settings.BASE_URL}{reverse('cases:feed', args=[make_feed(officer=officer)])}"
    return render(request, "cases/feed.html", {"address": address})


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Due dates for a calendar program; the secret in the address is the key. 404 for any other."""
    officer = officer_of(token)
    if officer is None:
        raise Http404
    response = HttpResponse(feed_of(officer), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
