"""Every kind and variant of letter, as text read back out of its PDF, against a text somebody has read.

After a wanted change: ``WRITE_GOLDEN=1 pytest tests/letters/test_golden.py`` and read ``git diff`` line by line.
"""

from __future__ import annotations

import os

import pypdfium2
import pytest

from cases.letters import conformance
from cases.letters.contexts import BUILDERS
from cases.letters.kinds import KINDS
from cases.letters.rendering import render_pdf
from cases.letters.sealing import seal_pdf
from cases.letters.verification import verify_pdf
from cases.sealed.papers import opened
from cases.workflow import letter_kinds
from tests.letters.conftest import GOLDEN, TRAVELS

pytestmark = pytest.mark.django_db


#: What is different in every run: the secret address and the history's head.
SEAL = {
    "url": "https://portal.example.org/v/AbCdEfGhIjKlMnOpQrStUvWx",
    "demo": True,
    "head": {"size": 1234, "root": "0123456789abcdef" * 4},
}


def text_of(pdf: bytes) -> str:
    """The text of all pages, as a reader copies it."""
    document = pypdfium2.PdfDocument(pdf)
    # pdfium reads a hyphen at the end of a line as a soft one.
    pages = [page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\ufffe", "-\n") for page in document]
    return "\n----\n".join(page.rstrip() for page in pages) + "\n"


@pytest.mark.parametrize("travel", TRAVELS)
def test_letters_read_as_agreed(travel, letters_of):
    from tests.letters import seals  # it reads a letter of the tests that read from here

    found = {}
    for letter in letters_of(travel):
        letter.context["seal"] = SEAL
        pdf, pages = render_pdf(letter.template, opened(letter.context, letter.case.report_id))
        assert pages == len(pypdfium2.PdfDocument(pdf))
        # Every kind and variant keeps both standards once it is sealed, and is what a checker accepts.
        whole = seal_pdf(pdf, seals.ours(), at=seals.AT)
        conformance.check(whole)
        assert verify_pdf(whole, seals.trusted()).accepted
        number = letter.case.number.rpartition("-")[2].lstrip("0")
        found[f"{travel}-{number}-{letter.event.seq:02d}-{letter.kind}-{letter.position}.txt"] = text_of(pdf)
    if os.environ.get("WRITE_GOLDEN"):
        for old in GOLDEN.glob(f"{travel}-*.txt"):
            old.unlink()
        for name, text in found.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    agreed = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob(f"{travel}-*.txt")}
    assert found.keys() == agreed.keys()
    for name, text in found.items():
        assert text == agreed[name], name


def test_every_kind_of_the_table_has_builder_template_and_golden_text():
    read = {name for name in KINDS if any(GOLDEN.glob(f"*-{name}-*.txt"))}
    assert set(letter_kinds()) == set(KINDS) == set(BUILDERS) == read


def test_every_variant_has_a_golden_text():
    """Each way a letter can read is held by a sentence only that variant prints."""
    everything = "\n".join(path.read_text(encoding="utf-8").replace("\n", " ") for path in GOLDEN.glob("*.txt"))
    for sentence in (
        "syarat formal, dengan penjelasan",  # status: declined
        "laporan tidak diteruskan dengan alasan",  # status: dismissed
        "diteruskan kepada Komisi Aparatur Sipil Negara",  # status: forwarded
        "undangan kedua setelah undangan pertama",
        "SURAT PANGGILAN II",
        "menolak mengucapkan sumpah/janji",
        "Tidak dilakukan klarifikasi dengan alasan",
        "PEMBENTUKAN MAJELIS KODE ETIK",
        "PEMBENTUKAN TIM PEMERIKSA",
        "PELANGGARAN DISIPLIN OLEH ATASAN LANGSUNG",
        "menolak menandatangani",
        "tidak hadir atas panggilan berikut",
        "tidak terbukti melakukan pelanggaran disiplin",
        "tidak dijatuhi sanksi",
        "tidak mempunyai akibat hukum",  # ruling: annulled
        "sebagai pengganti",  # ruling: another sanction holds
        "dibatalkan, dengan pertimbangan",
        "Mencabut dan menyatakan tidak berlaku",
        "tanpa dilakukan pemeriksaan",
        "Persetujuan tertulis Menteri Dalam Negeri",
        "PENJATUHAN SANKSI MORAL",
        "yang tingkatnya kami serahkan kepada Saudara",
    ):
        assert sentence in everything, sentence
