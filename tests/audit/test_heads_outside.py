"""Heads leave the database: on letters and in them, on the page behind their code, by mail, as a file, in time."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core import mail
from django.test import Client

from cases import tasks
from cases.audit.heads import parse, read_heads
from cases.clock import now, travel
from cases.models import Event, Head, Mail
from cases.services import outbox
from cases.services.checkpoint import checkpoint, mail_head, public_keys
from cases.services.letters import render_letter_now
from tests.fixtures_world import Loaded
from tests.play import play

pytestmark = pytest.mark.django_db
AUDITORS = ["bpk@example.org", "inspektorat@example.org"]


def test_a_letter_carries_the_head_it_was_issued_under(world: Loaded, outside_folder: Path, client: Client) -> None:
    """Printed on the letter, inside its attached data, and on the page behind its code: the same signed head."""
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    checkpoint()
    case = play("scenarios/03-terlambat-tidak-diregistrasi.yaml").case
    *_earlier, head = read_heads(outside_folder / "heads.jsonl")
    letter = render_letter_now(str(case.letters.order_by("pk").values_list("pk", flat=True)[0]))
    with letter.file.open("rb") as file:
        data = file.read()
    pages = pypdfium2.PdfDocument(data)
    printed = "".join(page.get_textpage().get_text_range() for page in pages)
    assert head.root in "".join(printed.split())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        told = json.loads(pdf.Root.AF[0].EF.F.read_bytes())["content"]["seal"]["head"]
    inside = parse(json.dumps(told))
    assert inside == head
    assert inside.is_signed(public_keys())
    shown = client.get(f"/v/{letter.token}").content.decode()
    assert head.root in shown
    # A head made after the letter does not change what is told of it.
    checkpoint()
    assert head.root in client.get(f"/v/{letter.token}").content.decode()


def test_what_the_scheduler_runs_covers_everything_within_a_minute(
    world: Loaded, outside_folder: Path, settings: Any
) -> None:
    """Twice as often as promised, and one run covers all that is committed and puts it outside."""
    entry = settings.CELERY_BEAT_SCHEDULE["checkpoint"]
    assert entry["task"] == tasks.checkpoint.name
    assert entry["schedule"] <= 30
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    assert not Head.objects.exists()
    tasks.checkpoint()
    *_earlier, head = read_heads(outside_folder / "heads.jsonl")
    assert head.size == Event.objects.count() == (outside_folder / "leaves.bin").stat().st_size // 32
    tasks.checkpoint()
    assert [one.size for one in read_heads(outside_folder / "heads.jsonl")][-1] == head.size


def test_the_head_is_mailed_once_a_day_to_each_auditor(
    world: Loaded, outside_folder: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.HISTORY_MAIL_TO = AUDITORS
    assert mail_head() == 0  # nothing happened yet
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    before = set(Mail.objects.values_list("pk", flat=True))
    assert tasks.daily_head() == len(AUDITORS)
    assert tasks.daily_head() == 0
    rows = Mail.objects.exclude(pk__in=before)
    mail.outbox.clear()
    for row in rows:
        assert outbox.send(row.pk)
    assert sorted(message.to[0] for message in mail.outbox) == AUDITORS
    for message in mail.outbox:
        (line,) = [line for line in message.body.splitlines() if line.startswith("{")]
        assert parse(line).is_signed(public_keys())
        assert parse(line) == list(read_heads(outside_folder / "heads.jsonl"))[-1]
    with travel(now() + timedelta(days=1)):
        assert mail_head() == len(AUDITORS)


def test_one_auditor_who_cannot_be_reached_keeps_no_other_waiting(
    world: Loaded, outside_folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HISTORY_MAIL_TO = AUDITORS
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    before = set(Mail.objects.values_list("pk", flat=True))
    checkpoint()
    mail_head()
    first, second = Mail.objects.exclude(pk__in=before).order_by("to")
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _refusing(first.to))
    outbox.send(first.pk)
    outbox.send(second.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Mail.Status.PENDING, Mail.Status.SENT)
    assert first.error


def _refusing(address: str) -> Any:
    def send(message: Any, fail_silently: bool = False) -> int:
        if address in message.to:
            raise OSError("no such server")
        return 1

    return send
