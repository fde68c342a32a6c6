"""Drafts of new reports: kept for one officer, sealed, until they are filed or thrown away.

A draft holds whoever reports, so all of it is sealed with a data key of its own; throwing it away destroys the key.
Its number is the number it is filed under: filing twice opens the same cases.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now
from cases.formats import clock_time, short_date
from cases.models import Case, Draft, DraftFile, Report
from cases.sealed.box import Box, Unopened
from cases.sealed.store import Shredded, box_of, boxes_of, destroy, new_box
from cases.services.errors import NotVisible, Refused, Stale, WrongDesk
from cases.services.evidence import Checked
from cases.services.intake import take_in
from cases.workflow import INTAKE

log = structlog.get_logger(__name__)

TABLE = "cases_draft"
#: Drafts of one officer, files of one draft.
MOST, MOST_FILES = 20, 10
#: Days after the last save after which a draft is thrown away.
KEPT_DAYS = 30


@dataclass
class Opened:
    """A draft opened for its officer. ``page`` is the token of the page that saved last; ``row`` None: unsaved.

    ``sent``: the last save was a button, not the page by itself.
    """

    key: uuid.UUID
    zone: str
    row: Draft | None = None
    page: str = ""
    sent: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """How often it was saved."""
        return self.row.version if self.row else 0

    @property
    def title(self) -> str:
        """What a list calls it: the incident in one line, else the people named."""
        names = ", ".join(row.get("name") or row.get("nip") or "" for row in self.values.get("reported") or [])
        return self.values.get("incident") or names.strip(", ") or _("Without a title")

    @property
    def saved_time(self) -> str:
        """When it was saved last, by the clock of the officer's institution; empty until then."""
        return clock_time(self.row.saved_at, self.zone) if self.row else ""

    @property
    def saved_day(self) -> str:
        """The day of the last save, there."""
        return short_date(self.row.saved_at.astimezone(ZoneInfo(self.zone)).date()) if self.row else ""

    @cached_property
    def files(self) -> list[DraftFile]:
        """The files waiting in it."""
        return list(self.row.files.all()) if self.row else []


def check_desk(officer: Officer) -> None:
    """Drafts belong to the desk that takes reports in. Raises WrongDesk."""
    if officer.desk != INTAKE.by:
        raise WrongDesk(_("This step belongs to another desk."))


def drafts_of(officer: Officer) -> list[Opened]:
    """The officer's drafts, the latest first; three queries however many there are."""
    rows = list(Draft.objects.filter(officer=officer))
    boxes = boxes_of(TABLE, [row.pk for row in rows])
    return [_opened(row, officer, boxes[str(row.pk)]) for row in rows if str(row.pk) in boxes]


def open_draft(*, officer: Officer, key: uuid.UUID) -> Opened:
    """The officer's draft of this number; an unsaved one when nobody has used the number. Raises NotVisible."""
    row = Draft.objects.filter(pk=key).first()
    if row is None:
        return Opened(key, officer.institution.timezone)
    if row.officer_id != officer.pk:
        raise NotVisible(_("There is no such draft."))
    try:
        box = box_of(TABLE, row.pk)
    except Shredded as error:
        raise NotVisible(_("There is no such draft.")) from error
    return _opened(row, officer, box)


def _opened(row: Draft, officer: Officer, box: Box) -> Opened:
    kept = json.loads(box.open("payload", bytes(row.payload).decode()))
    return Opened(row.pk, officer.institution.timezone, row, kept["page"], kept["sent"], kept["values"])


