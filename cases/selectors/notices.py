"""The notices page and the bell, read for one officer."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.formats import day_and_time
from cases.models import Case, Notice
from cases.notices import CHOICES, NOTICE_KINDS, allowed_choices
from cases.services.notify import choices_of, unread_count
from cases.services.outbox import sentence_of

__all__ = ["choice_rows", "notice_page", "notices_of", "unread_count"]

PAGE_ROWS = 30


def notices_of(officer: Officer, *, unread: bool = False) -> QuerySet[Notice]:
    """The officer's notices about cases that are still open to them, newest first."""
    rows = Notice.objects.filter(officer=officer, case__in=Case.objects.visible_to(officer)).select_related("case")
    return rows.filter(read_at__isnull=True) if unread else rows


def notice_page(officer: Officer, *, unread: bool, page: str | None) -> tuple[Page[Notice], list[dict[str, Any]]]:
    """One page of notices, and the rows to draw."""
    found = Paginator(notices_of(officer, unread=unread).order_by("-created_at", "pk"), PAGE_ROWS).get_page(page)
    return found, [_row(notice, officer.institution.timezone) for notice in found]


def _row(notice: Notice, zone: str) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "icon": notice.about.icon,
        "label": _(notice.about.label),
        "text": sentence_of(notice),
        "name": notice.case.subject_name,
        "url": notice.case.get_absolute_url(),
        "when": day_and_time(notice.created_at, zone, weekday=True),
        "unread": notice.read_at is None,
        "tone": notice.about.tone,
    }


def choice_rows(officer: Officer) -> list[dict[str, Any]]:
    """How e-mail about each kind comes, with what may be chosen."""
    chosen, words = choices_of(officer), dict(CHOICES)
    return [
        {
            "name": kind.name,
            "label": _(kind.label),
            "legal": kind.legal,
            "choices": [(value, _(words[value]), value == chosen[kind.name]) for value in allowed_choices(kind)],
        }
        for kind in NOTICE_KINDS
    ]
