"""Letters: the list, one letter in the browser, its bytes, and a second try for one that failed."""

from __future__ import annotations

import uuid
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from cases.formats import clock_time, long_date
from cases.letters.kinds import KINDS
from cases.models import Letter
from cases.selectors.case_page import letter_item
from cases.services.access import letter_read
from cases.services.letters import retry_letter
from cases.views.common import acting
from cases.views.files import private

ROWS = 25
#: A letter shown in our own page: framed by us, running nothing. The browsers' own viewers work inside the sandbox.
PDF_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def _find(request: HttpRequest, letter_id: uuid.UUID) -> Letter:
    rows = Letter.objects.visible_to(acting(request)).select_related("institution", "case", "event")
    letter: Letter = get_object_or_404(rows.distinct(), pk=letter_id)
    return letter


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Letters issued by or held by the acting institution, newest first."""
    rows = Letter.objects.visible_to(acting(request)).defer("context").select_related("institution", "case")
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(case__subject_name__icontains=text) | Q(case__number__icontains=text)
        )
    page = Paginator(rows.order_by("-dated_on", "-created_at", "-pk"), ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "cases/letters.html",
        {
            "rows": [{"letter": letter, **letter_item(letter)} for letter in page],
            "page_obj": page,
            "query": query.urlencode(),
            "text": text,
        },
    )


@require_safe
@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """One letter: what it is, whether it is made, and the page itself."""
    row = _find(request, letter_id)
    officer = acting(request)
    facts: list[tuple[str, Any]] = [
        (_("Number"), row.number),
        (_("Date"), long_date(row.dated_on, weekday=True)),
        (_("Issued by"), row.institution.short_name),
        (_("Sent to"), ", ".join(institution.short_name for institution in row.addressees.all())),
        (_("Case"), f"{row.case.subject_name}, {row.case}"),
        (_("Pages"), row.pages),
        (_("Issued at"), clock_time(row.created_at, officer.institution.timezone)),
        ("SHA-256", row.sha256),
    ]
    return render(
        request,
        "cases/letter.html",
        {
            "letter": row,
            "title": _(KINDS[row.kind].label),
            "facts": facts,
            "ready": row.status == Letter.Status.READY,
            "failed": row.status == Letter.Status.FAILED,
            "may_retry": row.status == Letter.Status.FAILED and row.institution_id == officer.institution_id,
        },
    )


@never_cache
@require_safe
@xframe_options_sameorigin
def letter_pdf(request: HttpRequest, letter_id: uuid.UUID) -> FileResponse:
    """The bytes. Rights are asked on every request; 404 as long as the letter is not made."""
    row = _find(request, letter_id)
    if row.status != Letter.Status.READY or not row.file:
        raise Http404
    letter_read(letter=row, reader=acting(request))
    name = slugify(row.number.replace("/", "-")) or str(row.pk)
    response = FileResponse(
        row.file.open("rb"),
        content_type="application/pdf",
        filename=f"{name}.pdf",
        as_attachment="download" in request.GET,
    )
    return private(response, PDF_POLICY)


@require_POST
def letter_retry(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """Put a failed letter back to be made; only the institution that issued it."""
    row = _find(request, letter_id)
    if row.institution_id != acting(request).institution_id:
        raise Http404
    retry_letter(row)
    messages.success(request, _("The letter is being made again."))
    return redirect("cases:letter", letter_id=row.pk)
