"""Letters of the examination (employing authority)."""

from __future__ import annotations

from typing import Any

from cases.letters import words
from cases.letters.contexts.common import (
    envelope,
    examiner_signatures,
    head_examiner_signature,
    report_facts,
    signature,
    violation_facts,
)
from cases.letters.dossier import Dossier
from cases.letters.kinds import LetterKind
from cases.models.hearing import Purpose
from cases.nip import spaced

Context = dict[str, Any]

#: Heading of the order by who examines.
ORDER_HEADING = {
    "SUPERIOR": "Pemeriksaan Pelanggaran Disiplin oleh Atasan Langsung",
    "TEAM": "Pembentukan Tim Pemeriksa dan Pemeriksaan Pelanggaran Disiplin",
    "COUNCIL": "Pembentukan Majelis Kode Etik dan Pemeriksaan Pelanggaran Kode Etik",
}
#: What is examined, by who examines.
MATTER = {
    "SUPERIOR": "pelanggaran disiplin",
    "TEAM": "pelanggaran disiplin",
    "COUNCIL": "pelanggaran kode etik",
}


def basis_of_examination(d: Dossier) -> Context:
    """What the employing authority acts upon."""
    return {
        "reviewer": d.case.reviewer.name if d.case.reviewer else "",
        "recommendation": d.reference("reviewer_recommendation"),
        "person": d.subject_rows,
        "employment": d.employment,
        "report": report_facts(d),
        "violation": violation_facts(d),
        "examined_by": d.examined_by_words,
        "matter": MATTER[d.examined_by],
    }


def examination_order(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Orders a superior, a team or an ethics council to examine."""
    by = d.data["examined_by"]
    examiners = [
        {
            "name": row["name"],
            "nip": spaced(row["nip"]) if row.get("nip") else "",
            "rank": d.rank(row.get("rank", "")),
            "position": row["position"],
            "part": words.PART[row["part"]] if len(d.data["examiners"]) > 1 else words.EXAMINED_BY[by],
        }
        for row in d.data["examiners"]
    ]
    return {
        **envelope(kind, d, number, subject=f"Surat perintah pemeriksaan atas nama {d.subject['name']}"),
        **basis_of_examination(d),
        "heading": ORDER_HEADING[by],
        "examined_by": words.EXAMINED_BY[by],
        "matter": MATTER[by],
        "examiners": examiners,
        "authority": d.issuer.head_title,
        "note": d.data.get("order_note") or "",
    }


def summons(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Summons the employee, the first or the second time."""
    issued = d.summonses(Purpose.EXAMINATION)
    ordinal = max(len(issued), 1)
    data, head = d.data, d.head_examiner
    meets_head = head.get("name") == data["report_to"]
    return {
        **envelope(
            kind, d, number, subject=f"Surat panggilan {words.roman(ordinal)} untuk {d.subject['name']}",
            signatures=[head_examiner_signature(d)],
            copies=[f"Pimpinan {d.subject['unit']}"] if d.subject["unit"] else [],
        ),
        **basis_of_examination(d),
        "ordinal": words.roman(ordinal),
        "missed": words.date(issued[-2].scheduled_on, weekday=True) if ordinal > 1 else "",
        "previous": d.reference("summons") if ordinal > 1 else "",
        "meet": [
            {"label": label, "value": value}
            for label, value in (
                ("Nama", data["report_to"]),
                ("NIP", head.get("nip", "") if meets_head else ""),
                ("Pangkat/Gol. Ruang", head.get("rank", "") if meets_head else ""),
                ("Jabatan", data.get("report_to_position") or (head.get("position", "") if meets_head else "")),
            )
            if value
        ],
        "day": words.date(data["scheduled_on"], weekday=True),
        "at": words.time(data["scheduled_at"], d.issuer.timezone),
        "where": data["place"],
    }  # fmt: skip


def examination_minutes(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Questions and answers (BAP), signed or refused."""
    data = d.data
    subject = d.subject
    examined = signature(
        caption="Yang diperiksa,", title="", name=subject["name"], rank=subject["rank"], nip=subject["nip"]
    ) | {"refused": not data["signed"]}
    return {
        **envelope(
            kind, d, number, subject=f"Berita acara pemeriksaan {d.subject['name']}",
            signatures=[examined, *examiner_signatures(d, caption="Yang memeriksa,")],
        ),
        **basis_of_examination(d),
        "held_words": words.date_in_words(data["held_on"]),
        "where": data["place"],
        "examiners": d.examiners,
        "questions": [{"question": row["question"], "answer": row["answer"]} for row in data["questions"]],
        "signed": bool(data["signed"]),
        "order": d.reference("examination_order"),
    }  # fmt: skip


def examination_report(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Findings, factors, impact and proposal (LHP)."""
    data = d.data
    held = [words.iso(row["held_on"]) for row in d.every("record_examination")]
    summonses = d.summonses(Purpose.EXAMINATION)
    proposed = data.get("proposed_sanction")
    return {
        **envelope(
            kind, d, number, subject=f"Laporan hasil pemeriksaan atas nama {d.subject['name']}",
            signatures=examiner_signatures(d),
        ),
        **basis_of_examination(d),
        "authority": d.issuer.head_title,
        "order": d.reference("examination_order"),
        "held": [words.date(day, weekday=True) for day in held],
        "summonses": [
            {"ordinal": words.roman(row.ordinal), "issued": words.date(row.issued_on),
             "scheduled": words.date(row.scheduled_on)}
            for row in summonses
        ],
        "absent": not held,
        "act": d.report.incident,
        "findings": data["findings"],
        "aggravating": data.get("aggravating") or "",
        "mitigating": data.get("mitigating") or "",
        "impact": words.IMPACT[data["impact"]],
        "proven": bool(data["proven"]),
        "article": words.cited(words.sentence(data.get("article") or "")),
        "proposed": proposed.name if proposed else "",
        "level": words.LEVEL[proposed.level] if proposed else "",
    }  # fmt: skip
