"""Issuing letters inside a step, rendering them after it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import structlog
from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.roles import Kind
from cases.clock import now
from cases.letters.contexts import build_context
from cases.letters.kinds import KINDS
from cases.letters.rendering import render_pdf
from cases.models import Case, Event, Letter
from cases.querysets import CARRIER_FIELD
from cases.services.numbers import take_number
from cases.services.record import plain
from cases.services.situation import CaseSituation
from cases.workflow import Issue, Step

log = structlog.get_logger(__name__)

#: The task's name, sent by name: tasks import services, never the other way round.
RENDER_TASK = "cases.tasks.render_letter"

#: After this many failures a letter is shown as failed and waits for a person to retry it.
MAX_ATTEMPTS = 3

#: Conditions an Issue may name in ``only_if``.
CONDITIONS: dict[str, Callable[[CaseSituation], bool]] = {
    "has_reporter": lambda s: s.has_reporter,
    # The reporter gets one receipt, however many employees the report names.
    "first_of_report": lambda s: s.has_reporter and not s.case.report.cases.filter(pk__lt=s.case.pk).exists(),
}


def issue_letters(*, step: Step, situation: CaseSituation, event: Event) -> list[Letter]:
    """Create the step's letter rows: number taken under lock, context frozen, rendering left for after the commit."""
    letters: list[Letter] = []
    for issue in step.letters:
        if issue.only_if and not CONDITIONS[issue.only_if](situation):
            continue
        for item in _items(issue, situation):
            letters.append(_issue_one(issue.kind, item, len(letters), situation, event))
    for letter in letters:
        _render_after_commit(letter)
    return letters


def _items(issue: Issue, situation: CaseSituation) -> list[Any]:
    return list((situation.data or {})[issue.each]) if issue.each else [None]


def _issue_one(kind_name: str, item: Any, position: int, situation: CaseSituation, event: Event) -> Letter:
    kind, case, institution = KINDS[kind_name], situation.case, situation.actor.institution
    taken = take_number(institution, kind.series, situation.on, case.report.election.number_code)
    context = build_context(kind, situation=situation, event=event, item=item, number=taken.text)
    letter = Letter.objects.create(
        case=case,
        event=event,
        kind=kind.name,
        position=position,
        institution=institution,
        series=kind.series,
        year=taken.year,
        serial=taken.serial,
        number=taken.text,
        dated_on=situation.on,
        subject=context["subject"],
        sealed=bool(context.get("sealed")),
        template=kind.template,
        context=plain(context),
        created_at=now(),
    )
    letter.addressees.set(_holders(case, (*kind.to, *kind.copies)))
    return letter


def _holders(case: Case, kinds: tuple[Kind, ...]) -> list[int]:
    ids = (getattr(case, f"{CARRIER_FIELD[kind]}_id") for kind in kinds)
    return [pk for pk in dict.fromkeys(ids) if pk is not None]


def _render_after_commit(letter: Letter) -> None:
    """Wake a worker once the row is visible to it. Losing the message costs nothing: the sweeper finds the row."""
    letter_id = str(letter.pk)
    transaction.on_commit(lambda: current_app.send_task(RENDER_TASK, [letter_id], ignore_result=True), robust=True)


def render_letter_now(letter_id: str) -> Letter:
    """Render one letter unless it is ready: bytes and SHA-256 stored, or the reason it failed.

    Safe to call again and from several workers: the row is locked for the two short writes only, never while
    rendering, and the file's name is derived from its hash, so a repeated rendering changes nothing.
    """
    letter = Letter.objects.get(pk=letter_id)
    if letter.status == Letter.Status.READY:
        return letter
    try:
        pdf, pages = render_pdf(letter.template, letter.context)
    except Exception as error:  # whatever the renderer raises is the letter's failure, not the worker's
        log.exception("letter_failed", letter=letter_id, kind=letter.kind)
        return _failed(letter_id, f"{type(error).__name__}: {error}"[:500])
    digest = hashlib.sha256(pdf).hexdigest()
    name = f"letters/{letter.pk.hex[:2]}/{letter.pk.hex}-{digest[:16]}.pdf"
    storage = letter.file.storage
    if not storage.exists(name):
        name = storage.save(name, ContentFile(pdf))
    with transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter_id)
        if locked.status == Letter.Status.READY:
            return locked
        locked.file.name, locked.sha256, locked.pages = name, digest, pages
        locked.status, locked.error, locked.rendered_at = Letter.Status.READY, "", now()
        locked.save(update_fields=["file", "sha256", "pages", "status", "error", "rendered_at"])
        return locked


def _failed(letter_id: str, error: str) -> Letter:
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.status != Letter.Status.READY:
            letter.attempts += 1
            letter.error = error
            if letter.attempts >= MAX_ATTEMPTS:
                letter.status = Letter.Status.FAILED
            letter.save(update_fields=["attempts", "error", "status"])
        return letter


def retry_letter(letter: Letter) -> None:
    """Put a failed letter back into the outbox."""
    with transaction.atomic():
        Letter.objects.filter(pk=letter.pk, status=Letter.Status.FAILED).update(
            status=Letter.Status.PENDING, attempts=0, error=""
        )
        _render_after_commit(letter)


def sweep(*, older_than: dt.timedelta = dt.timedelta(seconds=30), limit: int = 200) -> int:
    """Render what a crash or a lost message left pending; returns how many were made."""
    pending = Letter.objects.filter(status=Letter.Status.PENDING)
    if older_than:
        pending = pending.filter(created_at__lte=now() - older_than)
    made = 0
    for pk in list(pending.order_by("created_at").values_list("pk", flat=True)[:limit]):
        made += render_letter_now(str(pk)).status == Letter.Status.READY
    return made
