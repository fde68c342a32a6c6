"""The renderer: nothing fetched, officers' text stays text, same bytes every time, shipped fonts only."""

from __future__ import annotations

import copy
import http.server
import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from cases.letters import rendering
from cases.letters.rendering import RenderingFailed, ShippedAssets, render_html, render_pdf
from tests.letters.test_golden import text_of

TEMPLATE = "letters/unproven_notice.html"
CONTEXT = {
    "kind": "unproven_notice",
    "title": "Pemberitahuan Hasil Telaah: Tidak Terbukti",
    "form_code": "",
    "number": "001/CONTOH/11/2024",
    "place": "Blitar",
    "date": "4 November 2024",
    "date_iso": "2024-11-04",
    "letterhead": {"lines": ["LEMBAGA CONTOH"], "address": "Jalan Contoh 1", "contact": ""},
    "issuer": "Lembaga Contoh",
    "nature": "Rahasia",
    "secret": True,
    "attachment": "-",
    "subject": "Contoh",
    "to": {"lines": ["Ketua Contoh"], "place": "Blitar"},
    "signatures": [
        {"caption": "", "titles": ["Kepala Contoh"], "name": "Contoh", "rank": "", "nip": "", "refused": False}
    ],
    "copies": [],
    "issued_by": "Contoh",
    "sealed": False,
    "demo": False,
    "supervisor": "Pengawas Contoh",
    "forwarding": "Nomor 1 tanggal 1 November 2024",
    "person": [{"label": "Nama", "value": "Contoh"}],
    "report": {},
    "violation": {},
    "reason": "Tidak ada bukti.",
}


def context(**changes):
    return {**copy.deepcopy(CONTEXT), **changes}


# --- what a letter may read
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://localhost/",
        "https://example.org/a.png",
        "ftp://example.org/a",
        "data:text/plain,x",
        "shipped:///../portal/settings.py",
        "shipped:///letters/../../portal/settings.py",
        "shipped:///letters/%2e%2e/css/portal.css",
        "shipped:///css/portal.css",
        "shipped://host/letters/mark.svg",
        "shipped:///letters/mark.svg?x=1",
        "shipped:///letters/missing.svg",
        "shipped:///letters/fonts.conf",
        "letters/mark.svg",
    ],
)
def test_only_shipped_assets_are_read(address):
    with pytest.raises((RenderingFailed, ValueError)):
        ShippedAssets().fetch(address)


def test_a_shipped_asset_is_read():
    assert b"<svg" in ShippedAssets().fetch("shipped:///letters/mark.svg").read()


