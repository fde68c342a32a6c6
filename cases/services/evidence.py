"""Receiving evidence: measured, hashed, stored under an opaque name, told in the history."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
import puremagic
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import Officer
from cases.audit.commit import TITLE, commitment, new_salt
from cases.clock import now
from cases.models import Case, Event, Evidence, Report
from cases.services.errors import Refused, WrongDesk
from cases.services.locking import lock
from cases.services.metadata import without_metadata
from cases.services.record import write_event
from cases.workflow import desks

#: Largest file accepted, bytes.
MAX_BYTES = 20 * 1024 * 1024
#: Largest picture accepted, pixels: a small file can unpack to gigabytes.
MAX_PIXELS = 40_000_000
#: What is accepted, by content and not by name. Sniffing is the first gate; a real parser is the second.
IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
PDF = "application/pdf"
MEDIA = {"video/mp4", "audio/mpeg", "audio/x-wav", "audio/wav"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that passed: its bytes, type and hash, and the copy people are shown."""

    content: bytes
    media_type: str
    sha256: str
    shown: bytes = b""


def check_file(upload: UploadedFile) -> Checked:
    """Read and check an upload. Raises Refused with a sentence when it is too big, empty, or not what is accepted."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise Refused(_("The file is larger than %(mb)d MB.") % {"mb": MAX_BYTES // 1024 // 1024}, field="file")
    content = upload.read()
    if not content:
        raise Refused(_("The file is empty."), field="file")
    media_type = _sniff(content)
    try:
        _parse(content, media_type)
        shown = without_metadata(content, media_type)
    except Refused:
        raise
    except Exception as error:  # parsers raise anything on hostile files; all of it means "damaged"
        raise Refused(_("The file is damaged or not what it claims to be."), field="file") from error
    return Checked(content=content, media_type=media_type, sha256=hashlib.sha256(content).hexdigest(), shown=shown)


def _sniff(content: bytes) -> str:
    try:
        guesses = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        guesses = set()
    for accepted in (*IMAGES, PDF, *sorted(MEDIA)):
        if accepted in guesses:
            return accepted
    raise Refused(_("Only pictures (PNG, JPEG, WebP), PDF, MP4, MP3 and WAV files are accepted."), field="file")


def _parse(content: bytes, media_type: str) -> None:
    if media_type in IMAGES:
        with Image.open(BytesIO(content), formats=[IMAGES[media_type]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused(_("The picture has too many pixels."), field="file")
            picture.load()
    elif media_type == PDF:
        with pikepdf.open(BytesIO(content)) as document:
            if len(document.pages) == 0:
                raise Refused(_("The PDF has no pages."), field="file")


def store_evidence(*, report: Report, case: Case | None, actor: Officer, title: str, checked: Checked) -> Evidence:
    """Store a checked file. Inside the caller's transaction; the event is the caller's too."""
    evidence = Evidence(
        report=report,
        case=case,
        institution=actor.institution,
        title=title,
        title_salt=new_salt(),
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        added_at=now(),
        added_by=actor,
    )
    shown = checked.shown or without_metadata(checked.content, checked.media_type)
    evidence.file.save("evidence", ContentFile(checked.content), save=False)
    evidence.shown.save("shown", ContentFile(shown), save=False)
    evidence.save(force_insert=True)
    return evidence


def evidence_facts(evidence: Evidence) -> dict[str, Any]:
    """What the event keeps of a file: the original's hash, and the hash of the copy people are handed.

    What it shows may name anybody: of that a commitment only, so that it can be destroyed with the file.
    """
    with evidence.shown.open("rb") as shown:
        digest = hashlib.file_digest(shown, "sha256").hexdigest()
    return {
        "evidence": str(evidence.pk),
        "title_sealed": commitment(evidence.title_salt, TITLE, evidence.title),
        "sha256": evidence.sha256,
        "size": evidence.size,
        "shown_sha256": digest,
    }


def attach(*, case: Case, actor: Officer, title: str, upload: UploadedFile) -> Evidence:
    """Add a file to one case's file. Raises Refused with a sentence; then nothing is kept."""
    if actor.desk not in desks():
        raise WrongDesk(_("This desk only reads."))
    if not title.strip():
        raise Refused(_("Say what the file shows."), field="title")
    checked = check_file(upload)
    with transaction.atomic():
        locked = lock(case, actor)
        if locked.place.final:
            raise Refused(_("The case is closed; nothing can be added."))
        evidence = store_evidence(report=locked.report, case=locked, actor=actor, title=title.strip(), checked=checked)
        write_event(case=locked, kind=Event.Kind.UPLOAD, name="evidence", actor=actor, data=evidence_facts(evidence))
    return evidence
