"""CANARIES: marked reporters walk through the whole workflow, with errors; their marks are looked for everywhere.

A mark stands in every field of a reporter, in what they said, in the name of the file they sent and in what its camera
wrote. It must be found in the page a second person released, and nowhere else: not in the database (tables and raw
file), sessions, broker, logs, mails, letters, files and pages handed to others; plain, UTF-16, base64, hexadecimal, or
inside compressed streams. ``CANARIES=200`` walks that many cases (20 by default, 6 on PostgreSQL) and renders every
letter of a quarter of them, and of all others the minutes of what the reporter said.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import logging
import os
import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from PIL import Image

from accounts.models import Officer
from cases.clock import travel
from cases.forms import STEP_FORMS
from cases.models import Case, Election, Evidence, Letter, Mail, Notice
from cases.notices import DIGEST
from cases.sealed.papers import has_sealed_parts
from cases.services.daily import send_digests
from cases.services.errors import Refused
from cases.services.evidence import check_file
from cases.services.identity import answer_identity, ask_identity
from cases.services.intake import take_in
from cases.services.letters import render_letter_now
from cases.services.move import move
from cases.services.outbox import sweep_mail
from cases.services.situation import CaseSituation
from cases.workflow import STEP
from tests.access.stage import EMPLOYEE, ENTRIES, PATHS, PEOPLE, TYPED
from tests.fixtures_world import Loaded

SHORT = 20 if "sqlite" in settings.DATABASES["default"]["ENGINE"] else 6
CASES = int(os.environ.get("CANARIES", SHORT))
STEM = "KENARI7"
FIELDS = ("name", "birth", "sex", "occupation", "citizenship", "address", "phone", "email")
#: Every way of writing the mark that is looked for.
WRITTEN: dict[str, bytes] = {
    "utf-8": STEM.encode(),
    "utf-16-le": STEM.encode("utf-16-le"),
    "utf-16-be": STEM.encode("utf-16-be"),
    "hex": STEM.encode().hex().encode(),
    "HEX": STEM.encode().hex().upper().encode(),
    "reversed": STEM[::-1].encode(),
    **{f"base64+{n}": base64.b64encode(b"\0" * n + STEM.encode())[(0, 2, 3)[n] : -4] for n in range(3)},
}


def finds(content: bytes, depth: int = 0) -> str:
    """In which writing the mark stands in ``content``; empty when it does not. Looks into compressed streams."""
    for name, needle in WRITTEN.items():
        if needle in content:
            return name
    if depth < 2:
        for start in _streams(content):
            try:
                inner = zlib.decompressobj(wbits=47).decompress(content[start:], 4_000_000)
            except zlib.error:
                continue
            if inner and (found := finds(inner, depth + 1)):
                return f"compressed {found}"
    return ""


def _streams(content: bytes) -> Iterator[int]:
    """Where a zlib or gzip stream could begin."""
    for head in (b"\x78\x9c", b"\x78\xda", b"\x78\x01", b"\x78\x5e", b"\x1f\x8b\x08"):
        at = content.find(head)
        while at >= 0:
            yield at
            at = content.find(head, at + 1)


@cache
def pdf_readings(content: bytes) -> bytes:
    """A PDF as text, with its streams opened and its attachments."""
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        attached = b"".join(document.attachments[name].get_file().read_bytes() for name in document.attachments)
        document.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    joined = text.replace("\r", "").replace("\n", "").replace("\ufffe", "")
    return content + text.encode() + joined.encode() + target.getvalue() + attached


def mark(number: int, what: str) -> str:
    return f"{STEM}-{number:03}-{what}".upper()


def marked_reporter(number: int) -> dict[str, str]:
    found = {name: mark(number, name) for name in FIELDS}
    found["sex"] = mark(number, "s")
    return found | {"email": f"{mark(number, 'mail')}@EXAMPLE.ORG"}


def marked_picture(number: int) -> SimpleUploadedFile:
    exif, target = Image.Exif(), io.BytesIO()
    exif[0x013B] = exif[0x010E] = mark(number, "camera")
    Image.new("RGB", (64, 48), (number % 255, 80, 90)).save(
        target, "JPEG", exif=exif, comment=mark(number, "c").encode()
    )
    return SimpleUploadedFile(f"{mark(number, 'file')}.jpg", target.getvalue())


class Walk:
    """One marked case on its way, taken over HTTP or the service, with something going wrong at every stop."""

    def __init__(self, number: int, world: Loaded, browsers: dict[str, Client]) -> None:
        self.number, self.world, self.browsers = number, world, browsers
        self.refused = self.crashed = 0
        yuni = world.officer("yuni")
        with travel(dt.datetime(2024, 11, 1, 2, tzinfo=dt.UTC)):
            [self.case] = take_in(
                actor=yuni, origin="REPORT", channel="COUNTER", election=Election.objects.get(code="pilkada-2024"),
                incident="Mengunggah ajakan memilih", place="Facebook", occurred_on=dt.date(2024, 10, 30),
                known_on=dt.date(2024, 10, 31), chronology="Terlapor mengunggah ajakan memilih.",
                reported=[{"name": "Terlapor Contoh", "nip": EMPLOYEE}], reporter=marked_reporter(number),
                evidence=[("Tangkapan layar", check_file(marked_picture(number)))],
            )  # fmt: skip

    def go(self, steps: tuple[str, ...]) -> None:
        for name in steps:
            on, by, differs = ENTRIES.get(name, ("2024-11-06 11:00", "yuni", {}))
            typed = TYPED[name] | differs
            self.take(name, on, by, typed)
            if name == "invite":
                said = {
                    "person_role": "REPORTER", "held_on": "2024-11-06", "place": "Kantor", "oath": "TAKEN",
                    "statement": mark(self.number, "statement"),
                }  # fmt: skip
                self.stumble(said)
                self.take("record_clarification", "2024-11-06 09:00", "yuni", said)

    def take(self, step: str, on: str, by: str, typed: dict[str, Any]) -> None:
        actor = self.world.officer(by)
        with travel(dt.datetime.fromisoformat(f"{on}+07:00")):
            case = Case.objects.select_related("report__election", "violation", "employer").get(pk=self.case.pk)
            form = STEP_FORMS[STEP[step].form](data=typed, situation=CaseSituation(case, actor))
            assert form.is_valid(), (step, form.errors.as_json())
            for wrong in ("sekar", "retno"):  # the auditor and another agency try first
                try:
                    move(
                        case=case, step=step, actor=self.world.officer(wrong), seen=case.seen_token, **form.cleaned_data
                    )
                except Refused:
                    self.refused += 1
            move(case=case, step=step, actor=actor, seen=case.seen_token, **form.cleaned_data)

    def stumble(self, said: dict[str, str]) -> None:
        """The reporter's words are sent with a mistake, by somebody stale, and while the portal breaks."""
        client, address = self.browsers["bo"], f"/cases/{self.case.number}/record_clarification/"
        with travel(dt.datetime(2024, 11, 6, 1, tzinfo=dt.UTC)):
            seen = Case.objects.get(pk=self.case.pk).seen_token
            assert client.post(address, {**said, "seen": seen, "oath": ""}).status_code == 422
            assert client.post(address, {**said, "seen": "received.0"}).status_code == 409
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("cases.services.effects.seal_statement", _breaks)
                assert client.post(address, {**said, "seen": seen}).status_code == 500
        for desk in ("ro", "eo", "au"):
            assert self.browsers[desk].post(address, {**said, "seen": seen}).status_code == 404
        self.crashed += 1


