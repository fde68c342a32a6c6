"""Case lists go out: explicit columns, only what one may see, no reporter, no state's name, no formula."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cases.exchange.resources import CaseResource
from cases.models import Case, Report
from cases.workflow import STATES
from tests.access.stage import PEOPLE, set_scenes
from tests.fixtures_world import Loaded

COLUMNS = [
    "nomor_portal", "nomor_registrasi", "tahap", "status", "nama", "nip", "status_kepegawaian", "jabatan",
    "unit_kerja", "pemilihan", "tanggal_perbuatan", "dibuka", "pelanggaran", "pengawas", "peninjau", "instansi",
    "hasil_telaah", "tingkat_rekomendasi", "sanksi", "tenggat",
]  # fmt: skip


def rows_of(client: Client, kind: str = "csv", **chosen: str) -> list[list[str]]:
    answer = client.post("/export/", {"format": kind} | chosen)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="perkara-')
    assert "no-store" in answer["Cache-Control"]
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    return [[cell.value or "" for cell in line] for line in load_workbook(io.BytesIO(answer.content)).worksheets[0]]


def browser(world: Loaded, name: str) -> Client:
    client = Client()
    client.force_login(world.officer(name).user)
    return client


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_columns_and_what_stands_in_them(world: Loaded, kind: str) -> None:
    case = set_scenes(("closed",))["closed"].case
    head, row = rows_of(browser(world, "agus"), kind)
    assert head == COLUMNS
    told = dict(zip(head, row, strict=True))
    assert told["nomor_portal"] == case.number
    assert told["nip"] == "197406121999031903"
    assert told["pelanggaran"] == "B2"
    assert told["peninjau"] == "BKN Kantor Regional II"
    assert told["sanksi"]
    assert told["tanggal_perbuatan"] == "2024-10-30"


def test_neither_reporter_nor_state_nor_internal_text(world: Loaded) -> None:
    set_scenes(("closed", "plenary", "received"))
    for name in PEOPLE.values():
        if name == "admin":
            continue
        text = str(rows_of(browser(world, name)))
        for secret in ("Warga Contoh", "Jalan Contoh 7", "Benar itu unggahan saya", "Terlapor mengunggah"):
            assert secret not in text
        cells = {cell for row in rows_of(browser(world, name)) for cell in row}
        assert not cells & {state.name for state in STATES}
    assert "state" not in CaseResource().fields


@pytest.mark.parametrize(
    ("name", "seen"),
    [("yuni", 4), ("hendra", 4), ("rina", 2), ("pramono", 2), ("agus", 1), ("wahyu", 1), ("sekar", 4),
     ("ningsih", 0), ("retno", 0), ("bondan", 0)],
)  # fmt: skip
def test_only_what_one_may_see(world: Loaded, name: str, seen: int) -> None:
    set_scenes(("received", "plenary", "under_review", "closed"))
    rows = rows_of(browser(world, name))[1:]
    assert len(rows) == seen
    assert {row[0] for row in rows} == set(
        Case.objects.visible_to(world.officer(name)).values_list("number", flat=True)
    )


def test_whatever_list_is_handed_in_only_visible_rows_leave(world: Loaded) -> None:
    set_scenes(("received",))
    assert len(CaseResource(officer=world.officer("agus")).export(queryset=Case.objects.all())) == 0
    assert len(CaseResource().export(queryset=Case.objects.all())) == 0


def test_administrators_and_people_without_desk_take_nothing_out(world: Loaded) -> None:
    client = browser(world, "admin")
    assert client.get("/export/").status_code == 404
    assert client.post("/export/", {"format": "csv"}).status_code == 404


def test_the_choices(world: Loaded) -> None:
    set_scenes(("received", "closed"))
    client = browser(world, "yuni")
    assert len(rows_of(client, which="open")) == 2
    assert len(rows_of(client, which="closed")) == 2
    assert len(rows_of(client, election="pilkada-2024")) == 3
    assert len(rows_of(client, election="pilkada-2020")) == 1
    assert client.post("/export/", {"format": "ods"}).status_code == 422


def test_a_name_that_is_a_formula_leaves_as_text(world: Loaded) -> None:
    case = set_scenes(("received",))["received"].case
    Case.objects.filter(pk=case.pk).update(subject_name="=HYPERLINK(1)", reported_unit="@SUM(A1)")
    row = rows_of(browser(world, "yuni"))[1]
    assert "'=HYPERLINK(1)" in row
    assert "'@SUM(A1)" in row
    assert Report.objects.count() == 1


def test_the_number_of_queries_does_not_grow(world: Loaded) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            CaseResource(officer=world.officer("yuni")).export(queryset=Case.objects.all())
        return len(captured)

    set_scenes(("closed",))
    few = queries()
    set_scenes(("closed", "in_force", "plenary", "received"))
    assert queries() == few <= 5


def test_cases_are_never_imported() -> None:
    with pytest.raises(NotImplementedError):
        CaseResource().import_data(None)
