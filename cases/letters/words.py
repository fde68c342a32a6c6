"""Indonesian words on letters: dates, numbers, NIP, citations of law, and the codes of the forms said in words.

Letters are Indonesian whatever language the interface speaks, so nothing here goes through gettext.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from babel.dates import format_date
from num2words import num2words

#: Time zones of Indonesia, as printed after a time of day.
ZONE_SHORT = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
LEVEL = {
    "MORAL": "sanksi moral",
    "MINOR": "hukuman disiplin ringan",
    "MODERATE": "hukuman disiplin sedang",
    "SEVERE": "hukuman disiplin berat",
    "DISMISSAL": "pemberhentian tidak dengan hormat",
}
FINDING = {
    "ETHICS": "pelanggaran kode etik",
    "DISCIPLINE": "pelanggaran disiplin",
    "UNPROVEN": "tidak terbukti",
}
DECLINE_REASON = {
    "LATE": "laporan disampaikan melewati batas waktu pelaporan",
    "FORMAL": "laporan tidak memenuhi syarat formal",
    "MATERIAL": "laporan tidak memenuhi syarat materiel",
    "COMPETENCE": "peristiwa yang dilaporkan bukan kewenangan kami",
    "HANDLED": "peristiwa yang dilaporkan telah ditangani",
    "NOT_ASN": "terlapor bukan pegawai Aparatur Sipil Negara",
}
PERSON_ROLE = {"REPORTED": "Terlapor", "REPORTER": "Pelapor", "WITNESS": "Saksi", "EXPERT": "Ahli"}
PROPOSED_OUTCOME = {
    "FORWARD": "diteruskan kepada instansi yang berwenang",
    "DISMISS": "tidak diteruskan (dihentikan)",
}
EXAMINED_BY = {"SUPERIOR": "Atasan Langsung", "TEAM": "Tim Pemeriksa", "COUNCIL": "Majelis Kode Etik"}
PART = {"CHAIR": "Ketua", "SECRETARY": "Sekretaris", "MEMBER": "Anggota"}
IMPACT = {
    "UNIT": "berdampak negatif pada unit kerja",
    "AGENCY": "berdampak negatif pada instansi",
    "STATE": "berdampak negatif pada negara dan/atau pemerintah",
}
MANNER = {
    "IN_PERSON": "diserahkan langsung kepada yang bersangkutan",
    "SENT": "dikirim ke alamat yang bersangkutan",
    "SUPERIOR": "diserahkan melalui atasan langsung yang bersangkutan",
}
APPEAL_KIND = {"objection": "keberatan", "appeal": "banding administratif"}
#: Who rules: the objection is the employing authority's own, the appeal is the national board's (PP 79/2021).
RULED_BY = {
    "objection": "keputusan atas keberatan",
    "appeal": "putusan Badan Pertimbangan Aparatur Sipil Negara",
}
RULING = {
    "UPHELD": "memperkuat",
    "LIGHTENED": "memperingan",
    "AGGRAVATED": "memperberat",
    "CHANGED": "mengubah",
    "ANNULLED": "membatalkan",
}
TARGET = {
    "PROSPECTIVE": "bakal calon",
    "CANDIDATE": "calon",
    "PARTY": "partai politik",
    "SPOUSE": "suami/istri yang menjadi calon",
}
UNIT = {"WORKING": "hari kerja", "CALENDAR": "hari kalender", "HOUR": "jam"}
EMPLOYMENT = {
    "PNS": "Pegawai Negeri Sipil",
    "CPNS": "Calon Pegawai Negeri Sipil",
    "PPPK": "Pegawai Pemerintah dengan Perjanjian Kerja",
}
RECORD_SYSTEM = {"IDIS": "I'DIS", "SIASN": "SIASN"}

_ACTS = {
    "UU": "Undang-Undang",
    "PP": "Peraturan Pemerintah",
    "PerBKN": "Peraturan Badan Kepegawaian Negara",
    "Perbawaslu": "Peraturan Badan Pengawas Pemilihan Umum",
    "Perwali": "Peraturan Wali Kota",
}
_SHORT_ACT = re.compile(rf"\b({'|'.join(_ACTS)}) (\d+)/(\d{{4}})")
_NAMED_ACT = re.compile(rf"\b({'|'.join(_ACTS)})(?= (Nomor|No\.) )")


def date(day: dt.date, *, weekday: bool = False) -> str:
    """``4 November 2024``; with ``weekday`` ``Senin, 4 November 2024``."""
    return format_date(day, "EEEE, d MMMM y" if weekday else "d MMMM y", locale="id")


def date_in_words(day: dt.date) -> str:
    """``Senin tanggal empat bulan November tahun dua ribu dua puluh empat``, as minutes write it."""
    weekday = format_date(day, "EEEE", locale="id")
    month = format_date(day, "MMMM", locale="id")
    return f"{weekday} tanggal {number(day.day)} bulan {month} tahun {number(day.year)}"


def iso(text: str) -> dt.date:
    """A date frozen as ISO text in an event. Raises ValueError for anything else."""
    return dt.date.fromisoformat(text)


def number(value: int) -> str:
    """A number in words."""
    return str(num2words(value, lang="id"))


def counted(value: int, unit: str = "") -> str:
    """``14 (empat belas) hari kerja``; ``unit`` is a unit code of a deadline rule or any word."""
    return f"{value} ({number(value)}) {UNIT.get(unit, unit)}".rstrip()


def time(moment: dt.time, zone: str) -> str:
    """``09.00 WIB``."""
    return f"{moment:%H.%M} {ZONE_SHORT.get(zone, '')}".rstrip()


def roman(ordinal: int) -> str:
    """I, II, III … as summonses are counted."""
    return ("I", "II", "III", "IV", "V")[ordinal - 1]


def letters(count: int) -> str:
    """``huruf a, huruf b, dan huruf c`` for ``count`` paragraphs."""
    names = [f"huruf {chr(ord('a') + index)}" for index in range(count)]
    return joined(names)


def joined(items: Sequence[str]) -> str:
    """``a``; ``a dan b``; ``a, b, dan c``."""
    if len(items) < 3:
        return " dan ".join(items)
    return f"{', '.join(items[:-1])}, dan {items[-1]}"


def cited(text: str) -> str:
    """A legal basis as stored (``PP 94/2021 Ps 37 ayat (3)``) written out as letters cite it."""
    text = re.sub(r"\bPs\b\.?", "Pasal", text)
    text = _SHORT_ACT.sub(lambda m: f"{_ACTS[m[1]]} Nomor {m[2]} Tahun {m[3]}", text)
    return _NAMED_ACT.sub(lambda m: _ACTS[m[1]], text)


def sentence(text: str) -> str:
    """An officer's text made to run inside a sentence: no blanks and no full stop at its end."""
    return text.strip().rstrip(".;, \n\t")


def lines(text: str) -> list[str]:
    """The non-empty lines of an officer's text, without list marks typed by hand."""
    found = (re.sub(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+", "", line).strip() for line in text.splitlines())
    return [line for line in found if line]
