"""Indonesian words on letters."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.letters import words
from cases.letters.contexts.decree import _title_case
from cases.templatetags.letters import inline, paragraphs


def test_a_date_in_words_as_minutes_write_it():
    assert words.date_in_words(dt.date(2024, 11, 4)) == (
        "Senin tanggal empat bulan November tahun dua ribu dua puluh empat"
    )


def test_dates_and_times():
    assert words.date(dt.date(2024, 11, 4)) == "4 November 2024"
    assert words.date(dt.date(2024, 11, 4), weekday=True) == "Senin, 4 November 2024"
    assert words.time(dt.time(9, 5), "Asia/Jakarta") == "09.05 WIB"
    assert words.time(dt.time(9, 5), "Asia/Jayapura") == "09.05 WIT"


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("PP 94/2021 Ps 37 ayat (3)", "Peraturan Pemerintah Nomor 94 Tahun 2021 Pasal 37 ayat (3)"),
        ("Pasal 11 huruf c PP Nomor 42 Tahun 2004", "Pasal 11 huruf c Peraturan Pemerintah Nomor 42 Tahun 2004"),
        ("UU 20/2023 Ps 52 ayat (3) huruf j jo. ayat (4)",
         "Undang-Undang Nomor 20 Tahun 2023 Pasal 52 ayat (3) huruf j jo. ayat (4)"),
        ("PPK Kota", "PPK Kota"),
    ],
)  # fmt: skip
def test_citations_are_written_out(stored, printed):
    assert words.cited(stored) == printed


def test_counting_and_joining():
    assert words.counted(14, "WORKING") == "14 (empat belas) hari kerja"
    assert words.counted(3) == "3 (tiga)"
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b"]) == "a dan b"
    assert words.letters(3) == "huruf a, huruf b, dan huruf c"


def test_lines_lose_the_marks_typed_by_hand_and_nothing_else():
    assert words.lines("1. Jam\n- Tautan\n\n 2) Foto\n2024 rekaman") == ["Jam", "Tautan", "Foto", "2024 rekaman"]


def test_titles_inside_a_sentence():
    title = "PENURUNAN JABATAN SETINGKAT LEBIH RENDAH SELAMA 12 (DUA BELAS) BULAN"
    assert _title_case(title) == "Penurunan Jabatan Setingkat Lebih Rendah selama 12 (Dua Belas) Bulan"
    assert _title_case("PEMBERHENTIAN SEBAGAI PNS") == "Pemberhentian sebagai PNS"


def test_text_inside_a_sentence():
    assert inline("Memberi tanda suka.") == "memberi tanda suka"
    assert inline("ASN berfoto") == "ASN berfoto"


def test_paragraphs_and_very_long_words():
    assert paragraphs("satu\n\n  dua \r\ntiga") == ["satu", "dua", "tiga"]
    (broken,) = paragraphs("x" * 200)
    assert broken.replace("\u200b", "") == "x" * 200
    assert max(map(len, broken.split("\u200b"))) <= 80
