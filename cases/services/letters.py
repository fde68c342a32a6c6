"""Issuing letters inside a step, rendering them after it."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Case as Choose
from django.db.models import Q, Value, When

from accounts.models import Institution
from accounts.roles import Kind
from cases.audit.canonical import canonical
from cases.clock import now, travelling
from cases.letters import conformance, failures
from cases.letters.contexts import build_context
from cases.letters.kinds import KINDS, LetterKind
from cases.letters.press import press
from cases.letters.rendering import RenderingFailed
from cases.letters.sealing import seal_pdf
from cases.letters.signers import NoSeal
from cases.letters.versions import CURRENT, changed, template_of, whole
from cases.models import Case, Event, Letter
from cases.models.letter import new_token
from cases.querysets import CARRIER_FIELD
from cases.sealed.papers import folder, opened, with_sealed_parts
from cases.services.numbers import Taken, take_number
from cases.services.record import plain, write_event
from cases.services.seals import seal_content, seal_signer
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
    # A ruling put another sanction in the place of the decided one.
    "decision_revoked": lambda s: s.decision is not None and s.decision.void_on is not None,
}


@dataclass(frozen=True, slots=True)
class Reserved:
    """A letter about to be issued: its number is taken, so that the step's event can tell it."""

    id: uuid.UUID
    kind: LetterKind
    variant: str
    item: Any
    position: int
    institution: Institution
    taken: Taken

    @property
    def facts(self) -> dict[str, Any]:
        """What the event keeps of the letter."""
        return {
            "letter": str(self.id),
            "kind": self.kind.name,
            "number": self.taken.text,
            "institution": self.institution.code,
            "series": self.kind.series,
            "year": self.taken.year,
            "serial": self.taken.serial,
        }


def reserve_letters(*, step: Step, situation: CaseSituation) -> list[Reserved]:
    """Take the numbers of the step's letters under lock. Call before the event is written, issue after it."""
    if not step.letters:
        return []
    institution, election = situation.actor.institution, situation.case.report.election
    reserved: list[Reserved] = []
    for issue in step.letters:
        if issue.only_if and not CONDITIONS[issue.only_if](situation):
            continue
        kind = KINDS[issue.kind]
        for item in _items(issue, situation):
            nature = kind.nature[:1]
            taken = take_number(institution, kind.series, situation.on, election.number_code, nature=nature)
            reserved.append(Reserved(uuid.uuid4(), kind, issue.variant, item, len(reserved), institution, taken))
    return reserved


def issue_letters(*, reserved: list[Reserved], situation: CaseSituation, event: Event) -> list[Letter]:
    """Create the step's letter rows: context frozen, rendering left for after the commit."""
    letters = [_issue_one(letter, situation, event) for letter in reserved]
    for letter in letters:
        render_after_commit(letter)
    return letters


def _items(issue: Issue, situation: CaseSituation) -> list[Any]:
    return list((situation.data or {})[issue.each]) if issue.each else [None]


def _issue_one(reserved: Reserved, situation: CaseSituation, event: Event) -> Letter:
    case, number = situation.case, reserved.taken.text
    context = build_context(
        reserved.kind, situation=situation, event=event, item=reserved.item, number=number, variant=reserved.variant
    )
    return write_letter(reserved, case=case, event=event, on=situation.on, context=context)


def write_letter(reserved: Reserved, *, case: Case, event: Event, on: dt.date, context: dict[str, Any]) -> Letter:
    """The row of one letter with the number reserved for it, and who holds a copy."""
    kind, taken, token = reserved.kind, reserved.taken, new_token()
    context = {**context, "seal": seal_content(token)}
    letter = Letter.objects.create(
        id=reserved.id,
        token=token,
        case=case,
        event=event,
        kind=kind.name,
        position=reserved.position,
        institution=reserved.institution,
        series=kind.series,
        year=taken.year,
        serial=taken.serial,
        number=taken.text,
        dated_on=on,
        subject=context["subject"],
        sealed=bool(context.get("sealed")),
        template=template_of(CURRENT, kind.template),
        template_version=CURRENT,
        context=with_sealed_parts(plain(context), case.report_id),
        created_at=now(),
    )
    letter.addressees.add(*holders_of(case, (*kind.to, *kind.copies)))
    return letter


def holders_of(case: Case, kinds: tuple[Kind, ...]) -> list[int]:
    """Keys of the institutions of these kinds that carry the case."""
    ids = (getattr(case, f"{CARRIER_FIELD[kind]}_id") for kind in kinds)
    return [pk for pk in dict.fromkeys(ids) if pk is not None]


def render_after_commit(letter: Letter) -> None:
    """Wake a worker once the row is visible to it. Losing the message costs nothing: the sweeper finds the row.

    Nobody waits for the letters of a case that is played back: they are left to the sweeper, so that a thousand of them
    do not stand before the one a person has just signed.
    """
    if travelling():
        return
    letter_id = str(letter.pk)
    transaction.on_commit(lambda: current_app.send_task(RENDER_TASK, [letter_id], ignore_result=True), robust=True)