def save_draft(
    *,
    officer: Officer,
    key: uuid.UUID,
    values: Mapping[str, Any],
    page: str,
    version: int,
    over: bool = False,
    typing: bool = False,
) -> Opened:
    """Keep what was typed: ``values`` replace those of the same name.

    ``page`` is the token of the page typed on, ``version`` the save it was drawn from; ``typing`` says that the page
    saved by itself. Raises Stale when another page has saved since (unless ``over``), or when what was kept while
    typing arrives after the same page was sent; Refused with too many drafts. Then nothing was kept.
    """
    check_desk(officer)
    with transaction.atomic():
        Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        draft = open_draft(officer=officer, key=key)
        if draft.row is None:
            if version or Report.objects.filter(filing=key).exists():
                raise NotVisible(_("There is no such draft."))
            if Draft.objects.filter(officer=officer).count() >= MOST:
                raise Refused(_("You have %(most)d drafts; file or delete one first.") % {"most": MOST})
            draft.row = Draft(pk=key, officer=officer, created_at=now())
            box = new_box(TABLE, key)
        else:
            mine = page == draft.page and not (typing and draft.sent)
            if version != draft.version and not mine and not over:
                raise Stale(_("This draft was saved in another window since you opened this page."), events=[])
            box = box_of(TABLE, key)
        draft.values, draft.page, draft.sent = {**draft.values, **values}, page, not typing
        text = json.dumps({"page": page, "sent": draft.sent, "values": draft.values}, ensure_ascii=False)
        draft.row.payload = box.seal("payload", text).encode()
        draft.row.version += 1
        draft.row.saved_at = now()
        draft.row.save()
    return draft


def add_file(*, draft: Opened, title: str, checked: Checked) -> DraftFile:
    """Keep a checked file in a saved draft, sealed like it. Raises Refused when there are too many."""
    if draft.row is None:
        raise NotVisible(_("There is no such draft."))
    with transaction.atomic():
        Draft.objects.select_for_update(of=("self",)).get(pk=draft.key)
        if draft.row.files.count() >= MOST_FILES:
            raise Refused(_("At most %(most)d files; add more to the case afterwards.") % {"most": MOST_FILES})
        row = DraftFile(
            draft=draft.row, title=title, media_type=checked.media_type, size=len(checked.content),
            sha256=checked.sha256, added_at=now(),
        )  # fmt: skip
        sealed = box_of(TABLE, draft.key).seal_bytes(f"file:{row.pk}", checked.content)
        row.file.save("draft", ContentFile(sealed), save=False)
        row.save(force_insert=True)
    return row


def remove_file(*, draft: Opened, file_id: uuid.UUID) -> None:
    """Take a file out of a draft. Raises NotVisible."""
    row = DraftFile.objects.filter(draft=draft.row, pk=file_id).first() if draft.row else None
    if row is None:
        raise NotVisible(_("There is no such file."))
    row.delete()
    row.file.delete(save=False)


def file_draft(*, officer: Officer, draft: Opened, arguments: Mapping[str, Any]) -> list[Case]:
    """File the draft: its files become evidence, its cases are opened, it is gone. ``arguments`` are ``take_in``'s."""
    box = box_of(TABLE, draft.key)
    evidence = []
    for row in draft.files:
        try:
            with row.file.open("rb") as stored:
                content = box.open_bytes(f"file:{row.pk}", stored.read())
        except (Unopened, OSError) as error:
            log.exception("draft_file_lost", draft=str(draft.key), file=str(row.pk))
            raise Refused(_("The file “%(title)s” cannot be read; remove it.") % {"title": row.title}) from error
        evidence.append((row.title, Checked(content=content, media_type=row.media_type, sha256=row.sha256)))
    cases = take_in(actor=officer, filing=draft.key, **{**arguments, "evidence": evidence})
    left = Draft.objects.filter(pk=draft.key, officer=officer).first()
    if left is not None:  # a second click may have been faster
        throw_away(left)
    return cases


def throw_away(row: Draft) -> None:
    """Delete a draft with its files and destroy its key."""
    key = row.pk
    with transaction.atomic():
        files = [kept.file for kept in row.files.all()]
        row.delete()
        destroy(TABLE, key)
    for file in files:
        file.delete(save=False)


def sweep(at: dt.datetime | None = None) -> int:
    """Throw away drafts nobody has saved for long; how many."""
    old = Draft.objects.filter(saved_at__lt=(at or now()) - dt.timedelta(days=KEPT_DAYS))
    count = 0
    for row in old:
        throw_away(row)
        count += 1
    return count
