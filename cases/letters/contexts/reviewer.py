"""Letters of the reviewing body: whichever institution carries the case, its row says how it is called."""

from __future__ import annotations

from typing import Any

from cases.letters import words
from cases.letters.contexts.common import (
    envelope,
    heads,
    numbered,
    report_facts,
    to_employer,
    to_head,
    violation_facts,
)
from cases.letters.dossier import Dossier
from cases.letters.kinds import LetterKind

Context = dict[str, Any]


def _file(d: Dossier) -> Context:
    """What every letter of the review says about the file."""
    return {
        "supervisor": d.case.bawaslu.name,
        "forwarding": d.reference("bawaslu_recommendation"),
        "person": d.subject_rows,
        "report": report_facts(d),
        "violation": violation_facts(d),
    }


def supplement_request(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Asks the supervisor for what the file lacks."""
    return {
        **envelope(
            kind, d, number, to=to_head(d.case.bawaslu),
            subject=f"Permintaan kelengkapan berkas atas nama {d.subject['name']}",
        ),
        **_file(d),
        "missing": words.lines(d.data["missing_items"]),
    }  # fmt: skip


def review_memo(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """The officer's analysis for the signatory."""
    level = d.data.get("level") or ""
    return {
        **envelope(kind, d, number, subject=f"Telaah dugaan pelanggaran netralitas atas nama {d.subject['name']}"),
        **_file(d),
        "memo_to": d.issuer.head_title,
        "memo_from": d.actor.position,
        "analysis": d.data["analysis"],
        "finding": words.FINDING[d.data["finding"]],
        "proven": d.data["finding"] != "UNPROVEN",
        "level": words.LEVEL.get(level, ""),
        "evidence": d.evidence,
    }


def unproven_notice(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Tells the supervisor that nothing was proven."""
    return {
        **envelope(
            kind, d, number, to=to_head(d.case.bawaslu),
            subject=f"Hasil telaah: tidak terbukti, atas nama {d.subject['name']}",
        ),
        **_file(d),
        "reason": d.data["reason"],
    }  # fmt: skip


def reviewer_recommendation(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Recommends a sanction to the employing authority of this employee."""
    data = d.data
    rule = d.rule("employer_follow_up")
    level = data.get("level") or ""
    return {
        **envelope(
            kind, d, number, to=to_employer(data["employer"]), attachment="1 (satu) berkas",
            subject=f"Rekomendasi atas pelanggaran netralitas ASN atas nama {d.subject['name']}",
            copies=heads(d.case.bawaslu),
        ),
        **_file(d),
        "finding": words.FINDING[data["finding"]],
        "finding_code": data["finding"],
        "level": words.LEVEL.get(level, ""),
        "legal_basis": words.cited(words.sentence(data["legal_basis"])),
        "considerations": data.get("considerations") or "",
        "satgas": numbered(data, "satgas"),
        "within": words.counted(rule.days, rule.unit),
    }  # fmt: skip


def escalation_notice(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Reminds the employing authority of a recommendation it let lie."""
    employer = d.case.employer
    if employer is None:
        raise LookupError("a delay is escalated only to an employing authority")
    return {
        **envelope(
            kind, d, number, to=to_employer(employer), copies=heads(d.case.bawaslu),
            subject=f"Rekomendasi belum ditindaklanjuti, atas nama {d.subject['name']}",
        ),
        **_file(d),
        "recommendation": d.reference("reviewer_recommendation"),
        "level": words.LEVEL.get(d.case.recommended_level, ""),
        "due": words.date(d.case.due_on, weekday=True) if d.case.due_on else "",
        "reason": d.data["reason"],
        "ordinal": len(d.letters("escalation_notice")) + 1,
    }  # fmt: skip
