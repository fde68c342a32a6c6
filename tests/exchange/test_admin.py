"""The administration pages keep the same limits as the exchange pages."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Officer
from accounts.roles import ADMIN_DESK, AUDITOR_DESK, BKPSDM_OFFICER
from cases.models import Employee
from tests.accounts.conftest import Seat
from tests.exchange.conftest import NIP, OTHER_NIP, PPPK_NIP, employee

LIST = "/admin/cases/employee/"


def test_a_registrar_sees_and_exports_own_rows_only(browser: Client, registrar: Officer, neighbour: Officer) -> None:
    employee(NIP, registrar, name="=Milik Sendiri")
    employee(OTHER_NIP, neighbour, name="Milik Tetangga")
    page = browser.get(LIST).content.decode()
    assert "Milik Sendiri" in page
    assert "Milik Tetangga" not in page
    file = browser.post(f"{LIST}export/", {"format": "0", "resource": "0", "export_items": []} | all_fields())
    assert file.status_code == 200, file.content[:500]
    rows = [[cell.value for cell in line] for line in load_workbook(io.BytesIO(file.content)).worksheets[0]]
    assert len(rows) == 2
    assert "'=Milik Sendiri" in rows[1]


def all_fields() -> dict[str, str]:
    names = ("nip", "name", "employment", "unit", "position", "position_class", "rank", "is_active")
    return {f"employeeresource_{name}": "on" for name in names}


def test_the_librarys_import_pages_are_not_there(browser: Client) -> None:
    assert browser.get(f"{LIST}import/")["Location"] == "/employees/"
    forged = {"import_file_name": "/etc/hostname", "original_file_name": "a.csv", "format": "0", "resource": "0"}
    assert browser.post(f"{LIST}process_import/", forged).status_code in (302, 404)
    assert not Employee.objects.exists()


@pytest.mark.parametrize("key", ["change", "history"])
def test_another_employers_row_does_not_exist(browser: Client, neighbour: Officer, key: str) -> None:
    theirs = employee(NIP, neighbour)
    answer = browser.get(f"{LIST}{theirs.pk}/{key}/")
    assert answer.status_code == 302  # back to the index with "no such employee"
    assert answer["Location"] == "/admin/"


def test_rows_written_by_hand_belong_to_the_registrar(browser: Client, registrar: Officer) -> None:
    cells = {
        "nip": PPPK_NIP, "name": "Rizky Contoh", "employment": "PPPK", "unit": "Dinas", "position": "Guru",
        "position_class": "JF_AHLI_PERTAMA", "rank": "IX", "is_active": "on", "employer": "999",
    }  # fmt: skip
    assert browser.post(f"{LIST}add/", cells).status_code == 302
    made = Employee.objects.get(nip=PPPK_NIP)
    assert (made.employer, made.updated_at is not None) == (registrar.institution, True)
    assert browser.post(f"{LIST}{made.pk}/change/", cells | {"unit": "Sekolah", "nip": NIP}).status_code == 302
    made.refresh_from_db()
    assert (made.unit, made.nip) == ("Sekolah", PPPK_NIP)
    assert browser.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("desk", "employees", "cases"), [
    (BKPSDM_OFFICER, 200, 403), (AUDITOR_DESK, 403, 200), (ADMIN_DESK, 403, 403),
], ids=str)  # fmt: skip
def test_which_desk_sees_what(client: Client, seat: Seat, desk, employees: int, cases: int) -> None:
    client.force_login(seat(desk).user)
    assert client.get(LIST).status_code == employees
    assert client.get("/admin/cases/case/").status_code == cases
    for address in ("add/", "1/delete/"):
        assert client.get(f"/admin/cases/case/{address}").status_code in (302, 403)
