"""Evidence handed out: rights on every request, never run, never kept by a cache."""

from __future__ import annotations

import mimetypes
import uuid

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.models import Evidence
from cases.selectors.case_file import visible_case
from cases.services.access import evidence_read, original_read
from cases.services.identity import open_request
from cases.views.common import acting

#: What a browser may do with a stranger's file that it opens all the same: nothing.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def private(response: FileResponse, policy: str) -> FileResponse:
    """Headers of every private file: not cached, not guessed at, nothing run from it."""
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@never_cache
@require_safe
def evidence(request: HttpRequest, evidence_id: uuid.UUID) -> FileResponse:
    """One item of evidence, as a download. Named after what it shows: the sender's file name is not kept."""
    reader = acting(request)
    rows = Evidence.objects.visible_to(reader).distinct()
    row: Evidence = get_object_or_404(rows, pk=evidence_id)
    evidence_read(evidence=row, reader=reader)
    return _download(row, row.shown or row.file)


@never_cache
@require_safe
def original(request: HttpRequest, number: str, evidence_id: uuid.UUID) -> FileResponse:
    """The file as it was received, for whoever the reporter's identity is released to; else as if there were none."""
    reader = acting(request)
    case = visible_case(number, reader)
    if case is None or open_request(case, reader) is None:
        raise Http404
    rows = Evidence.objects.of_case(case).visible_to(reader).distinct()
    row: Evidence = get_object_or_404(rows, pk=evidence_id)
    original_read(evidence=row, case=case, reader=reader)
    return _download(row, row.file)


def _download(row: Evidence, file: FieldFile) -> FileResponse:
    ending = mimetypes.guess_extension(row.media_type) or ""
    response = FileResponse(
        file.open("rb"),
        content_type=row.media_type,
        as_attachment=True,
        filename=f"{slugify(row.title)[:80] or 'bukti'}{ending}",
    )
    return private(response, SANDBOX)