def _breaks(report_id: int, statement: str) -> None:
    raise RuntimeError("broken while sealing")


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged, with tracebacks, as the portal formats it."""
    lines = io.StringIO()
    root, handler = logging.getLogger(), logging.StreamHandler(lines)
    handler.setLevel(logging.DEBUG)
    for there in root.handlers:
        if there.formatter is not None:
            handler.setFormatter(there.formatter)
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


def browser(officer: Officer) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(officer.user)
    return client


def database() -> Iterator[tuple[str, bytes]]:
    """Every table as a dump holds it, sessions opened, and SQLite's own files."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                values = [bytes(v) if isinstance(v, memoryview) else v for v in row]
                yield f"table {table}", b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in values)
    for session in Session.objects.all():
        yield "session", json.dumps(session.get_decoded(), default=str).encode()
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        for path in name.parent.glob(f"{name.name}*"):
            yield f"file {path.name}", path.read_bytes()


def files() -> Iterator[tuple[str, bytes]]:
    """Broker, mails, heads, and every file kept, as somebody who copies the folder holds them."""
    for folder in (settings.BROKER_DIR, settings.MAIL_DIR, settings.HISTORY_DIR, Path(settings.DATA_DIR) / "files"):
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                yield f"kept {path.name}", path.read_bytes()


