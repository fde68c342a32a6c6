"""``/cases/new/``: a report or finding is taken in, page by page, kept as a draft until it is filed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Officer
from cases.forms.intake import PARTS, IntakeForm
from cases.models import Case
from cases.selectors.intake_pages import hints, pages, read_back
from cases.services.drafts import (
    Opened,
    add_file,
    drafts_of,
    file_draft,
    open_draft,
    remove_file,
    save_draft,
    throw_away,
)
from cases.services.errors import NotVisible, Refused, Stale
from cases.services.intake import filed_as
from cases.views.common import acting, local_day, put_refusal

FIRST, *_MIDDLE, LAST = PARTS
CONFLICT, UNPROCESSABLE = 409, 422


@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """A new report's first page. Nothing is kept before something is typed; drafts begun earlier stand above."""
    officer = acting(request)
    return _show(request, Opened(uuid.uuid4(), officer.institution.timezone), FIRST, others=drafts_of(officer))


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, key: uuid.UUID, part: str) -> HttpResponse:
    """One page of a draft. Every button keeps what was typed; the last page files it."""
    officer = acting(request)
    if part not in PARTS:
        raise Http404
    opened = _open(officer, key)
    if opened.row is None and (cases := filed_as(actor=officer, filing=key)):
        return _filed(cases)
    if opened.row is None and (request.method != "POST" or part != FIRST):
        messages.warning(request, _("This draft was deleted or never saved. Begin a new one here."))
        return redirect("cases:new")
    if request.method != "POST":
        return _show(request, opened, part)
    if part == LAST:
        return _file(request, officer, opened)
    return _save(request, officer, opened, part)


@require_POST
def draft_hints(request: HttpRequest, part: str) -> HttpResponse:
    """What can be said about the answers being typed; nothing is kept."""
    if part not in PARTS:
        raise Http404
    officer = acting(request)
    form = IntakeForm(request.POST, on=local_day(officer), part=part)
    values = _opened_values(officer, request.POST.get("draft", "")) | form.typed()
    return render(request, "cases/new/_hints.html", {"form": form, "part": part, "hints": hints(officer, form, values)})


