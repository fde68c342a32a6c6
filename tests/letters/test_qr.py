"""The code on the page, read as a phone reads it."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from cases.letters.qr import qr_png
from tests.letters.seals import URL, sealed

pytestmark = pytest.mark.once


def codes(pdf: bytes, scale: float) -> list[str]:
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        found += [code.text for code in zxingcpp.read_barcodes(page.render(scale=scale).to_pil())]
    return found


@pytest.mark.parametrize("dots_per_inch", [110, 150, 300])
def test_the_code_on_the_page_leads_to_the_letter(dots_per_inch: int) -> None:
    assert codes(sealed(), dots_per_inch / 72) == [URL]


def test_the_code_survives_a_bad_copy() -> None:
    """Grey, small, turned by two degrees: a photocopy photographed."""
    page = pypdfium2.PdfDocument(sealed())[0].render(scale=150 / 72).to_pil().convert("L")
    copy = page.rotate(2, fillcolor=200).point(lambda grey: 60 + grey * 130 // 255)
    assert [code.text for code in zxingcpp.read_barcodes(copy)] == [URL]


def test_the_same_text_gives_the_same_pixels_and_another_text_others() -> None:
    assert qr_png(URL) == qr_png(URL)
    assert qr_png(URL) != qr_png(URL + "x")


def test_the_picture_is_grey_without_palette_or_transparency(tmp_path) -> None:
    (tmp_path / "qr.png").write_bytes(qr_png(URL))
    with Image.open(tmp_path / "qr.png") as picture:
        assert picture.mode == "L"
        assert "transparency" not in picture.info
        assert picture.getpixel((0, 0)) == 255