def handed_out(walks: list[Walk], browsers: dict[str, Client]) -> Iterator[tuple[str, bytes]]:
    """Pages, searches, exports, letters and files, as each desk is handed them without a release."""
    for desk, client in browsers.items():
        for page in ("/", "/cases/", f"/cases/?q={STEM}", "/letters/", f"/letters/?q={STEM}", "/notices/", "/calendar/",
                     "/history/", f"/history/?q={STEM}", "/team/"):  # fmt: skip
            # The word searched for is said again; a mark would go on behind it.
            content = re.sub(rb"KENARI7(?!-)", b"", client.get(page).content)
            yield f"{desk} {page}", content
        answer = client.post("/export/", {"format": "csv"})
        yield f"{desk} export", answer.content
        for walk in walks[:: max(1, len(walks) // 10)]:
            for tab in ("", "?tab=evidence", "?tab=letters", "?tab=notes"):
                yield f"{desk} case{tab}", client.get(f"/cases/{walk.case.number}/{tab}").content
            for row in Evidence.objects.filter(report=walk.case.report_id):
                answer = client.get(f"/evidence/{row.pk}/")
                if answer.status_code == 200:
                    head = str(answer.headers).encode()
                    yield f"{desk} evidence", head + b"".join(answer.streaming_content)
        for letter in Letter.objects.filter(status="READY", case__in=[walk.case for walk in walks]):
            answer = client.get(f"/letters/{letter.pk}/pdf/")
            if answer.status_code == 200:
                content = b"".join(answer.streaming_content)
                if desk in ("bo", "bs") and letter.context.get("person_role") == "Pelapor":
                    continue  # the minutes of what the reporter said, at the house that took them down
                yield f"{desk} letter {letter.kind}", pdf_readings(content)


@pytest.mark.django_db(transaction=True)
def test_no_mark_outside_the_released_page(
    world: Loaded, settings: Any, tmp_path: Path, log_lines: io.StringIO, say: Callable[[str], None]
) -> None:
    settings.REPORTER_KEY_FILE = str(tmp_path / "reporter.keys")
    settings.HISTORY_DIR, settings.HISTORY_KEY_FILE = tmp_path / "history", str(tmp_path / "history.pem")
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "portal.mail.FolderBackend"
    settings.HISTORY_DIR.mkdir()
    browsers = {desk: browser(world.officer(name)) for desk, name in PEOPLE.items()}
    ways = [PATHS[name][1] for name in ("closed", "annulled", "unproven", "dismissed", "clarification", "declined")]
    heard = [tuple(s for s in way if s != "waive_clarification") for way in ways]
    walks = []
    for number in range(CASES):
        walk = Walk(number, world, browsers)
        way = heard[number % len(heard)] if number < len(heard) or CASES > SHORT else heard[4]
        if "register" in way and "invite" not in way:
            at = way.index("register") + 1
            way = (*way[:at], "invite", "record_clarification", "conclude_clarification", *way[at:])
        walk.go(way)
        walks.append(walk)
    rendered = [walk.case for walk in (walks[::4] if CASES > SHORT else walks[:1])]
    spoken = [walk.case for walk in (walks if CASES > SHORT else walks[:1])]
    letters = Letter.objects.filter(Q(case__in=rendered) | Q(case__in=spoken, sealed=True)).order_by("pk")
    broken = Letter.objects.filter(sealed=True).exclude(case=walks[0].case).latest("created_at", "pk")
    with pytest.MonkeyPatch.context() as patch:  # one that fails while it prints the reporter's words
        patch.setattr("cases.services.letters.press", lambda: 1 / 0)
        render_letter_now(str(broken.pk))
    made = [render_letter_now(str(letter.pk)) for letter in letters.exclude(pk=broken.pk)]
    minutes = [letter for letter in made if letter.context.get("person_role") == "Pelapor"]
    assert minutes
    assert {letter.status for letter in minutes} == {"READY"}
    assert all(letter.file.name.startswith("sealed/") for letter in minutes if has_sealed_parts(letter.context))
    # Played back, notices are born read and unsent; the day's digest of all of them goes out now.
    Notice.objects.update(read_at=None, mail=None, delivery=DIGEST)
    send_digests(dt.date(2025, 1, 21))
    sweep_mail()
    assert Mail.objects.count() > 5
    looked, found, known = 0, [], dict[bytes, str]()
    for place, content in (*database(), *files(), *handed_out(walks, browsers), ("log", log_lines.getvalue().encode())):
        looked += 1
        digest = hashlib.sha256(content).digest()
        if digest not in known:
            known[digest] = finds(content)
        if writing := known[digest]:
            found.append(f"{place}: {writing}")
    # Control: what was hidden was there to be found, in the one view it is meant for.
    yuni, hendra = world.officer("yuni"), world.officer("hendra")
    case = walks[0].case
    answer_identity(request=ask_identity(case=case, actor=yuni, reason="Perlu."), actor=hendra, release=True)
    page = browsers["bo"].get(f"/cases/{case.number}/identity/read/").content.decode()
    shown = [what for what in (*marked_reporter(0).values(), mark(0, "statement")) if what in page]
    row = Evidence.objects.filter(report=case.report_id).earliest("added_at")
    original = browsers["bo"].get(f"/cases/{case.number}/identity/{row.pk}/")
    assert finds(b"".join(original.streaming_content))
    refused, crashes = (sum(getattr(walk, what) for walk in walks) for what in ("refused", "crashed"))
    told = (
        f"{len(walks)} cases, {refused} refusals, {crashes} crashes, {len(made)} letters, {Mail.objects.count()} mails"
    )
    say(f"canaries: {told}, {looked} places looked at, {len(found)} marks outside")
    assert not found, "\n".join(sorted(set(found))[:40])
    assert len(shown) == len(FIELDS) + 1
    assert refused > 2 * len(walks)
    assert "broken while sealing" in log_lines.getvalue()


@pytest.mark.parametrize("how", [*WRITTEN, "compressed"])
def test_every_writing_is_found(how: str) -> None:
    text = f"Ibu {STEM}-001 dari Blitar"
    content = {
        "compressed": b"%PDF stream\n" + zlib.compress(text.encode()),
        "hex": text.encode().hex().encode(), "HEX": text.encode().hex().upper().encode(),
        "reversed": text[::-1].encode(), "utf-8": text.encode(),
        "utf-16-le": text.encode("utf-16-le"), "utf-16-be": text.encode("utf-16-be"),
    }.get(how) or base64.b64encode(b"x" * int(how[-1]) + STEM.encode() + b"-001 dari Blitar")  # fmt: skip
    assert finds(content)
    assert not finds(content.replace(b"K", b"L").replace(b"S0", b"S1")[:3])
