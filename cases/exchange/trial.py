"""An import in two parts: a trial that writes nothing, and a confirmation of exactly that file by the same person."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from accounts.models import Officer
from cases.exchange.formats import FORMATS
from cases.exchange.limits import MAX_BYTES, too_large
from cases.exchange.resources import EmployeeResource
from cases.services.errors import Refused
from cases.services.registry import WRITTEN, check_registrar

log = structlog.get_logger(__name__)

SALT = "cases.exchange.trial"
#: How long a trial can be confirmed, and how long its file is kept when nobody does.
VALID_FOR = dt.timedelta(hours=2)
FOLDER = "imports"
#: Rows drawn in the preview; the counts are of all.
SHOWN = 300
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
OUTCOME = {
    RowResult.IMPORT_TYPE_NEW: NEW,
    RowResult.IMPORT_TYPE_UPDATE: CHANGED,
    RowResult.IMPORT_TYPE_SKIP: SAME,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the preview: what will stand there, what stood there, what is wrong with it."""

    name: str
    label: str
    value: str
    was: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; ``line`` is its number in the sheet."""

    line: int
    outcome: str
    cells: tuple[Cell, ...]
    errors: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What an import did or would do. ``troubles`` concern the file as a whole."""

    rows: list[Row] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """Rows with this outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def ok(self) -> bool:
        """Everything can be written."""
        return not self.troubles and not self.count(WRONG)

    @property
    def shown(self) -> list[Row]:
        """Rows worth a look: wrong ones first, then changed, then new."""
        order = {WRONG: 0, CHANGED: 1, NEW: 2}
        return sorted((row for row in self.rows if row.outcome in order), key=lambda row: order[row.outcome])[:SHOWN]


@dataclass(frozen=True, slots=True)
class Trial:
    """A file tried out: what it would do, and the ticket that lets the same person write exactly this."""

    outcome: Outcome
    sha256: str
    filename: str
    ticket: str = ""


def _storage() -> Storage:
    return storages["private"]


def try_out(*, actor: Officer, upload: UploadedFile) -> Trial:
    """Read a file and say what it would do. Writes no row. Raises Refused when it cannot be read at all."""
    check_registrar(actor)
    if upload.size is None or upload.size > MAX_BYTES:
        raise too_large()
    content = upload.read()
    filename = upload.name or ""
    kind = filename.rpartition(".")[2].lower()
    if kind not in FORMATS:
        raise Refused(_("Only CSV and XLSX files are read."), field="file")
    outcome = _run(actor, content, kind, dry_run=True)
    digest = hashlib.sha256(content).hexdigest()
    ticket = _keep(actor, content, kind, digest, filename) if outcome.ok else ""
    log.info("import_tried", sha256=digest, rows=len(outcome.rows), wrong=outcome.count(WRONG), ok=outcome.ok)
    return Trial(outcome=outcome, sha256=digest, filename=filename, ticket=ticket)


def confirm(*, actor: Officer, ticket: str) -> Trial:
    """Write the file tried out under ``ticket``: all of it or nothing.

    The ticket names file, hash, person and institution; anything else than that very file by that very desk is
    refused, and so is a second use. Raises Refused.
    """
    check_registrar(actor)
    try:
        facts = signing.loads(ticket, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        raise Refused(_("This trial is no longer valid. Upload the file again.")) from None
    if (facts["officer"], facts["institution"]) != (actor.pk, actor.institution_id):
        raise Refused(_("This trial was made at another desk. Upload the file again."))
    storage, name = _storage(), f"{FOLDER}/{facts['file']}"
    if not storage.exists(name):
        raise Refused(_("This file has already been imported, or its time is over. Upload it again."))
    with storage.open(name, "rb") as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        storage.delete(name)
        raise Refused(_("The stored file is not the one that was tried out. Upload it again."))
    outcome = _run(actor, content, facts["kind"], dry_run=False)
    storage.delete(name)
    log.info(
        "import_done", sha256=facts["sha256"], ok=outcome.ok, new=outcome.count(NEW), changed=outcome.count(CHANGED)
    )
    return Trial(outcome=outcome, sha256=facts["sha256"], filename=facts["name"])


def _keep(actor: Officer, content: bytes, kind: str, digest: str, filename: str) -> str:
    _forget_old()
    file = uuid.uuid4().hex
    _storage().save(f"{FOLDER}/{file}", ContentFile(content))
    facts = {
        "file": file, "kind": kind, "sha256": digest, "name": filename[:100],
        "officer": actor.pk, "institution": actor.institution_id,
    }  # fmt: skip
    return signing.dumps(facts, salt=SALT)


def _forget_old() -> None:
    """Files nobody confirmed do not pile up: names and NIP of a whole city stand in them."""
    storage = _storage()
    try:
        names = storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    # The storage's own clock, not the portal's: a demo date would never let a file grow old.
    oldest = timezone.now() - VALID_FOR
    for name in names:
        if storage.get_modified_time(f"{FOLDER}/{name}") < oldest:
            storage.delete(f"{FOLDER}/{name}")


def _run(actor: Officer, content: bytes, kind: str, *, dry_run: bool) -> Outcome:
    dataset = FORMATS[kind]().create_dataset(content)
    resource = EmployeeResource(officer=actor)
    result = resource.import_data(dataset, dry_run=dry_run, rollback_on_validation_errors=True, use_transactions=True)
    return _outcome(resource, result)


def _outcome(resource: EmployeeResource, result: Result) -> Outcome:
    outcome = Outcome(troubles=list(_troubles(result)))
    if outcome.troubles:
        return outcome
    wrong = {invalid.number: invalid.error_dict for invalid in result.invalid_rows}
    failed = {number: errors.errors for number, errors in ((row.number, row) for row in result.error_rows)}
    for number, row in enumerate(result.rows, start=1):
        if number in failed:
            outcome.troubles.extend(_sentence(error.error) for error in failed[number])
        outcome.rows.append(_row(resource, number, row, wrong.get(number)))
    return outcome


def _troubles(result: Result) -> Iterable[str]:
    for error in result.base_errors:
        yield _sentence(error.error)


def _sentence(error: BaseException) -> str:
    if isinstance(error, Refused):
        return error.sentence
    messages = getattr(error, "messages", None)
    if messages:
        return " ".join(messages)
    log.error("import_failed", error=type(error).__name__)
    return _("The rows could not be written; nothing was changed. Try again.")


def _row(resource: EmployeeResource, number: int, row: RowResult, errors: dict[str, Any] | None) -> Row:
    values = row.row_values or {}
    before = row.original if row.import_type == RowResult.IMPORT_TYPE_UPDATE else None
    cells = []
    for name in ("nip", *WRITTEN):
        head = resource.fields[name].column_name
        if head not in values:
            continue
        was = ""
        if before is not None and getattr(before, name) != getattr(row.instance, name):
            was = _words(getattr(before, name))
        cells.append(
            Cell(
                name=name,
                label=head,
                value=str(values[head]),
                was=was,
                error=" ".join(errors.get(name, [])) if errors else "",
            )
        )
    general = tuple(errors.get("__all__", [])) if errors else ()
    outcome = WRONG if errors else OUTCOME.get(row.import_type, WRONG)
    return Row(line=resource.line(number), outcome=outcome, cells=tuple(cells), errors=general)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value) or "—"