@require_POST
def draft_delete(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    officer = acting(request)
    opened = _open(officer, key)
    if opened.row is None:
        raise Http404
    throw_away(opened.row)
    messages.success(request, _("The draft was deleted, with its files."))
    return redirect("cases:new")


@require_POST
def draft_file_delete(request: HttpRequest, key: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Take a file out of a draft."""
    try:
        remove_file(draft=_open(acting(request), key), file_id=file_id)
    except NotVisible as error:
        raise Http404 from error
    messages.success(request, _("The file was removed."))
    return redirect("cases:draft", key=key, part="evidence")


def _open(officer: Officer, key: uuid.UUID) -> Opened:
    try:
        return open_draft(officer=officer, key=key)
    except NotVisible as error:
        raise Http404 from error


def _opened_values(officer: Officer, key: str) -> dict[str, Any]:
    """What the draft holds on its other pages; empty when it was not saved yet."""
    try:
        return dict(open_draft(officer=officer, key=uuid.UUID(key)).values)
    except (ValueError, NotVisible):
        return {}


def _save(request: HttpRequest, officer: Officer, opened: Opened, part: str) -> HttpResponse:
    form = IntakeForm(request.POST, request.FILES, on=local_day(officer), part=part)
    asked = request.POST.get("do", "next")
    try:
        typed = form.typed()
        opened = save_draft(officer=officer, key=opened.key, values=typed, typing=asked == "auto", **_page(request))
    except Stale as stale:
        if asked == "auto":
            return render(request, "cases/new/_saved.html", {"conflict": stale.sentence})
        return _show(request, opened, part, form=form, conflict=stale.sentence, status=CONFLICT)
    except Refused as refusal:
        if asked == "auto":
            return render(request, "cases/new/_saved.html", {"conflict": refusal.sentence})
        form.add_error(None, refusal.sentence)
        return _show(request, opened, part, form=form, status=UNPROCESSABLE)
    if asked == "auto":
        return render(request, "cases/new/_saved.html", {"draft": opened})
    kept_files = _keep_files(request, opened, form)
    if asked == "look":
        if part == "reported":
            opened = _filled_from_registry(request, officer, opened, form)
        return _show(request, opened, part)
    if not kept_files or (asked == "next" and not form.is_valid()):
        return _show(request, opened, part, form=form, status=UNPROCESSABLE)
    goal = _goal(asked, part)
    if goal == part:
        messages.success(request, _("The draft was saved."))
    return redirect("cases:draft", key=opened.key, part=goal)


def _goal(asked: str, part: str) -> str:
    """Which page a button leads to."""
    order = list(PARTS)
    if asked == "next":
        return order[order.index(part) + 1]
    wanted = asked.removeprefix("go:")
    return wanted if wanted in PARTS else part


def _page(request: HttpRequest) -> dict[str, Any]:
    """The page that was typed on: its token, and the save it was drawn from."""
    version = request.POST.get("version", "")
    return {
        "page": request.POST.get("token", "")[:40],
        "version": int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
        "over": request.POST.get("over") == "1",
    }


def _keep_files(request: HttpRequest, opened: Opened, form: IntakeForm) -> bool:
    """Put uploaded files into the draft; False when one of them was not kept and the page must say why."""
    if "evidence" not in form.fields or not request.FILES:
        return True
    form.is_valid()
    try:
        for row in form.cleaned_data.get("evidence") or []:
            add_file(draft=opened, title=row["title"], checked=row["checked"])
    except Refused as refusal:
        form.add_error("evidence", refusal.sentence)
    return "evidence" not in form.errors


def _filled_from_registry(request: HttpRequest, officer: Officer, opened: Opened, form: IntakeForm) -> Opened:
    """The draft with empty cells of the people found filled from the registry."""
    rows = opened.values["reported"]
    known = {reading.nip.digits: reading.employee for reading in hints(officer, form, opened.values)["readings"]
             if reading.nip and reading.employee}  # fmt: skip
    for row in rows:
        if employee := known.get("".join(filter(str.isdigit, str(row["nip"])))):
            for column in ("name", "position", "unit"):
                row[column] = row[column] or getattr(employee, column)
    page = _page(request) | {"version": opened.version}
    return save_draft(officer=officer, key=opened.key, values={"reported": rows}, **page)


def _file(request: HttpRequest, officer: Officer, opened: Opened) -> HttpResponse:
    form = IntakeForm(opened.values, on=local_day(officer))
    if _page(request)["version"] != opened.version:
        sentence = _("This draft was saved in another window since you opened this page. Read it again before filing.")
        return _show(request, opened, LAST, form=form, conflict=sentence, status=CONFLICT)
    if form.is_valid():
        try:
            cases = file_draft(officer=officer, draft=opened, arguments=form.arguments)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(
                request,
                ngettext("%(n)d case was opened.", "%(n)d cases were opened.", len(cases)) % {"n": len(cases)},
            )
            return _filed(cases)
    return _show(request, opened, LAST, form=form, status=UNPROCESSABLE)


def _filed(cases: Sequence[Case]) -> HttpResponse:
    if len(cases) == 1:
        return redirect("cases:detail", number=cases[0].number)
    return redirect(f"{reverse('cases:list')}?{urlencode({'q': cases[0].report.number})}")


def _show(
    request: HttpRequest,
    opened: Opened,
    part: str,
    *,
    form: IntakeForm | None = None,
    conflict: str = "",
    others: Sequence[Opened] = (),
    status: int = 200,
) -> HttpResponse:
    """Draw a page of the draft: its form, or on the last page everything read back."""
    officer, last = acting(request), part == LAST
    if form is None:
        on = local_day(officer)
        if last:
            form = IntakeForm(opened.values, on=on)
        else:
            form = IntakeForm(on=on, part=part, initial={"origin": "REPORT"} | opened.values)
    context = {
        "form": form,
        "draft": opened,
        "part": part,
        "token": uuid.uuid4().hex,
        "version": _page(request)["version"] if conflict and not last else opened.version,
        "pages": pages(opened, part),
        "conflict": conflict,
        "others": others,
        "hints": hints(officer, form, opened.values | ({} if last else form.typed() if form.is_bound else {})),
        "sections": read_back(form, opened, officer) if last else [],
        "ready": last and form.is_valid(),
        "previous": list(PARTS)[max(0, list(PARTS).index(part) - 1)],
    }
    return render(request, "cases/new.html", context, status=status)
