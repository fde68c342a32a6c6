"""Invented people and work units for make_scenarios.py."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

WOMEN = (
    "Ayuk Dwi", "Binti Lestari", "Candra Ayu", "Desi Ratna", "Eka Wulandari", "Fitri Nur", "Galuh Tri", "Hesti Puji",
    "Indah Sri", "Juwita Sari", "Kurnia Wati", "Lia Ambar", "Mega Yuni", "Nanda Ika", "Oktavia Rini", "Puput Endah",
    "Ririn Sulis", "Septi Ayu", "Titik Nur", "Umi Rahayu", "Vera Kartika", "Widya Astri", "Yayuk Setya", "Zulaikah Nur",
)  # fmt: skip
MEN = (
    "Adi Surya", "Budi Cahyo", "Catur Wahyu", "Denny Ari", "Edi Purnomo", "Fendi Tri", "Gatot Dwi", "Hengky Jati",
    "Imron Adi", "Jarwo Tri", "Kuncoro Edi", "Lukman Dwi", "Mugi Slamet", "Nanang Eko", "Oki Bayu", "Pandu Wira",
    "Rendra Yoga", "Sigit Hari", "Teguh Ari", "Untung Basuki", "Wisnu Aji", "Yoyok Heri", "Zainul Fuad", "Tulus Widi",
)  # fmt: skip
LAST = (
    "Wijayanto", "Nugrahani", "Setyowati", "Purwanto", "Handoko", "Kusumastuti", "Sasmito", "Prihatini", "Waluyo",
    "Rahmadani", "Sutrisno", "Mulyaningsih", "Hariyono", "Puspitasari", "Kristanto", "Yuliastuti", "Sumarsono",
    "Anggraeni", "Wibawanto", "Sukmawati", "Pamungkas", "Isnaini", "Suharyadi", "Wardani", "Gunarso", "Trisnawati",
)  # fmt: skip
FEMALE_LAST = {"Nugrahani", "Setyowati", "Kusumastuti", "Prihatini", "Mulyaningsih", "Puspitasari", "Yuliastuti", "Anggraeni", "Sukmawati", "Isnaini", "Wardani", "Trisnawati", "Rahmadani"}  # fmt: skip

#: Unit -> its head as examining superior.
UNITS: dict[str, dict[str, str]] = {
    "Dinas Kesehatan": {"name": "dr. Wening Hapsari, M.Kes.", "position": "Kepala Dinas Kesehatan", "rank": "IV/c"},
    "Dinas Pendidikan": {"name": "Drs. Margono Hadi, M.Pd.", "position": "Kepala Dinas Pendidikan", "rank": "IV/c"},
    "Dinas Sosial": {"name": "Endro Waluyo, S.Sos., M.M.", "position": "Kepala Dinas Sosial", "rank": "IV/b"},
    "Dinas Perhubungan": {"name": "Ir. Sunaryo Edi, M.T.", "position": "Kepala Dinas Perhubungan", "rank": "IV/b"},
    "Dinas Lingkungan Hidup": {"name": "Ir. Wahono Sidik, M.Si.", "position": "Kepala Dinas Lingkungan Hidup", "rank": "IV/b"},
    "Dinas Perindustrian dan Perdagangan": {"name": "Dra. Yuni Kristina, M.M.", "position": "Kepala Dinas Perindustrian dan Perdagangan", "rank": "IV/b"},
    "Dinas Pemuda dan Olahraga": {"name": "Bambang Irianto Aji, S.Pd., M.M.", "position": "Kepala Dinas Pemuda dan Olahraga", "rank": "IV/b"},
    "Dinas Kependudukan dan Pencatatan Sipil": {"name": "Hj. Mariyatul Kibtiah, S.Sos.", "position": "Kepala Dinas Kependudukan dan Pencatatan Sipil", "rank": "IV/b"},
    "Dinas Pekerjaan Umum dan Penataan Ruang": {"name": "Ir. Hariadi Purnomo, M.T.", "position": "Kepala Dinas Pekerjaan Umum dan Penataan Ruang", "rank": "IV/c"},
    "Badan Pendapatan Daerah": {"name": "Nanik Herawati, S.E., M.Ak.", "position": "Kepala Badan Pendapatan Daerah", "rank": "IV/b"},
    "Badan Perencanaan Pembangunan Daerah": {"name": "Dr. Wahyudi Santika, M.Si.", "position": "Kepala Badan Perencanaan Pembangunan Daerah", "rank": "IV/c"},
    "Satuan Polisi Pamong Praja": {"name": "Hendrik Waskito, S.H., M.M.", "position": "Kepala Satuan Polisi Pamong Praja", "rank": "IV/b"},
    "Kecamatan Sananwetan": {"name": "Anik Puspitarini, S.Sos., M.M.", "position": "Camat Sananwetan", "rank": "IV/b"},
    "Kecamatan Kepanjenkidul": {"name": "Drs. Suroto Hadi, M.Si.", "position": "Camat Kepanjenkidul", "rank": "IV/b"},
    "Kecamatan Sukorejo": {"name": "Titis Wahyuningtyas, S.STP., M.Si.", "position": "Camat Sukorejo", "rank": "IV/b"},
    "RSUD Contoh Blitar": {"name": "dr. Bramantyo Adi, Sp.PD.", "position": "Direktur RSUD Contoh Blitar", "rank": "IV/c"},
    "Sekretariat Daerah": {"name": "Drs. Widiharto, M.M.", "position": "Asisten Administrasi Umum", "rank": "IV/c"},
    "SD Negeri Contoh 5": {"name": "Sri Hartatik, S.Pd., M.Pd.", "position": "Kepala SD Negeri Contoh 5", "rank": "IV/b"},
    "SMP Negeri Contoh 1": {"name": "Drs. Eko Suryadi, M.Pd.", "position": "Kepala SMP Negeri Contoh 1", "rank": "IV/b"},
    "Puskesmas Contoh Sukorejo": {"name": "drg. Ratri Nugraheni", "position": "Kepala Puskesmas Contoh Sukorejo", "rank": "IV/b"},
    "Badan Kesatuan Bangsa dan Politik": {"name": "Drs. Agung Pribadi Utomo", "position": "Kepala Badan Kesatuan Bangsa dan Politik", "rank": "IV/b"},
    "Kelurahan Gedog": {"name": "Anik Puspitarini, S.Sos., M.M.", "position": "Camat Sananwetan", "rank": "IV/b"},
    "Dinas Koperasi dan Tenaga Kerja": {"name": "Ir. Sri Muryani, M.M.", "position": "Kepala Dinas Koperasi dan Tenaga Kerja", "rank": "IV/b"},
}  # fmt: skip

EXAMINERS = (
    {"name": "Drs. Widiharto, M.M.", "position": "Asisten Administrasi Umum", "rank": "IV/c"},
    {"name": "Dra. Tri Rahayuningsih, M.Si.", "position": "Inspektur Kota Blitar", "rank": "IV/c"},
    {"name": "Drs. Mursidi Anwar, M.Si.", "position": "Inspektur Pembantu Khusus", "rank": "IV/b"},
    {"name": "Ratna Wulandari, S.E., M.M.", "position": "Sekretaris BKPSDM", "rank": "IV/b"},
    {"name": "Ir. Sutikno Rahardi, M.T.", "position": "Staf Ahli Bidang Pemerintahan", "rank": "IV/b"},
    {"name": "Dra. Endah Mulyani, M.Pd.", "position": "Sekretaris Dinas Pendidikan", "rank": "IV/b"},
    {"name": "Haryo Bimantoro, S.H., M.H.", "position": "Kepala Bagian Hukum", "rank": "IV/b"},
    {"name": "Siti Nur Azizah, S.Sos., M.AP.", "position": "Kepala Bagian Organisasi", "rank": "IV/b"},
)  # fmt: skip

#: Position class -> (share, positions, ranks). Shares after the published figures of 2020 and 2024.
CLASSES: dict[str, tuple[float, tuple[str, ...], tuple[str, ...]]] = {
    "JF_AHLI_MUDA": (14, ("Guru Ahli Muda", "Perawat Ahli Muda", "Penyuluh Ahli Muda", "Perencana Ahli Muda"), ("III/c", "III/d")),
    "JF_AHLI_PERTAMA": (12, ("Guru Ahli Pertama", "Analis Kebijakan Ahli Pertama", "Bidan Ahli Pertama"), ("III/a", "III/b")),
    "PELAKSANA": (20, ("Pengelola Keuangan", "Pengadministrasi Umum", "Penelaah Teknis Kebijakan", "Pengelola Data", "Petugas Lapangan"), ("II/c", "II/d", "III/a", "III/b")),
    "JPT_PRATAMA": (12, ("Staf Ahli Bidang Ekonomi", "Kepala Bagian Umum Setingkat Dinas", "Sekretaris Dewan"), ("IV/b",)),
    "ADMINISTRATOR": (14, ("Sekretaris Dinas", "Kepala Bidang Pelayanan", "Camat", "Kepala Bagian Perekonomian"), ("IV/a",)),
    "PENGAWAS": (17, ("Lurah", "Kepala Subbagian Umum", "Kepala Seksi Pembangunan", "Kepala Subbidang Data"), ("III/c", "III/d")),
    "PPPK": (8, ("Guru Ahli Pertama", "Perawat Terampil", "Penyuluh Ahli Pertama"), ("IX",)),
}  # fmt: skip
TITLES = (", S.E.", ", S.Sos.", ", S.Pd.", ", S.H.", ", S.T.", ", S.AP.", "", "", ", A.Md.")


@dataclass(frozen=True)
class Person:
    nip: str
    name: str
    employment: str
    unit: str
    position: str
    position_class: str
    rank: str

    @classmethod
    def of(cls, row: dict[str, str]) -> Person:
        return cls(
            row["nip"],
            row["name"],
            row["employment"],
            row["unit"],
            row["position"],
            row["position_class"],
            row.get("rank", ""),
        )

    @property
    def plain(self) -> str:
        return self.name.partition(",")[0]

    def row(self) -> dict[str, str]:
        return {
            "nip": self.nip, "name": self.name, "employer": "bkpsdm-kota-blitar", "employment": self.employment,
            "unit": self.unit, "position": self.position, "position_class": self.position_class, "rank": self.rank,
        }  # fmt: skip


def people(rng: random.Random, count: int) -> list[Person]:
    """Invented employees, all different in name and NIP."""
    found: list[Person] = []
    names: set[str] = set()
    while len(found) < count:
        woman = rng.random() < 0.48
        last = [name for name in LAST if (name in FEMALE_LAST) == woman or name == "Rahmadani"]
        name = f"{rng.choice(WOMEN if woman else MEN)} {rng.choice(last)}"
        if name in names:
            continue
        names.add(name)
        kind = rng.choices(list(CLASSES), [share for share, *_rest in CLASSES.values()])[0]
        _share, positions, ranks = CLASSES[kind]
        senior = kind in ("JPT_PRATAMA", "ADMINISTRATOR")
        born = dt.date(
            rng.randint(1967, 1978) if senior else rng.randint(1976, 1994), rng.randint(1, 12), rng.randint(1, 28)
        )
        sex, serial = 2 if woman else 1, 950 + len(found) % 50
        if kind == "PPPK":
            nip = f"{born:%Y%m%d}{rng.choice((2019, 2020))}21{sex}{serial}"
            employment, klass = "PPPK", "JF_AHLI_PERTAMA"
        else:
            start = born.year + rng.randint(22, 26)
            nip = f"{born:%Y%m%d}{start}{rng.choice((1, 3, 4, 12)):02d}{sex}{serial}"
            employment, klass = "PNS", kind
        title = "" if ranks[0].startswith("II/") and rng.random() < 0.7 else rng.choice(TITLES)
        position = rng.choice(positions)
        school = position.startswith("Guru")
        health = position.startswith(("Perawat", "Bidan"))
        units = [
            unit
            for unit in UNITS
            if school == (unit.startswith(("SD", "SMP")))
            or (health and unit.startswith(("RSUD", "Puskesmas", "Dinas Kesehatan")))
        ]
        if health:
            units = [unit for unit in units if unit.startswith(("RSUD", "Puskesmas", "Dinas Kesehatan"))]
        if position in ("Lurah", "Camat"):
            units = [unit for unit in UNITS if unit.startswith("Kecamatan")]
        found.append(Person(nip, name + title, employment, rng.choice(units), position, klass, rng.choice(ranks)))
    return found
