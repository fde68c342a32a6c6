"""Letters: the list, one letter in the browser, its bytes, and what may be done to it once it is issued."""

from __future__ import annotations

import uuid
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from cases.forms.letters import REPLACE, DeliveryForm, WithdrawForm
from cases.models import Letter
from cases.selectors.case_page import letter_item
from cases.selectors.letter_page import LetterPage
from cases.selectors.searching import letters_with
from cases.services.access import letter_read
from cases.services.delivery import record_delivery
from cases.services.errors import NotVisible, OutOfOrder, Refused, WrongDesk
from cases.services.letters import retry_letter
from cases.services.withdraw import replace_letter, withdraw_letter
from cases.views.case import CONFLICT, UNPROCESSABLE
from cases.views.common import acting, put_refusal
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
    text = request.GET.get("q", "").strip()
    rows = letters_with(text, acting(request)).defer("context").select_related("institution", "case")
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


def _show(request: HttpRequest, page: LetterPage, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "letter": page.letter, "withdraw_form": None, "delivery_form": None}
    if page.may_withdraw:
        context["withdraw_form"] = WithdrawForm(texts=page.texts, auto_id="withdraw_%s")
    if page.may_deliver:
        context["delivery_form"] = DeliveryForm(open_to=page.open_copies, auto_id="delivery_%s")
    return render(request, "cases/letter.html", {**context, **more}, status=status)


@require_safe
@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """One letter: what it is, whether it is made and in force, who got it, and the page itself."""
    return _show(request, LetterPage(_find(request, letter_id), acting(request)))


@require_POST
@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter_withdraw(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """Take a letter out of force, with or without a corrected one in its place; 404 where it is not offered."""
    page = LetterPage(_find(request, letter_id), acting(request))
    if not page.letter.is_void and not page.may_withdraw:
        raise Http404
    form = WithdrawForm(request.POST, texts=page.texts, auto_id="withdraw_%s")
    if form.is_valid():
        told = {"letter": page.letter, "actor": acting(request), "reason": form.cleaned_data["why"]}
        try:
            if form.cleaned_data["then"] == REPLACE:
                shown = replace_letter(**told, texts=form.texts())
            else:
                withdraw_letter(**told)
                shown = page.letter
        except NotVisible as refusal:
            raise Http404 from refusal
        except OutOfOrder as refusal:
            return _show(request, _again(request, letter_id), CONFLICT, refusal=refusal.sentence)
        except Refused as refusal:
            form.add_error("why", refusal.sentence)
        else:
            messages.success(request, _("The letter %(number)s was withdrawn.") % {"number": page.letter.number})
            return redirect("cases:letter", letter_id=shown.pk)
    return _show(request, page, UNPROCESSABLE, withdraw_form=form)


@require_POST
@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter_delivery(request: HttpRequest, letter_id: uuid.UUID) -> HttpResponse:
    """Put on record that a copy was received; 404 where it is not offered."""
    page = LetterPage(_find(request, letter_id), acting(request))
    form = DeliveryForm(request.POST, open_to=page.recipients, auto_id="delivery_%s")
    if form.is_valid():
        try:
            record_delivery(letter=page.letter, actor=acting(request), **form.cleaned_data)
        except (NotVisible, WrongDesk) as refusal:
            raise Http404 from refusal
        except OutOfOrder as refusal:
            return _show(request, _again(request, letter_id), CONFLICT, refusal=refusal.sentence)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _("The delivery was recorded."))
            return redirect("cases:letter", letter_id=page.letter.pk)
    elif not page.may_deliver:
        raise Http404
    return _show(request, page, UNPROCESSABLE, delivery_form=form)


def _again(request: HttpRequest, letter_id: uuid.UUID) -> LetterPage:
    return LetterPage(_find(request, letter_id), acting(request))


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
