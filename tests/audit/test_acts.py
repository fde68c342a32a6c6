"""Everything that counts as history leaves its event: the acts stand by hand in ``acts.yaml``; each is done once."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth import authenticate
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from accounts.models import Officer
from accounts.seams import seams
from cases.clock import now, travel
from cases.letters.copies import recipients
from cases.models import Case, DeadlineRule, Employee, Event, Letter
from cases.selectors.acts import labels
from cases.services.access import reference_changed
from cases.services.assign import assign
from cases.services.checkpoint import checkpoint
from cases.services.conflict import declare_conflict
from cases.services.delivery import record_delivery
from cases.services.disposal import ask_disposal, decide_disposal
from cases.services.dossier import export_history
from cases.services.evidence import attach
from cases.services.identity import answer_identity, ask_identity, read_identity, shred_identity
from cases.services.letters import render_letter_now
from cases.services.notes import add_note
from cases.services.registry import add_employees, change_employees
from cases.services.withdraw import withdraw_letter
from cases.tasks import checkpoint as take_head
from tests.audit.history import look
from tests.audit.test_access import auditor_of
from tests.audit.test_disposal import LATE, both
from tests.desk import signed_in
from tests.fixtures_world import Loaded
from tests.play import play
from tests.screens.conftest import REPORT

pytestmark = pytest.mark.django_db
ACTS = yaml.safe_load(Path(__file__).with_name("acts.yaml").read_text())
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000"
    "000049454e44ae426082"
)


def do_everything(world: Loaded) -> None:
    """Each act of the file once, through the services and pages people use."""
    call_command("load_reference", verbosity=0)
    DeadlineRule.objects.filter(code="initial_review").delete()
    call_command("load_reference", verbosity=0)
    case = Case.objects.get(pk=play("scenarios/04-dilengkapi-lalu-tidak-terbukti.yaml").case.pk)
    open_case = Case.objects.get(pk=play({"report": REPORT}).case.pk)
    yuni, hendra, agus = (world.officer(name) for name in ("yuni", "hendra", "agus"))
    add_note(case=open_case, actor=yuni, text="Catatan")
    attach(case=open_case, actor=yuni, title="Foto", upload=SimpleUploadedFile("a.png", PNG, "image/png"))
    assign(case=open_case, actor=yuni, officer=yuni)
    identity(open_case, world)
    letters(case, yuni, hendra)
    employee = Employee(nip="199001012015011001", name="Baru", employment="PNS", unit="Dinas", position="Staf")
    add_employees(actor=agus, employees=[employee])
    change_employees(actor=agus, employees=list(Employee.objects.filter(nip=employee.nip)))
    rule = DeadlineRule.objects.first()
    assert rule is not None
    reference_changed(actor=None, what="deadlinerule", key=str(rule.pk), changes={"note": ["", "diperiksa"]})
    sessions(world)
    pages(case)
    retire(case)


def identity(case: Case, world: Loaded) -> None:
    yuni, hendra = world.officer("yuni"), world.officer("hendra")
    request = ask_identity(case=case, actor=yuni, reason="Klarifikasi")
    answer_identity(request=request, actor=hendra, release=True)
    read_identity(case=case, reader=yuni)
    shred_identity(case=case, actor=hendra, second=yuni, reason="Permintaan pelapor")
    declare_conflict(case=case, actor=yuni, reason="Keluarga")


def letters(case: Case, yuni: Officer, hendra: Officer) -> None:
    mine = Letter.objects.filter(case=case, institution=hendra.institution, voided_at=None, sealed=False)
    second = next(row for row in mine if recipients(row.context))
    first = next(row for row in mine if row.pk != second.pk)
    for row in (first, second):
        render_letter_now(str(row.pk))
    first.refresh_from_db()
    place = recipients(second.context)[0].place
    record_delivery(
        letter=second, actor=yuni, place=place, manner="IN_PERSON", delivered_on=now().date(), received_by="Penerima"
    )
    withdraw_letter(letter=first, actor=hendra, reason="Salah nama")


def sessions(world: Loaded) -> None:
    client, user = Client(), world.officer("rina").user
    user.set_password("kata sandi yang panjang 91")
    user.save()
    client.post("/accounts/login/", {"login": user.email, "password": "kata sandi yang panjang 91"})
    assert "_auth_user_id" in client.session
    client.logout()
    assert authenticate(None, username="nobody@kantor.example", password="wrong") is None
    officer = world.officer("rina")
    seams.changed(None, "officer_changed", str(officer.pk), {"position": ["Staf", "Kepala"]})


def pages(case: Case) -> None:
    client = signed_in(auditor_of(case))
    checkpoint()
    letter = Letter.objects.filter(case=case, status="READY", sealed=False).first()
    assert letter is not None
    for address in (
        f"/cases/{case.number}/", f"/letters/{letter.pk}/pdf/", f"/evidence/{case.report.evidence.first().pk}/",
        "/history/heads/",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert client.post("/export/", {"format": "xlsx"}).status_code == 200
    export_history(case=case, actor=auditor_of(case), target=io.BytesIO())


def retire(case: Case) -> None:
    asker, approver = both(case)
    with travel(LATE):
        decide_disposal(disposal=ask_disposal(case=case, actor=asker, reason="x"), actor=approver, approve=True)


def test_every_act_leaves_its_event_and_has_words(world: Loaded) -> None:
    do_everything(world)
    known, missing, wordless = labels(), [], []
    for group, acts in ACTS.items():
        for act in acts:
            rows = Event.objects.filter(kind=act["kind"])
            if "name" in act:
                rows = rows.filter(name=act["name"])
                if act["name"] not in known:
                    wordless.append(act["name"])
            found = [row for row in rows if "changes" not in act or act["changes"] in row.changes]
            if not found:
                missing.append((group, act["act"]))
    assert not missing
    assert not wordless
    checkpoint()
    result = look()
    assert result.whole, result.verdict()


def test_a_head_follows_every_commit_within_a_minute(world: Loaded, settings: Any) -> None:
    """The beat comes every half minute, a run that waited that long is dropped, and each takes all there is."""
    (entry,) = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == "cases.tasks.checkpoint"]
    assert entry["schedule"] + entry["options"]["expires"] <= 60
    case = Case.objects.get(pk=play("scenarios/03-terlambat-tidak-diregistrasi.yaml").case.pk)
    started = now()
    with travel(started + dt.timedelta(seconds=1)):
        take_head()
    assert look().waiting == 0
    with travel(started + dt.timedelta(seconds=2)):
        add_event(case)
    assert look().waiting == 1
    with travel(started + dt.timedelta(seconds=entry["schedule"] + 1)):
        take_head()
    assert look().waiting == 0


def add_event(case: Case) -> None:
    officer = Officer.objects.select_related("institution").filter(institution=case.bawaslu, role="OFFICER")[0]
    add_note(case=case, actor=officer, text="Sesudah kepala")
