"""The sanction decree: its words are composed here and frozen, so that a later template cannot change a decree.

Form after the annex of PerBKN 6/2022 as used in practice; the moral sanction after PP 42/2004 Ps 15. Dictums on the
post exist for sanctions on the post only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cases.letters import words
from cases.letters.contexts.common import envelope, numbered, signature, titles
from cases.letters.dossier import Dossier
from cases.letters.kinds import LetterKind
from cases.models import SanctionType
from cases.models.hearing import Purpose

Context = dict[str, Any]

ORDINALS = (
    "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DecreeForm:
    """The form a decree takes.

    ``family`` picks the laws cited. ``heading`` and ``operative`` may hold ``{name}``, ``{level}``, ``{employment}``.
    ``purpose`` is what the sanction is for. ``post`` words the change of post, with ``{old}`` and ``{new}``;
    empty for sanctions that leave the post alone. ``statement`` says how a moral sanction is declared.
    ``secret`` is false for what is declared in the open.
    """

    family: str = "discipline"
    heading: str = "PENJATUHAN HUKUMAN DISIPLIN {name}"
    operative: str = "Menjatuhkan {level} berupa {name} kepada:"
    purpose: str = (
        "untuk menegakkan disiplin, perlu menjatuhkan hukuman disiplin yang setimpal dengan pelanggaran disiplin yang "
        "dilakukannya"
    )
    post: str = ""
    statement: str = ""
    secret: bool = True


MORAL = DecreeForm(
    family="moral",
    heading="PENJATUHAN SANKSI MORAL BERUPA {name}",
    operative="Menjatuhkan {level} berupa {name} kepada:",
    purpose=(
        "untuk menegakkan kode etik, perlu menjatuhkan sanksi moral yang setimpal dengan pelanggaran kode etik yang "
        "dilakukannya"
    ),
)
DECLARED = (
    "Sanksi moral sebagaimana dimaksud dalam Diktum KESATU dinyatakan secara {} oleh Pejabat Pembina Kepegawaian."
)
CONTRACT = DecreeForm(family="contract", heading="{name}", operative="Menjatuhkan {name} kepada:")
PROBATION = DecreeForm(family="probation", heading="{name}", operative="Menjatuhkan {name} kepada:")
#: By ``SanctionType.decree_variant``.
FORMS: dict[str, DecreeForm] = {
    "m1": replace(MORAL, statement=DECLARED.format("tertutup")),
    "m2": replace(MORAL, statement=DECLARED.format("terbuka"), secret=False),
    **{code: DecreeForm() for code in ("r1", "r2", "r3", "s1", "s2", "s3", "s1t", "s2t", "s3t", "b3")},
    "b1": DecreeForm(
        post="Terhitung mulai tanggal berlakunya Keputusan ini, yang bersangkutan diturunkan dari jabatan {old}{new}."
    ),
    "b2": DecreeForm(
        post="Terhitung mulai tanggal berlakunya Keputusan ini, yang bersangkutan dibebaskan dari jabatan {old}{new}."
    ),
    "bk": DecreeForm(
        post="Terhitung mulai tanggal berlakunya Keputusan ini, kelas jabatan yang bersangkutan sebagai {old} "
        "diturunkan{new}."
    ),
    "ptdh": DecreeForm(
        family="dismissal",
        heading="PEMBERHENTIAN TIDAK DENGAN HORMAT SEBAGAI {employment}",
        operative="Memberhentikan tidak dengan hormat sebagai {employment}:",
        purpose="untuk menjamin netralitas pegawai Aparatur Sipil Negara dari pengaruh semua golongan dan partai "
        "politik, yang bersangkutan perlu diberhentikan tidak dengan hormat",
    ),
    "phk": CONTRACT,
    "pc": PROBATION,
}


def imposed(sanction: SanctionType) -> str:
    """The sanction as other letters name it: ``hukuman disiplin sedang berupa …``; a dismissal by its name alone."""
    has_level = "{level}" in FORMS[sanction.decree_variant].operative
    return f"{words.LEVEL[sanction.level]} berupa {sanction.name}" if has_level else sanction.name


def sanction_decree(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """The decree in force-giving form: weighing, citing, noting, deciding."""
    sanction: SanctionType = d.data["sanction"]
    form = FORMS[sanction.decree_variant]
    named = {
        "name": sanction.name,
        "level": words.LEVEL[sanction.level],
        "employment": d.employment,
    }
    upper = {key: value.upper() for key, value in named.items()}
    title = form.heading.format(**upper)
    decree_title = d.issuer.decree_title or d.issuer.head_title.upper()
    considerations = _considerations(d, form, title)
    return {
        **envelope(
            kind, d, number, secret=form.secret,
            subject=f"{_sentence_case(title)} atas nama {d.subject['name']}",
            signatures=[_signed(d, decree_title)],
            copies=_copies(d),
        ),
        "variant": sanction.decree_variant,
        "decree_title": decree_title,
        "decree_region": d.issuer.decree_region,
        "heading": title,
        "considerations": considerations,
        "laws": d.laws(form.family, d.case.employment),
        "noted": _noted(d),
        "dictums": _dictums(d, form, named),
        "person": d.subject_rows,
    }  # fmt: skip


def _signed(d: Dossier, decree_title: str) -> dict[str, Any]:
    """The authority itself signs without rank and number; who signs on its behalf says so."""
    position = d.actor.position
    if position.casefold() == d.issuer.head_title.casefold():
        return signature(title=decree_title, name=d.actor.name.upper())
    own = titles(position)[-1]
    block = signature(title="", name=d.actor.name, nip=d.actor.nip, rank=d.rank(d.actor.rank))
    return block | {"titles": [f"a.n. {decree_title}", own.upper()]}


def _sentence_case(title: str) -> str:
    return title[:1] + title[1:].lower().replace("pegawai negeri sipil", "Pegawai Negeri Sipil").replace(" pns", " PNS")


def _considerations(d: Dossier, form: DecreeForm, title: str) -> list[str]:
    act, article = words.sentence(d.data["proven_act"]), words.cited(words.sentence(d.data["article"]))
    person = f"Saudara {d.subject['name']}, NIP {d.case.subject_nip}"
    report = d.last_letter("examination_report")
    dated = f" tanggal {words.date(report.dated_on)}" if report else ""
    examined = f"laporan hasil pemeriksaan {d.examined_by_words}{dated}"
    found = [
        f"bahwa berdasarkan {examined}, {person}, telah terbukti melakukan perbuatan berupa {act};",
        f"bahwa perbuatan tersebut merupakan pelanggaran terhadap ketentuan {article};",
    ]
    if absent := _absence(d):
        found.append(absent)
    if reason := words.sentence(d.data.get("level_reason") or ""):
        found.append(f"bahwa tingkat sanksi ditetapkan berbeda dengan rekomendasi dengan pertimbangan: {reason};")
    if reason := words.sentence(d.data.get("reason") or ""):
        found.append(f"bahwa Keputusan {_revoked(d)} perlu dicabut dan diganti dengan pertimbangan: {reason};")
    found.append(f"bahwa {form.purpose};")
    found.append(
        f"bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam {words.letters(len(found))}, perlu menetapkan "
        f"Keputusan tentang {_title_case(title)};"
    )
    return found


def _absence(d: Dossier) -> str:
    """Decided on the evidence at hand when two summonses were missed and nobody was examined."""
    summonses = d.summonses(Purpose.EXAMINATION)
    if d.every("record_examination") or len(summonses) < 2:
        return ""
    days = words.joined([words.date(row.scheduled_on) for row in summonses])
    return (
        f"bahwa yang bersangkutan telah dipanggil secara tertulis sebanyak {words.counted(len(summonses))} kali untuk "
        f"diperiksa pada tanggal {days} dan tidak hadir, sehingga sanksi dijatuhkan berdasarkan alat bukti dan "
        f"keterangan yang ada tanpa dilakukan pemeriksaan;"
    )


def _revoked(d: Dossier) -> str:
    """The decree this one replaces: authority, number, date."""
    return f"{d.issuer.head_title} {d.reference('sanction_decree')}"


def _noted(d: Dossier) -> list[str]:
    found = []
    recommendation = d.reference("reviewer_recommendation")
    if d.case.reviewer and recommendation:
        found.append(f"Rekomendasi {d.case.reviewer.name} {recommendation};")
    satgas = numbered(d.data, "satgas") or numbered(d.answers("recommend_sanction"), "satgas")
    if satgas:
        dated = f" tanggal {satgas['date']}" if satgas["date"] else ""
        found.append(f"Keputusan Satuan Tugas Netralitas Nomor {satgas['number']}{dated};")
    if approval := numbered(d.data, "approval"):
        dated = f" tanggal {approval['date']}" if approval["date"] else ""
        found.append(f"Persetujuan tertulis Menteri Dalam Negeri Nomor {approval['number']}{dated};")
    if report := d.reference("examination_report"):
        found.append(f"Laporan Hasil Pemeriksaan {report};")
    if found:
        found[-1] = found[-1].rstrip(";") + "."
    return found


def _dictums(d: Dossier, form: DecreeForm, named: dict[str, str]) -> list[dict[str, Any]]:
    sanction: SanctionType = d.data["sanction"]
    article = words.cited(words.sentence(d.data["article"]))
    because = f"karena yang bersangkutan pada tanggal {words.date(d.report.occurred_on)} melakukan perbuatan yang"
    found: list[dict[str, Any]] = [
        {
            "text": form.operative.format(**named),
            "person": True,
            "tail": f"{because} melanggar ketentuan {article}.",
        }
    ]
    if form.post:
        found += _post_dictums(d, form)
    if form.statement:
        found.append({"text": form.statement})
    if d.data.get("reason"):
        found.append({"text": f"Mencabut dan menyatakan tidak berlaku Keputusan {_revoked(d)}."})
    found.append({"text": _entry_into_force(d, sanction)})
    found.append({"text": "Keputusan ini disampaikan kepada yang bersangkutan untuk dilaksanakan."})
    return [{"label": label, "person": False, "tail": "", **row} for label, row in zip(ORDINALS, found, strict=False)]


def _post_dictums(d: Dossier, form: DecreeForm) -> list[dict[str, Any]]:
    new = words.sentence(d.data.get("new_position") or "")
    new_text = f" menjadi {new}" if new else ""
    return [
        {"text": form.post.format(old=d.subject["position"], new=new_text)},
        {
            "text": "Hak-hak kepegawaian yang bersangkutan disesuaikan dengan jabatan baru sesuai dengan ketentuan "
            "peraturan perundang-undangan."
        },
        {"text": "Pengangkatan dalam jabatan baru sebagaimana dimaksud dalam Diktum KEDUA ditetapkan dengan keputusan "
                 "tersendiri."},
    ]  # fmt: skip


def _entry_into_force(d: Dossier, sanction: SanctionType) -> str:
    """The day it takes effect, counted as the deadline rule in force says."""
    rule = d.rule("entry_into_force")
    day = f"{words.UNIT[rule.unit].removesuffix(' kalender')} ke-{rule.days} ({words.number(rule.days)})"
    return (
        f"Keputusan ini mulai berlaku pada {day} terhitung mulai tanggal yang bersangkutan menerima keputusan ini atau "
        f"{day} sejak tanggal diterimanya keputusan ini yang dikirim ke alamat yang bersangkutan."
    )


def _copies(d: Dossier) -> list[str]:
    case = d.case
    found = [row.head_title for row in (case.reviewer, case.bawaslu) if row]
    if d.subject["unit"]:
        found.append(f"Pimpinan {d.subject['unit']}")
    return [*found, "Yang bersangkutan"]


#: Words that stay small in a title, and the abbreviations that stay capital.
SMALL = frozenset({
    "dan", "atau", "di", "ke", "dari", "yang", "atas", "sebagai", "secara", "tidak", "dengan", "selama", "berupa",
})  # fmt: skip
CAPITAL = {"pns": "PNS"}


def _title_case(title: str) -> str:
    """A title in capitals as it stands inside a sentence."""
    found = []
    for index, word in enumerate(title.lower().split()):
        lead = "(" if word.startswith("(") else ""
        bare = word.removeprefix("(")
        found.append(lead + (CAPITAL.get(bare) or (bare if index and bare in SMALL else bare[:1].upper() + bare[1:])))
    return " ".join(found)
