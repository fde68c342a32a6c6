"""Cells that stay text in every spreadsheet program."""

from __future__ import annotations

import csv
import io

import pytest
import tablib
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cases.exchange.cells import DANGEROUS, plain, safe
from cases.exchange.formats import SafeCSV, SafeXLSX

EVIL = [
    "=1+1",
    "==1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "'=1",
    "＝1+1",
    "\u00a0=1",
]


@pytest.mark.parametrize("text", EVIL)
def test_the_known_tricks(text: str) -> None:
    assert safe(text).startswith("'")


@given(st.text())
def test_no_cell_begins_with_a_sign_that_runs(text: str) -> None:
    assert not safe(text).startswith(DANGEROUS)


@given(st.text(st.characters(min_codepoint=32), min_size=1).map(str.strip))
def test_what_we_write_we_read_back(text: str) -> None:
    assert plain(safe(text)) == text


def test_harmless_text_is_not_touched() -> None:
    for text in ("Agung Wicaksono", "III/c", "198506112010011912", "D'Souza", "a=b", "2024-11-25"):
        assert safe(text) == text


def exported(kind: type) -> list[list[str]]:
    data = kind().export_data(
        tablib.Dataset(*[[text, "198506112010011912"] for text in EVIL], headers=["=nama", "nip"])
    )
    if kind is SafeCSV:
        return list(csv.reader(io.StringIO(data.removeprefix("\ufeff"), newline="")))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}
    assert {cell.number_format for line in sheet.iter_rows() for cell in line} == {"@"}
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


@pytest.mark.parametrize("kind", [SafeCSV, SafeXLSX])
def test_files_hold_no_formula_and_whole_numbers(kind: type) -> None:
    rows = exported(kind)
    assert len(rows) == len(EVIL) + 1
    for first, second in rows[1:]:
        assert first.startswith("'")
        assert second == "198506112010011912"
    assert rows[0] == ["'=nama", "nip"]
