"""Files are measured before anything parses them whole.

A spreadsheet of five kilobytes with one cell at XFD1048576 makes readers build billions of cells, and a zip can unpack
to a thousand times its size. So the sheets are streamed first and only their extent is looked at.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from xml.parsers import expat

from django.utils.translation import gettext as _

from cases.services.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
#: Unpacked size of everything in a spreadsheet file.
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 200
#: Rows below the head. A city employs four to six thousand civil servants.
MAX_ROWS = 20_000
MAX_COLUMNS = 40
MAX_SHEETS = 3
MAX_CELL = 2_000
CHUNK = 64 * 1024
REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")


def _refuse(sentence: str) -> Refused:
    return Refused(sentence, field="file")


def too_large() -> Refused:
    """The refusal of a file over the limit of bytes."""
    return _refuse(_("The file is larger than %(mb)d MB.") % {"mb": MAX_BYTES // 1024 // 1024})


def too_long() -> Refused:
    """The refusal of a file over the limit of rows."""
    return _refuse(_("The file has more than %(rows)d rows.") % {"rows": MAX_ROWS})


def too_wide() -> Refused:
    """The refusal of a file over the limit of columns."""
    return _refuse(_("The file has more than %(columns)d columns.") % {"columns": MAX_COLUMNS})


def damaged() -> Refused:
    """The refusal of a file that is no spreadsheet."""
    return _refuse(_("This is not an XLSX file, or it is damaged."))


def empty() -> Refused:
    """The refusal of a file without a single cell."""
    return _refuse(_("The file is empty."))


def beyond_head(row: int) -> Refused:
    """The refusal of a row that is longer than the head."""
    return _refuse(_("Row %(row)d has cells beyond the last column head.") % {"row": row})


def check_bytes(content: bytes) -> None:
    """Neither empty nor larger than allowed. Raises Refused."""
    if not content:
        raise empty()
    if len(content) > MAX_BYTES:
        raise too_large()


def decode(content: bytes) -> str:
    """The text of a CSV file. Raises Refused when it is not UTF-8."""
    check_bytes(content)
    if b"\0" in content:
        raise _refuse(_("This is not a CSV file."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refuse(_("The file is not in UTF-8. Save it as “CSV UTF-8” and try again.")) from None


def check_csv(text: str) -> str:
    """The delimiter of a CSV text within the limits. Raises Refused."""
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows += 1
            if rows > MAX_ROWS + 1:
                raise too_long()
            if len(row) > MAX_COLUMNS:
                raise too_wide()
            if any(len(cell) > MAX_CELL for cell in row):
                raise _refuse(_("A cell in row %(row)d is too long.") % {"row": rows})
    except csv.Error:
        raise _refuse(_("This is not a CSV file.")) from None
    return delimiter


def check_xlsx(content: bytes) -> None:
    """A spreadsheet within the limits. Raises Refused, having unpacked no more than the limits allow."""
    check_bytes(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise damaged() from None
    except (expat.ExpatError, zlib.error):
        raise damaged() from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refuse(_("The file unpacks to more than is allowed."))
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or len(set(names)) != len(names):
        raise damaged()
    sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if len(sheets) > MAX_SHEETS:
        raise _refuse(_("The file has more than %(sheets)d sheets.") % {"sheets": MAX_SHEETS})
    unpacked = 0
    for name in names:
        if name.endswith((".xml", ".rels")):
            # What the directory claims is not what a stream yields: count what really comes out.
            unpacked = _check_xml(archive, name, unpacked, is_sheet=name in sheets)


def _check_xml(archive: zipfile.ZipFile, name: str, unpacked: int, *, is_sheet: bool) -> int:
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = parser.StartDoctypeDeclHandler = _no_declarations
    if is_sheet:
        parser.StartElementHandler = _Extent().element
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED:
                raise _refuse(_("The file unpacks to more than is allowed."))
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return unpacked


def _no_declarations(*_arguments: object) -> None:
    raise _refuse(_("The file contains declarations that are not allowed."))


class _Extent:
    """Follows a sheet's rows and cells, and refuses the first that lies outside."""

    def __init__(self) -> None:
        self.rows = self.cells = 0

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        """One opening tag of the sheet."""
        name = tag.rpartition(":")[2]
        if name == "dimension":
            for corner in attributes.get("ref", "").split(":"):
                self.check(corner)
        elif name == "row":
            self.rows, self.cells = self.rows + 1, 0
            number = attributes.get("r", "")
            if self.rows > MAX_ROWS + 1 or (number.isdecimal() and int(number) > MAX_ROWS + 1):
                raise too_long()
        elif name == "c":
            self.cells += 1
            if self.cells > MAX_COLUMNS:
                raise too_wide()
            self.check(attributes.get("r", ""))

    @staticmethod
    def check(reference: str) -> None:
        """A reference such as ``XFD1048576``."""
        found = REFERENCE.match(reference)
        if not found:
            return
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        if column > MAX_COLUMNS:
            raise too_wide()
        if int(found[2]) > MAX_ROWS + 1:
            raise too_long()