def render_letter_now(letter_id: str) -> Letter:
    """Render, seal and check one letter unless it is ready: bytes and SHA-256 stored, or the reason it failed.

    Safe to call again and from several workers: the row is locked for the two short writes only, never while
    rendering, and the file's name is derived from its hash. Of two that finish at once the first one's bytes stay.
    """
    letter = Letter.objects.select_related("case").get(pk=letter_id)
    if letter.status == Letter.Status.READY:
        return letter
    try:
        made = _make(letter)
    except Exception as error:  # whatever the renderer raises is the letter's failure, not the worker's
        log.exception("letter_failed", letter=letter_id, kind=letter.kind)
        return _failed(letter_id, failures.told(error))
    name = f"{folder(letter.context, letter.case.report_id)}/{letter.pk.hex[:2]}/{letter.pk.hex}-{made.sha256[:16]}.pdf"
    storage = letter.file.storage
    if not storage.exists(name):
        name = storage.save(name, ContentFile(made.pdf))
    released = _release(letter, made, name)
    _drop_others(released)
    return released


def _drop_others(letter: Letter) -> None:
    """Bytes of this letter that never came on record: of a worker that died, or was second. Nothing names them."""
    folder, _slash, kept = str(letter.file.name).rpartition("/")
    storage = letter.file.storage
    for name in storage.listdir(folder)[1]:
        if name.startswith(letter.pk.hex) and name != kept:
            storage.delete(f"{folder}/{name}")


@dataclass(frozen=True, slots=True)
class _Made:
    """A sealed letter that passed every check."""

    pdf: bytes
    sha256: str
    unsealed_sha256: str
    certificate: str
    pages: int


def _make(letter: Letter) -> _Made:
    """The sealed bytes. Raises when the page cannot be made, sealed, or is not what it should be afterwards."""
    if not whole(letter.template_version):
        raise RenderingFailed(", ".join(changed(letter.template_version)), code="changed")
    printed = press().print(letter.template, opened(letter.context, letter.case.report_id))
    page, pages = printed.pdf, printed.pages
    signer = seal_signer()
    if signer.demo and not letter.context["seal"]["demo"]:
        raise NoSeal("the demo's certificate may only seal pages that say so")
    pdf = seal_pdf(page, signer, at=letter.created_at)
    conformance.check(pdf)
    return _Made(pdf, hashlib.sha256(pdf).hexdigest(), hashlib.sha256(page).hexdigest(), signer.fingerprint, pages)


def _release(letter: Letter, made: _Made, name: str) -> Letter:
    """Put the bytes on record, unless somebody else was first; the letter as it now is."""
    with transaction.atomic():
        # The case before the letter, as every step locks them: the event below belongs to the case's chain.
        case = Case.objects.select_for_update().get(pk=letter.case_id)
        locked = Letter.objects.select_for_update(of=("self",)).select_related("institution").get(pk=letter.pk)
        if locked.status == Letter.Status.READY:
            return locked
        locked.file.name, locked.sha256, locked.pages = name, made.sha256, made.pages
        locked.unsealed_sha256, locked.seal_certificate = made.unsealed_sha256, made.certificate
        locked.status, locked.error, locked.rendered_at = Letter.Status.READY, "", now()
        locked.save(
            update_fields=[
                "file", "sha256", "unsealed_sha256", "seal_certificate", "pages", "status", "error", "rendered_at",
            ]
        )  # fmt: skip
        write_event(
            case=case,
            kind=Event.Kind.LETTER,
            name="letter_made",
            actor=None,
            institution=locked.institution,
            data=letter_facts(locked),
        )
        return locked


def letter_facts(letter: Letter) -> dict[str, Any]:
    """What the history keeps of a letter that was made: its bytes and its frozen content, by hash."""
    return {
        "letter": str(letter.pk),
        "kind": letter.kind,
        "number": letter.number,
        "sha256": letter.sha256,
        "unsealed_sha256": letter.unsealed_sha256,
        "certificate": letter.seal_certificate,
        "content_sha256": hashlib.sha256(canonical(letter.context)).hexdigest(),
        "pages": letter.pages,
    }


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
        render_after_commit(letter)


#: How long a letter that failed so often is left alone, counted from its issue: 15 s, 1 minute, 4 minutes.
BACKOFF = tuple(dt.timedelta(seconds=15 * 4**attempt) for attempt in range(MAX_ATTEMPTS))

_sweeping = threading.Lock()


def sweep(*, older_than: dt.timedelta = BACKOFF[0], limit: int = 40, within: float = 60.0) -> int:
    """Render what a crash or a lost message left pending, and try again what failed a while ago; how many were made.

    What somebody waits for comes first, the longest waiting before others; then letters of cases played back, whose
    dates lie far behind. ``limit`` and ``within`` (seconds) keep one sweep short of its time limit. Of two sweeps in
    one process the second has nothing to do: side by side they would render the same letters.
    """
    if not _sweeping.acquire(blocking=False):
        return 0
    try:
        return _sweep(older_than, limit, time.monotonic() + within)
    finally:
        _sweeping.release()


def _sweep(older_than: dt.timedelta, limit: int, until: float) -> int:
    at = now()
    due = Q(attempts=0, created_at__lte=at - older_than) if older_than else Q(attempts=0)
    for attempts, pause in enumerate(BACKOFF[1:], start=1):
        due |= Q(attempts=attempts, created_at__lte=at - pause)
    played_back = When(created_at__lt=at - dt.timedelta(days=1), then=Value(1))
    pending = Letter.objects.filter(due, status=Letter.Status.PENDING)
    pending = pending.order_by(Choose(played_back, default=Value(0)), "created_at", "pk")
    made = 0
    for pk in list(pending.values_list("pk", flat=True)[:limit]):
        if time.monotonic() > until:
            break
        made += render_letter_now(str(pk)).status == Letter.Status.READY
    return made
