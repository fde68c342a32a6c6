"""One case from report to closed, clicked through by every desk in Chromium, in Indonesian.

``test_whole_travel`` goes with JavaScript, ``test_plain_travel`` without: each names its way in a fixture ``scripts``.

The demo's own date is moved between the acts (``DEMO_DATE``, as ``make demo`` takes it), so what is proven is the
portal as people try it: cards for sign-in, the tasks of each desk, forms, letters, and the auditor's reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser, expect

from cases.models import Case, Letter
from cases.services.letters import render_letter_now, sweep
from tests.fixtures_world import Loaded
from tests.travel.people import Somebody, arrive, fill

OFFICER, COMMISSIONER = "Bawaslu, petugas", "Bawaslu, komisioner"
REVIEWER, BOARD = "Penelaah, petugas", "Penelaah, penanda tangan"
AGENCY, AUTHORITY = "BKPSDM, petugas", "PPK (penanda tangan)"
AUDITOR = "Auditor"
SUBJECT = "Bambang"

At = Callable[[str, str], Somebody]


@pytest.fixture
def at(scripts: bool, browser: Browser, live_server: Any, world: Loaded, settings: Any) -> Iterator[At]:
    """``at(day, desk)``: the demo's date is ``day``, and this is the browser of ``desk``."""
    settings.DEMO = True
    people: dict[str, Somebody] = {}
    contexts = []

    def on(day: str, desk: str) -> Somebody:
        settings.DEMO_DATE = dt.date.fromisoformat(day)
        if desk not in people:
            options = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": scripts}
            people[desk], context = arrive(browser, live_server.url, desk, **options)
            contexts.append(context)
        return people[desk]

    yield on
    trouble = [line for somebody in people.values() for line in somebody.trouble]
    for context in contexts:
        context.close()
    assert trouble == []


def picture() -> dict[str, Any]:
    content = BytesIO()
    Image.new("RGB", (400, 300), "navy").save(content, "PNG")
    return {"name": "tangkapan-layar.png", "mimeType": "image/png", "buffer": content.getvalue()}


def report(officer: Somebody) -> None:
    officer.page.get_by_role("link", name="Laporan baru").first.click()
    expect(officer.page.get_by_role("heading", name="Laporan atau temuan baru")).to_be_visible()
    parts: tuple[dict[str, Any], ...] = (
        {
            "election": "pilkada-2024", "incident": "Mengunggah ajakan memilih calon wali kota", "place": "Facebook",
            "occurred_on": "2024-10-30", "known_on": "2024-10-31",
            "chronology": "Terlapor mengunggah foto bersama calon dengan ajakan memilih.",
        },
        {"reported-0-name": "Bambang", "reported-0-nip": "19740612 199903 1 903"},
        {
            "origin": "REPORT", "channel": "COUNTER", "reporter_name": "Sukarti Melati",
            "reporter_address": "Jalan Rahasia 7",
        },
        {
            "witnesses-0-name": "Paiman", "evidence-0-title": "Tangkapan layar unggahan",
            "evidence-0-file": picture(),
        },
    )  # fmt: skip
    for answers in parts:
        form = officer.page.locator("main form").filter(has=officer.page.locator(f'[name="{next(iter(answers))}"]'))
        fill(form, answers)
        form.locator(".form-end button.btn-primary").click()
    officer.page.locator("form#report button.btn-primary").click()
    officer.reads("1 perkara dibuka.", "Laporan diterima", "Identitas pelapor disegel")


def examiners() -> dict[str, str]:
    rows = (
        ("CHAIR", "Rahmad Hidayat", "Kepala Dinas", "IV/c"),
        ("SECRETARY", "Sulastri Ningrum", "Sekretaris", "IV/b"),
        ("MEMBER", "Teguh Santosa", "Inspektur Pembantu", "IV/a"),
    )
    columns = ("part", "name", "position", "rank")
    return {
        f"examiners-{number}-{column}": value
        for number, row in enumerate(rows)
        for column, value in zip(columns, row, strict=True)
    }


def travel(at: At, *, every_letter: bool) -> None:
    report(at("2024-11-01", OFFICER))
    supervisor(at)
    reviewer(at)
    employer(at)
    letters(at, every=every_letter)
    auditor(at)


def supervisor(at: At) -> None:
    officer = at("2024-11-04", OFFICER)
    officer.take(SUBJECT, "Registrasi", violation="B6", target_status="CANDIDATE")
    officer.reads("meregistrasi perkara.", "Teregistrasi")
    invited = {"people-0-role": "REPORTED", "people-1-role": "REPORTER", "scheduled_on": "2024-11-06"}
    officer.take(SUBJECT, "Undang klarifikasi", **invited, place="Ruang klarifikasi")
    officer = at("2024-11-06", OFFICER)
    officer.take(
        SUBJECT, "Catat klarifikasi", person_role="REPORTED", place="Ruang klarifikasi", oath="NOT_ASKED",
        statement="Benar saya yang mengunggah.",
    )  # fmt: skip
    officer.take(SUBJECT, "Akhiri klarifikasi")
    officer = at("2024-11-07", OFFICER)
    officer.take(
        SUBJECT, "Ajukan kajian ke pleno", facts="Unggahan ada.", element_subject="PNS aktif.",
        element_act="Mengunggah.", element_target="Calon wali kota.", analysis="Memenuhi unsur.",
        conclusion="Terbukti.", proposed_outcome="FORWARD",
    )  # fmt: skip
    officer.reads("Menunggu Bawaslu, komisioner")
    commissioner = at("2024-11-08", COMMISSIONER)
    commissioner.take(SUBJECT, "Teruskan rekomendasi", plenary_number="12/BA/XI/2024")
    commissioner.reads("Menunggu BKN Kantor Regional II")


