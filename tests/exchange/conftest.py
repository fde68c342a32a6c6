"""One employer with an officer, another one beside it, and registry files."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from accounts.models import Officer
from accounts.roles import BKPSDM_OFFICER
from cases.catalogue.loader import load_all
from cases.models import Employee
from tests.accounts.conftest import Seat, seat  # noqa: F401 - a fixture

HEADS = ["nip", "nama", "status_kepegawaian", "unit_kerja", "jabatan", "kelas_jabatan", "golongan", "aktif"]
NIP = "198506112010011912"
OTHER_NIP = "197902142005012913"
PPPK_NIP = "199602272024211931"


def row(nip: str = NIP, **more: str) -> list[str]:
    cells = {
        "nip": nip, "nama": "Agung Contoh", "status_kepegawaian": "PNS", "unit_kerja": "Kelurahan Contoh",
        "jabatan": "Sekretaris", "kelas_jabatan": "PENGAWAS", "golongan": "III/c", "aktif": "ya",
    } | more  # fmt: skip
    return [cells[head] for head in HEADS]


def csv_file(*rows: list[Any], heads: list[str] | None = None, delimiter: str = ",") -> SimpleUploadedFile:
    lines = [heads or HEADS, *rows]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    return SimpleUploadedFile("pegawai.csv", text.encode())


def xlsx_file(*rows: list[Any], heads: list[str] | None = None) -> SimpleUploadedFile:
    book = Workbook()
    for line in [heads or HEADS, *rows]:
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("pegawai.xlsx", stream.getvalue())


def employee(nip: str, officer: Officer, **more: Any) -> Employee:
    values = {
        "name": "Agung Contoh", "employment": "PNS", "unit": "Kelurahan Contoh", "position": "Sekretaris",
        "position_class": "PENGAWAS", "rank": "III/c",
    } | more  # fmt: skip
    return Employee.objects.create(nip=nip, employer=officer.institution, **values)


@pytest.fixture
def registrar(seat: Seat) -> Officer:  # noqa: F811
    load_all()
    return seat(BKPSDM_OFFICER)


@pytest.fixture
def neighbour(seat: Seat) -> Officer:  # noqa: F811
    return seat(BKPSDM_OFFICER, "tetangga@kantor.example", code="bkpsdm-tetangga")


@pytest.fixture
def browser(client: Client, registrar: Officer) -> Client:
    client.force_login(registrar.user)
    return client
