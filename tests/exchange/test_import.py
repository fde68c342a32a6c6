"""The registry comes in: only known columns, only own rows, all or nothing, and exactly the file that was tried out."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Officer
from accounts.roles import DESK_LABELS
from cases.exchange import trial
from cases.exchange.trial import CHANGED, NEW, SAME, WRONG, confirm, try_out
from cases.models import Employee
from cases.services.errors import Refused, WrongDesk
from cases.workflow import IMPORT_EMPLOYEES_BY
from tests.accounts.conftest import Seat
from tests.exchange.conftest import HEADS, NIP, OTHER_NIP, PPPK_NIP, csv_file, employee, row, xlsx_file

FIELDS = ("name", "employment", "unit", "position", "position_class", "rank", "is_active")


def errors_of(tried: trial.Trial) -> dict[str, str]:
    return {cell.name: cell.error for line in tried.outcome.rows for cell in line.cells if cell.error}


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_trial_writes_nothing_and_its_confirmation_all(registrar: Officer, make) -> None:
    employee(OTHER_NIP, registrar, name="Lama Contoh")
    tried = try_out(
        actor=registrar,
        upload=make(row(), row(OTHER_NIP, nama="Baru Contoh"), row(PPPK_NIP, status_kepegawaian="PPPK", golongan="IX")),
    )
    assert (tried.outcome.count(NEW), tried.outcome.count(CHANGED), tried.outcome.count(WRONG)) == (2, 1, 0)
    assert list(Employee.objects.values_list("name", flat=True)) == ["Lama Contoh"]

    done = confirm(actor=registrar, ticket=tried.ticket)
    assert done.outcome.ok
    assert done.sha256 == tried.sha256
    assert set(Employee.objects.values_list("nip", "name")) == {
        (NIP, "Agung Contoh"), (OTHER_NIP, "Baru Contoh"), (PPPK_NIP, "Agung Contoh"),
    }  # fmt: skip
    assert set(Employee.objects.values_list("employer", flat=True)) == {registrar.institution_id}
    assert not Employee.objects.filter(updated_at=None).exists()


def test_an_unchanged_row_is_left_alone(registrar: Officer) -> None:
    employee(NIP, registrar)
    tried = try_out(actor=registrar, upload=csv_file(row()))
    assert tried.outcome.count(SAME) == 1
    confirm(actor=registrar, ticket=tried.ticket)
    assert Employee.objects.get().updated_at is None


def test_the_preview_shows_what_stood_there(registrar: Officer) -> None:
    employee(NIP, registrar)
    tried = try_out(actor=registrar, upload=csv_file(row(jabatan="Lurah", golongan="III/d", aktif="tidak")))
    assert {cell.name: (cell.was, cell.value) for cell in tried.outcome.rows[0].cells if cell.was} == {
        "position": ("Sekretaris", "Lurah"), "rank": ("III/c", "III/d"), "is_active": ("ya", "tidak"),
    }  # fmt: skip


@pytest.mark.parametrize("heads", [HEADS, [h.upper().replace("_", " ") for h in HEADS],
    ["NIP/NIPPPK", "Nama Lengkap", "Jenis ASN", "OPD", "Nama Jabatan", "Jenis Jabatan", "Gol/Ruang", "Status Aktif"],
    ["nip", "name", "employment", "unit", "position", "position_class", "rank", "is_active"]])  # fmt: skip
def test_the_ways_offices_write_their_columns(registrar: Officer, heads: list[str]) -> None:
    tried = try_out(actor=registrar, upload=csv_file(row(), heads=heads, delimiter=";"))
    assert tried.outcome.troubles == []
    assert tried.outcome.count(NEW) == 1


def test_people_may_write_a_class_in_words_and_a_nip_with_blanks(registrar: Officer) -> None:
    typed = row("19850611 201001 1 912", kelas_jabatan="Pejabat Pengawas", status_kepegawaian="pns")
    confirm(actor=registrar, ticket=try_out(actor=registrar, upload=csv_file(typed)).ticket)
    made = Employee.objects.get(nip=NIP)
    assert (made.position_class, made.employment) == ("PENGAWAS", "PNS")


@pytest.mark.parametrize("head", ["state", "employer", "employer_id", "id", "updated_at", "nik", "instansi", ""])
def test_no_other_column_gets_in(registrar: Officer, head: str) -> None:
    upload = csv_file([*row(), "x"], heads=[*HEADS[:3], head, *HEADS[3:]])
    tried = try_out(actor=registrar, upload=upload)
    assert not tried.outcome.ok
    assert tried.ticket == ""
    assert len(tried.outcome.troubles) == 1


def test_a_missing_or_doubled_column_is_named(registrar: Officer) -> None:
    missing = try_out(actor=registrar, upload=csv_file(row()[:5], heads=HEADS[:5]))
    assert "kelas_jabatan" in missing.outcome.troubles[0]
    doubled = try_out(actor=registrar, upload=csv_file([*row(), "x"], heads=[*HEADS, "Nama Pegawai"]))
    assert "Nama Pegawai" in doubled.outcome.troubles[0]


WRONG_CELLS = {
    "17 digits": ({"nip": "19860311201012003"}, "nip"),
    "no such month of birth": ({"nip": "199113022019031004"}, "nip"),
    "letters": ({"nip": "abc"}, "nip"),
    "rounded by a spreadsheet": ({"nip": "1,98506E+17".replace(",", ".")}, "nip"),
    "no NIP": ({"nip": ""}, "nip"),
    "PPPK digits on a PNS": ({"nip": PPPK_NIP}, "nip"),
    "no name": ({"nama": " "}, "name"),
    "a long name": ({"nama": "A" * 151}, "name"),
    "unknown employment": ({"status_kepegawaian": "HONORER"}, "employment"),
    "unknown class": ({"kelas_jabatan": "RAJA"}, "position_class"),
    "rank of the other scale": ({"golongan": "IX"}, "rank"),
    "neither yes nor no": ({"aktif": "mungkin"}, "is_active"),
}


@pytest.mark.parametrize("name", WRONG_CELLS)
def test_a_wrong_cell_is_named_and_nothing_can_be_saved(registrar: Officer, name: str) -> None:
    cells, field = WRONG_CELLS[name]
    tried = try_out(actor=registrar, upload=csv_file(row(OTHER_NIP), row(**cells)))
    assert set(errors_of(tried)) == {field}
    assert [(line.line, line.outcome) for line in tried.outcome.rows] == [(2, NEW), (3, WRONG)]
    assert tried.ticket == ""
    assert not Employee.objects.exists()


def test_the_same_nip_twice_names_the_first_row(registrar: Officer) -> None:
    tried = try_out(actor=registrar, upload=xlsx_file(row(), [None] * 8, row()))
    assert [line.line for line in tried.outcome.rows] == [2, 4]
    assert " 2" in errors_of(tried)["nip"]


def test_another_employers_nip_is_refused_and_its_data_not_shown(registrar: Officer, neighbour: Officer) -> None:
    theirs = employee(NIP, neighbour, name="Rahasia Tetangga")
    tried = try_out(actor=registrar, upload=csv_file(row()))
    assert set(errors_of(tried)) == {"nip"}
    assert "Rahasia" not in str(tried)
    theirs.refresh_from_db()
    assert (theirs.name, theirs.employer) == ("Rahasia Tetangga", neighbour.institution)


def test_formulas_come_in_as_text(registrar: Officer) -> None:
    upload = csv_file(row(nama="=cmd|' /C calc'!A0", jabatan="'=1+1"))
    confirm(actor=registrar, ticket=try_out(actor=registrar, upload=upload).ticket)
    made = Employee.objects.get()
    assert (made.name, made.position) == ("=cmd|' /C calc'!A0", "=1+1")


class TestConfirmation:
    """Exactly that file, that person, that desk, once."""

    @pytest.fixture
    def ticket(self, registrar: Officer) -> str:
        return try_out(actor=registrar, upload=csv_file(row())).ticket

    def test_once(self, registrar: Officer, ticket: str) -> None:
        confirm(actor=registrar, ticket=ticket)
        with pytest.raises(Refused):
            confirm(actor=registrar, ticket=ticket)

    def test_nobody_else(self, registrar: Officer, neighbour: Officer, ticket: str) -> None:
        with pytest.raises(Refused):
            confirm(actor=neighbour, ticket=ticket)
        assert not Employee.objects.exists()

    def test_no_other_file(self, registrar: Officer, ticket: str) -> None:
        storage = storages["private"]
        (name,) = storage.listdir(trial.FOLDER)[1]
        storage.delete(f"{trial.FOLDER}/{name}")
        storage.save(f"{trial.FOLDER}/{name}", ContentFile(csv_file(row(nama="Lain")).read()))
        with pytest.raises(Refused):
            confirm(actor=registrar, ticket=ticket)
        assert not Employee.objects.exists()

    @pytest.mark.parametrize(
        "spoil", [lambda t: "", lambda t: "x", lambda t: t[:-1] + ("B" if t.endswith("A") else "A"), lambda t: t + "A"]
    )
    def test_no_forged_ticket(self, registrar: Officer, ticket: str, spoil) -> None:
        with pytest.raises(Refused):
            confirm(actor=registrar, ticket=spoil(ticket))

    def test_not_too_late(self, registrar: Officer, ticket: str, monkeypatch) -> None:
        monkeypatch.setattr(trial, "VALID_FOR", dt.timedelta(seconds=-1))
        with pytest.raises(Refused):
            confirm(actor=registrar, ticket=ticket)

    def test_what_changed_meanwhile_is_said_and_nothing_written(self, registrar: Officer, neighbour: Officer) -> None:
        tried = try_out(actor=registrar, upload=csv_file(row(), row(OTHER_NIP)))
        employee(NIP, neighbour)
        done = confirm(actor=registrar, ticket=tried.ticket)
        assert not done.outcome.ok
        assert Employee.objects.filter(employer=registrar.institution).count() == 0

    def test_files_nobody_confirmed_do_not_pile_up(self, registrar: Officer, ticket: str, monkeypatch) -> None:
        monkeypatch.setattr(trial, "VALID_FOR", dt.timedelta(seconds=-1))
        try_out(actor=registrar, upload=csv_file(row(OTHER_NIP)))
        assert len(storages["private"].listdir(trial.FOLDER)[1]) == 1


@pytest.fixture(autouse=True)
def _no_files_left(settings) -> None:
    yield
    storage = storages["private"]
    try:
        for name in storage.listdir(trial.FOLDER)[1]:
            storage.delete(f"{trial.FOLDER}/{name}")
    except FileNotFoundError:
        pass


@pytest.mark.parametrize("desk", [desk for desk in DESK_LABELS if desk not in IMPORT_EMPLOYEES_BY], ids=str)
def test_only_the_registrars_desk(seat: Seat, client: Client, desk) -> None:
    officer = seat(desk)
    with pytest.raises(WrongDesk):
        try_out(actor=officer, upload=csv_file(row()))
    with pytest.raises(WrongDesk):
        confirm(actor=officer, ticket="x")
    client.force_login(officer.user)
    for address in ("/employees/", "/employees/file/", "/employees/import/"):
        assert client.get(address).status_code == 404
    assert client.post("/employees/import/", {"file": csv_file(row())}).status_code == 404
    assert client.post("/employees/import/confirm/", {"ticket": "x"}).status_code == 404


class TestPages:
    """Upload, look, save: without JavaScript."""

    def test_from_upload_to_registry(self, browser: Client) -> None:
        page = browser.post("/employees/import/", {"file": xlsx_file(row())})
        assert page.status_code == 200
        assert not Employee.objects.exists()
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())[1]
        answer = browser.post("/employees/import/confirm/", {"ticket": ticket})
        assert (answer.status_code, answer["Location"]) == (302, "/employees/")
        page = browser.get("/employees/").content.decode()
        assert "Agung Contoh" in page
        assert "19850611 201001 1 912" in page

    def test_a_wrong_row_offers_no_saving(self, browser: Client) -> None:
        page = browser.post("/employees/import/", {"file": csv_file(row("123"))})
        assert page.status_code == 422
        assert 'name="ticket"' not in page.content.decode()

    def test_a_wrong_file_comes_back_to_the_form(self, browser: Client) -> None:
        for upload in (SimpleUploadedFile("a.pdf", b"%PDF-1.4"), SimpleUploadedFile("a.xlsx", b"PK nothing")):
            page = browser.post("/employees/import/", {"file": upload})
            assert page.status_code == 422
            assert "field-error" in page.content.decode()

    def test_the_present_registry_comes_back_unchanged(self, browser: Client, registrar: Officer) -> None:
        employee(NIP, registrar, name="=Agung", position="+Lurah", is_active=False)
        file = browser.get("/employees/file/?filled=1")
        tried = try_out(actor=registrar, upload=SimpleUploadedFile("pegawai.xlsx", file.content))
        assert tried.outcome.troubles == []
        assert tried.outcome.count(SAME) == 1

    def test_only_own_rows_are_shown(self, browser: Client, neighbour: Officer) -> None:
        employee(NIP, neighbour, name="Milik Tetangga")
        assert "Milik Tetangga" not in browser.get("/employees/?q=Milik").content.decode()


def test_five_thousand_rows_take_few_queries(registrar: Officer, django_assert_max_num_queries) -> None:
    rows = [row(f"19850611{2005 + n // 900:04}011{n % 900 + 100}") for n in range(5000)]
    with django_assert_max_num_queries(30):
        tried = try_out(actor=registrar, upload=csv_file(*rows))
    assert tried.outcome.count(NEW) == 5000, errors_of(tried)
    with django_assert_max_num_queries(80):  # rows go in by the hundred
        confirm(actor=registrar, ticket=tried.ticket)
    assert Employee.objects.count() == 5000
