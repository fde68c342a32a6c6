"""Files are measured before they are parsed: bombs and nonsense end in a sentence, quickly and in little memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Officer
from cases.exchange import limits
from cases.exchange.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, check_csv, check_xlsx, decode
from cases.exchange.trial import try_out
from cases.services.errors import Refused
from tests.exchange.conftest import csv_file, row, xlsx_file


def altered(change: dict[str, object]) -> bytes:
    """A real spreadsheet in which some parts are replaced; ``{name: function or bytes}``."""
    given = zipfile.ZipFile(io.BytesIO(xlsx_file(row()).read()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in given.namelist():
            part = given.read(name)
            new = change.pop(name, part)
            archive.writestr(name, new(part) if callable(new) else new)
        for name, part in change.items():
            archive.writestr(name, part)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOMBS = {
    "one cell at the far corner": {SHEET: lambda x: x.replace(b"</row>", b'<c r="XFD1048576"><v>1</v></c></row>', 1)},
    "a dimension that promises it": {SHEET: lambda x: x.replace(b'ref="A1:H2"', b'ref="A1:XFD1048576"')},
    "a row far down": {SHEET: lambda x: x.replace(b'<row r="2"', b'<row r="1048576"')},
    "many rows without numbers": {SHEET: lambda x: x.replace(b"<row ", b"<row/>" * (MAX_ROWS + 1) + b"<row ", 1)},
    "many cells without names": {SHEET: lambda x: x.replace(b"</row>", b"<c/>" * (MAX_COLUMNS + 1) + b"</row>", 1)},
    "entities that multiply": {
        SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    },
    "text that unpacks to a hundred megabytes": {"xl/sharedStrings.xml": b"<sst>" + b" " * 100_000_000 + b"</sst>"},
    "many sheets": {f"xl/worksheets/sheet{n}.xml": b"<worksheet/>" for n in range(2, 9)},
    "many parts": {f"xl/media/{n}.png": b"" for n in range(300)},
    "broken markup": {SHEET: b"<worksheet><sheetData>"},
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly_and_in_little_memory(name: str) -> None:
    content = altered(dict(BOMBS[name]))
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(Refused):
        check_xlsx(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - began < 5
    assert peak < 16 * 1024 * 1024


def test_the_untouched_file_passes() -> None:
    check_xlsx(altered({}))


def test_a_directory_that_lies_about_sizes_is_counted_by_what_comes_out(monkeypatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 3000)
    with pytest.raises(Refused):
        check_xlsx(altered({}))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"\0" * 100, b"<html></html>"])
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        check_xlsx(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"a\0b", "nama\nJosé".encode("latin-1"), "nama".encode("utf-16")],
    ids=["empty", "nul", "latin", "utf16"],
)
def test_what_is_no_utf8_text_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        decode(content)


@pytest.mark.parametrize(
    "text", ["a\n" * (MAX_ROWS + 2), "a," * MAX_COLUMNS + "a", "x" * 200_000], ids=["rows", "columns", "cell"]
)
def test_csv_has_the_same_limits(text: str) -> None:
    with pytest.raises(Refused):
        check_csv(text)


def test_the_limit_of_bytes_comes_first(registrar: Officer, monkeypatch) -> None:
    upload = SimpleUploadedFile("a.csv", b"x" * (MAX_BYTES + 1))
    monkeypatch.setattr(SimpleUploadedFile, "read", property(lambda self: pytest.fail("read although too large")))
    with pytest.raises(Refused):
        try_out(actor=registrar, upload=upload)


def test_cells_beyond_the_head_are_refused(registrar: Officer) -> None:
    with pytest.raises(Refused):
        try_out(actor=registrar, upload=csv_file([*row(), "x"]))


def test_only_the_first_sheet_is_read_and_blank_rows_are_not_counted(registrar: Officer) -> None:
    tried = try_out(actor=registrar, upload=xlsx_file([None] * 8, row(), [None] * 8))
    assert [line.line for line in tried.outcome.rows] == [3]
