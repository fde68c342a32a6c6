"""CSV and XLSX as this portal reads and writes them: measured before they are parsed, harmless when opened."""

from __future__ import annotations

import csv
import io
from typing import Any

import tablib
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cases.exchange.cells import safe
from cases.exchange.limits import beyond_head, check_csv, check_xlsx, damaged, decode, empty


def _safe_dataset(dataset: tablib.Dataset) -> tablib.Dataset:
    rows = [[safe(cell) for cell in row] for row in dataset]
    return tablib.Dataset(*rows, headers=[safe(header) for header in dataset.headers or []])


class SafeCSV(CSV):
    """Comma or semicolon, UTF-8; written with a byte order mark so that spreadsheet programs read the letters right."""

    def create_dataset(self, in_stream: bytes | str, **kwargs: Any) -> tablib.Dataset:
        """Rows of the file. Raises Refused when it is too big or not a text file."""
        text = decode(in_stream) if isinstance(in_stream, bytes) else in_stream
        delimiter = check_csv(text)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
        return _dataset(rows)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> str:
        """The file's text."""
        return "\ufeff" + str(_safe_dataset(dataset).export("csv"))

    def is_binary(self) -> bool:
        """Read as bytes: the encoding is ours to find out."""
        return True

    def get_read_mode(self) -> str:
        """As bytes."""
        return "rb"


class SafeXLSX(XLSX):
    """First sheet only; every cell written as text, so that a NIP keeps its last digits."""

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        """Rows of the first sheet. Raises Refused when the file is too big, hostile or damaged."""
        check_xlsx(in_stream)
        try:
            book = load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
            rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        except Exception as error:  # the parser raises anything on damaged files
            raise damaged() from error
        return _dataset(rows)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The file's bytes."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet((dataset.title or "Data")[:31])
        sheet.freeze_panes = "A2"
        clean = _safe_dataset(dataset)
        for column in range(1, len(clean.headers or []) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 22
        for number, row in enumerate([clean.headers or [], *clean]):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value=text)
                cell.data_type, cell.number_format = "s", "@"
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


def _blank(cell: Any) -> bool:
    return cell is None or not str(cell).strip()


def _dataset(rows: list[list[Any]]) -> tablib.Dataset:
    """The rows below the head, without blank ones; ``lines`` on the result are their numbers in the sheet.

    Raises Refused when there is no head, or a row has cells beyond it.
    """
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if not all(map(_blank, row))]
    if not numbered:
        raise empty()
    head = list(numbered[0][1])
    while _blank(head[-1]):
        head.pop()
    width = len(head)
    dataset = tablib.Dataset(headers=["" if cell is None else str(cell) for cell in head])
    lines = []
    for number, row in numbered[1:]:
        if not all(map(_blank, row[width:])):
            raise beyond_head(number)
        dataset.append([*row, *[""] * width][:width])
        lines.append(number)
    dataset.lines = lines
    return dataset


FORMATS: dict[str, type[SafeCSV | SafeXLSX]] = {"csv": SafeCSV, "xlsx": SafeXLSX}
