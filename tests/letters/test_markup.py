"""How a letter's HTML is read: strictly, and by the shipped sheet of elements alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tinycss2
from weasyprint.css import get_all_computed_styles
from weasyprint.css.targets import TargetCollector
from weasyprint.text.fonts import FontConfiguration

from cases.letters import rendering
from cases.letters.markup import REPLACEMENT, Letter, Malformed
from cases.letters.rendering import ELEMENTS, ROOT, RenderingFailed, ShippedAssets, render_pdf
from tests.letters.test_rendering import TEMPLATE, context, text_of


def read(html: str) -> Letter:
    return Letter(html, base_url="shipped:///letters/", fetcher=ShippedAssets(), elements=rendering._styles(ELEMENTS))


def templates() -> list[Path]:
    return sorted([*(ROOT / "templates" / "letters").rglob("*.html"), *(ROOT / "templates" / "dossier").glob("*.html")])


def test_every_element_a_template_uses_has_a_meaning() -> None:
    """What the sheet leaves out would be set in a line, whatever it is."""
    rules = tinycss2.parse_stylesheet(ELEMENTS.read_text(encoding="utf-8"), skip_comments=True, skip_whitespace=True)
    known = set()
    for rule in rules:
        if rule.type == "qualified-rule":
            known |= set(re.findall(r"[a-z][a-z0-9]*", tinycss2.serialize(rule.prelude).replace("::before", "")))
    used = {tag for path in templates() for tag in re.findall(r"<([a-z][a-z0-9]*)", path.read_text(encoding="utf-8"))}
    assert len(used) > 20
    assert used - known - {"span"} == set()


def test_weasyprint_asks_for_the_sheet_where_we_answer() -> None:
    """Its own sheet gives every element six pseudo-elements; with ours there are none but those that are written."""
    letter = read("<html lang='id'><body><p>Satu<br/>dua</p><p>tiga</p></body></html>")
    fonts = FontConfiguration()
    styles = get_all_computed_styles(letter, font_config=fonts, target_collector=TargetCollector())
    assert {key[1] for key in styles.get_computed_styles()} == {None, "before"}
    paragraph = letter.etree_element[0][0]
    assert styles(paragraph)["display"] == ("block", "flow")
    assert styles(paragraph)["margin_top"].value == 0  # WeasyPrint's own sheet says 1em


@pytest.mark.parametrize("html", ["<p>tidak ditutup", "<p>a<b>b</p></b>", "<p>&nbsp;</p>", "<img src=tanpa>", ""])
def test_what_is_not_well_formed_is_an_error(html: str) -> None:
    with pytest.raises(Malformed):
        read(html)


def test_a_mistake_in_a_template_is_the_letters_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_html", lambda *_: "<html lang='id'><body><p>x</body></html>")
    with pytest.raises(RenderingFailed, match="unproven_notice"):
        render_pdf(TEMPLATE, context())


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_signs_nobody_can_read_are_shown_as_such(sign: str) -> None:
    assert read(f"<html lang='id'><body><p>a{sign}b</p></body></html>").etree_element[0][0].text == f"a{REPLACEMENT}b"


def test_entities_of_a_document_type_are_not_read() -> None:
    """No template has any; a text of an officer cannot bring one, because it begins inside the body."""
    bomb = "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><html lang='id'><body><p>&a;</p></body></html>"
    with pytest.raises(Malformed):
        read(bomb)


def test_text_with_signs_of_markup_is_text() -> None:
    told = "]]> <!-- & &amp; <?php ?> <![CDATA[x]]> \x07 akhir"
    pdf, _pages = render_pdf(TEMPLATE, context(reason=told))
    assert "]]> <!-- & &amp; <?php ?> <![CDATA[x]]>" in text_of(pdf)