@pytest.fixture
def listener():
    """A web server that notes whether anybody came."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_markup_that_fetches_fails_the_rendering(listener):
    """Control: even markup that reached the page could not fetch; it fails instead of rendering without."""
    address, asked = listener
    for markup in (
        f'<img src="{address}/a.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="x">',
    ):
        with pytest.raises(FatalURLFetchingError):
            HTML(string=markup, base_url=address, url_fetcher=ShippedAssets()).render()
    assert asked == []


def test_the_listener_hears_the_stock_fetcher(listener):
    """Control of the control: without our fetcher somebody does come."""
    address, asked = listener
    HTML(string=f'<img src="{address}/a.png">').render()
    assert asked == ["/a.png"]


def test_a_fatal_fetch_is_the_letters_failure_not_the_workers(monkeypatch):
    monkeypatch.setattr(
        rendering, "render_html", lambda *_: '<html lang="id"><body><img src="file:///etc/passwd"/></body></html>'
    )
    with pytest.raises(RenderingFailed, match="may not read"):
        render_pdf(TEMPLATE, CONTEXT)


# --- officers' text is text
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=http://127.0.0.1:9/x.png>",
    '<img src="file:///etc/passwd">',
    "{{ settings.SECRET_KEY }} {% include 'base.html' %}",
    "<style>body { display: none }</style>",
    "</p></div><h1>JUDUL PALSU</h1>",
    "&lt;b&gt; &amp; 'kutip' \"ganda\"",
    "url(http://127.0.0.1:9/x)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_printed_as_typed(text):
    pdf, _pages = render_pdf(TEMPLATE, context(reason=text, person=[{"label": "Nama", "value": text}]))
    printed = text_of(pdf).replace("\n", " ")
    assert printed.count(text) == 2, printed


def test_right_to_left_marks_and_emoji_do_no_harm():
    pdf, _pages = render_pdf(TEMPLATE, context(reason="awal \u202eterbalik\u202c \U0001f600 akhir"))
    assert "awal" in text_of(pdf)
    assert "akhir" in text_of(pdf)


def test_a_word_of_sixty_thousand_letters_stays_on_the_page_in_bounded_time():
    """Three times what any form takes; CPU time, so that a busy machine does not matter."""
    started = time.process_time()
    pdf, pages = render_pdf(TEMPLATE, context(reason="x" * 60_000))
    assert time.process_time() - started < 30
    assert pages > 10
    assert text_of(pdf).count("x") >= 60_000


def test_a_long_table_repeats_its_head_and_counts_its_pages():
    rows = [{"question": f"Pertanyaan ke-{n}?", "answer": "Jawaban. " * 12} for n in range(120)]
    told = context(
        questions=rows, held_words="Senin", where="Blitar", examiners=[], examined_by="Tim Pemeriksa", order="",
        matter="pelanggaran disiplin", signed=True, report={"incident": "x", "occurred_short": "1"},
    )  # fmt: skip
    pdf, pages = render_pdf("letters/examination_minutes.html", told)
    texts = text_of(pdf).split("\n----\n")
    assert len(texts) == pages > 5
    for number, text in enumerate(texts, start=1):
        assert f"Halaman {number} dari {pages}" in text
    assert sum("No. Pertanyaan Jawaban" in text for text in texts) >= pages - 1


def test_long_names_wrap_inside_the_page():
    name = "Dr. H. Raden Mas " + "Panjangsekalinamanya" * 12 + ", S.H., M.H."
    pdf, _pages = render_pdf(TEMPLATE, context(person=[{"label": "Nama", "value": name}]))
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    width = 210 / 25.4 * 72
    for index in range(page.count_chars()):
        _left, _bottom, right, _top = page.get_charbox(index)
        assert right < width - 50


# --- bytes
def test_the_same_content_gives_the_same_bytes(monkeypatch):
    one, _pages = render_pdf(TEMPLATE, context())
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    two, _pages = render_pdf(TEMPLATE, context())
    other, _pages = render_pdf(TEMPLATE, context(reason="Lain."))
    assert one == two
    assert one != other


def test_a_fresh_process_gives_the_same_bytes(tmp_path):
    code = (
        "import django, sys; django.setup();"
        "from tests.letters.test_rendering import TEMPLATE, CONTEXT;"
        "from cases.letters.rendering import render_pdf;"
        "sys.stdout.buffer.write(render_pdf(TEMPLATE, CONTEXT)[0])"
    )
    made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=rendering.ROOT)
    assert made.stdout[made.stdout.index(b"%PDF") :] == render_pdf(TEMPLATE, CONTEXT)[0]


def test_only_the_shipped_fonts_are_embedded():
    pdf, _pages = render_pdf(TEMPLATE, context(demo=True, reason="Huruf biasa, 漢字, кириллица, ελληνικά, \U0001f600."))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = set()
        for page in document.pages:
            for font in page.Resources.Font.values():
                names.add(str(font.BaseFont).partition("+")[2])
                for part in font.DescendantFonts:
                    assert {"/FontFile2", "/FontFile3"} & set(part.FontDescriptor.keys()), names
    assert names
    assert all(name == "Letter" or name.startswith("Letter-") for name in names), names


def test_the_pdf_is_tagged_titled_and_indonesian():
    pdf, _pages = render_pdf(TEMPLATE, context())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "id"
        assert str(document.docinfo.Title) == "Pemberitahuan Hasil Telaah: Tidak Terbukti 001/CONTOH/11/2024"
        assert str(document.docinfo.CreationDate).startswith("D:20241104")
        assert "/StructTreeRoot" in document.Root


def test_sample_data_say_so_on_every_page():
    plain, _pages = render_pdf(TEMPLATE, context())
    sample, _pages = render_pdf(TEMPLATE, context(demo=True))
    assert "DATA CONTOH" not in text_of(plain)
    assert "DATA CONTOH" in text_of(sample)


def test_a_secret_letter_says_so_and_an_ordinary_one_does_not():
    assert "RAHASIA" in text_of(render_pdf(TEMPLATE, context(reason="x\n" * 120))[0]).split("\n----\n")[-1]
    assert "RAHASIA" not in text_of(render_pdf(TEMPLATE, context(secret=False, nature="Biasa"))[0])


# --- failures are failures
def test_a_missing_value_fails_instead_of_printing_nothing():
    told = context()
    del told["reason"]
    with pytest.raises(RenderingFailed, match="reason"):
        render_html(TEMPLATE, told)


def test_a_letter_without_end_is_refused():
    with pytest.raises(RenderingFailed, match="too long"):
        render_html(TEMPLATE, context(reason="x " * 2_100_000))


def test_the_environment_is_left_as_it_was(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    render_pdf(TEMPLATE, context())
    assert os.environ["SOURCE_DATE_EPOCH"] == "1"
    assert "FONTCONFIG_FILE" not in os.environ


def test_templates_never_mark_text_as_safe():
    for path in Path(rendering.ROOT / "templates" / "letters").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for word in ("|safe", "autoescape", "linebreaks", "|striptags", "<script", "style="):
            assert word not in text, (path.name, word)