def reviewer(at: At) -> None:
    officer = at("2024-11-11", REVIEWER)
    officer.take(SUBJECT, "Terima berkas")
    officer.reads("menerima berkas dan memulai telaah.", "Identitas pelapor disegel")
    expect(officer.page.get_by_text("Sukarti")).to_have_count(0)
    officer.take(SUBJECT, "Minta kelengkapan", missing_items="Tangkapan layar utuh")
    officer.reads("meminta kelengkapan kepada Bawaslu; tenggat dijeda.", "Dijeda")
    at("2024-11-12", OFFICER).take(SUBJECT, "Penuhi kelengkapan", added="Tangkapan layar utuh")
    at("2024-11-13", REVIEWER).take(
        SUBJECT, "Ajukan hasil telaah", analysis="Terbukti melanggar disiplin.", finding="DISCIPLINE", level="MODERATE"
    )
    board = at("2024-11-14", BOARD)
    board.take(SUBJECT, "Rekomendasikan sanksi", considerations="Perbuatan telah terbukti.")
    board.reads("merekomendasikan sanksi kepada")


def employer(at: At) -> None:
    at("2024-11-15", AGENCY).take(SUBJECT, "Mulai pemeriksaan", examined_by="TEAM", **examiners())
    at("2024-11-15", AGENCY).take(SUBJECT, "Panggil", scheduled_on="2024-11-26", place="Ruang rapat BKPSDM")
    at("2024-11-26", AGENCY).take(
        SUBJECT, "Catat pemeriksaan", place="Ruang rapat BKPSDM", signed="yes",
        **{"questions-0-question": "Apakah Saudara sehat?", "questions-0-answer": "Sehat."},
    )  # fmt: skip
    at("2024-11-28", AGENCY).take(
        SUBJECT, "Laporkan hasil pemeriksaan", findings="Terbukti.", impact="AGENCY", proven="yes"
    )
    at("2024-11-29", AUTHORITY).take(SUBJECT, "Tetapkan sanksi", sanction="S1T")
    agency = at("2024-12-02", AGENCY)
    agency.take(SUBJECT, "Catat penyerahan", manner="IN_PERSON")
    agency.reads("Belum bisa:", "Keputusan mulai berlaku pada")
    at("2024-12-30", AGENCY).take(SUBJECT, "Catat mulai berlaku")
    agency.take(SUBJECT, "Tutup perkara", record_number="IDIS-2024-001")
    agency.reads("Perkara ini sudah berakhir: Selesai")


def letters(at: At, *, every: bool) -> None:
    """What a worker does when it comes to it, for every letter or the decree; then the employer opens its decree."""
    if every:
        sweep(older_than=dt.timedelta(0))
        assert not Letter.objects.exclude(status=Letter.Status.READY).exists()
    else:
        render_letter_now(str(Letter.objects.get(kind="sanction_decree").pk))
    page = at("2024-12-30", AGENCY).page
    page.get_by_role("link", name="Surat", exact=True).first.click()
    expect(page.get_by_role("heading", name="Surat", level=1)).to_be_visible()
    decree = Letter.objects.get(kind="sanction_decree")
    page.get_by_label("Nomor, nama, atau perkara").fill(decree.number)
    page.get_by_role("main").get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Keputusan sanksi", exact=True).click()
    expect(page.get_by_role("heading", name="Keputusan sanksi")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh PDF").click()
    with pikepdf.open(download.value.path()) as pdf:
        assert len(pdf.pages) >= 1


def auditor(at: At) -> None:
    """The auditor finds the finished case in the list and reads all of it; the history proves whole."""
    somebody = at("2024-12-30", AUDITOR)
    page = somebody.page
    page.get_by_role("link", name="Semua perkara").first.click()
    page.get_by_role("link", name=SUBJECT).first.click()
    expect(page.get_by_role("button", name="Tutup perkara")).to_have_count(0)
    told = (
        "mencatat laporan.", "meregistrasi perkara.", "menerbitkan undangan klarifikasi.", "mencatat klarifikasi.",
        "mengakhiri klarifikasi.", "mengajukan kajian ke pleno.",
        "meneruskan rekomendasi kepada BKN Kantor Regional II.",
        "menerima berkas dan memulai telaah.", "meminta kelengkapan kepada Bawaslu; tenggat dijeda.",
        "memenuhi permintaan kelengkapan; tenggat berjalan lagi.", "mengusulkan hasil telaah.",
        "merekomendasikan sanksi kepada", "memulai pemeriksaan.", "memanggil pegawai untuk diperiksa.",
        "mencatat pemeriksaan.", "melaporkan hasil pemeriksaan.", "menetapkan sanksi.",
        "mencatat penyerahan keputusan.", "mencatat bahwa keputusan berlaku.", "menutup perkara.",
    )  # fmt: skip
    somebody.reads(*told)
    assert Case.objects.get().state == "closed"
    call_command("verify_history")
