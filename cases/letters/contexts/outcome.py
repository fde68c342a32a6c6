"""Letters after the decision: delivery, appeal, ruling, follow-up (employing authority)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cases.letters import words
from cases.letters.contexts.common import (
    actor_signature,
    basis,
    envelope,
    heads,
    signature,
    to_head,
    to_subject,
    violation_facts,
)
from cases.letters.contexts.decree import imposed
from cases.letters.dossier import Dossier
from cases.letters.kinds import LetterKind
from cases.models import Decision

Context = dict[str, Any]


def _decision(d: Dossier) -> Decision:
    """The latest decision, standing or void."""
    found = d.case.decisions.select_related("sanction").order_by("-pk").first()
    if found is None:
        raise LookupError(f"case {d.case.number} has no decision")
    return found


def _day(day: dt.date | None) -> str:
    """The day in words, or nothing."""
    return words.date(day) if day else ""


def _decree(d: Dossier, decision: Decision | None = None) -> Context:
    """The decree the letter speaks of; without ``decision`` the latest."""
    decision = decision or _decision(d)
    return {
        "decree": d.reference("sanction_decree"),
        "decree_title": d.issuer.head_title,
        "sanction": decision.sanction.name,
        "sanction_full": imposed(decision.sanction),
        "person": d.subject_rows,
        "employment": d.employment,
    }


def delivery_record(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Who received the decree, when and how; with what can be done against it."""
    data, decision = d.data, _decision(d)
    is_appeal = decision.sanction.ends_employment
    rule = d.rule("appeal_filing" if is_appeal else "objection_filing", data["received_on"])
    return {
        **envelope(
            kind, d, number, subject=f"Berita acara penyerahan keputusan kepada {d.subject['name']}",
            signatures=[
                signature(caption="Yang menerima,", title="", name=data["received_by"]),
                actor_signature(d, caption="Yang menyerahkan,"),
            ],
        ),
        **_decree(d),
        "received_words": words.date_in_words(data["received_on"]),
        "manner": words.MANNER[data["manner"]],
        "received_by": data["received_by"],
        "where": data.get("place") or d.issuer.place,
        "remedy": words.APPEAL_KIND["appeal" if is_appeal else "objection"],
        "within": words.counted(rule.days, rule.unit),
        "remedy_basis": basis(rule),
        "in_force": words.date(d.case.due_on, weekday=True) if d.case.due_on else "",
    }  # fmt: skip


def appeal_record(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """That an objection or appeal came in, and until when it is ruled upon."""
    data = d.data
    running = d.rule({"objection": "objection_ruling", "appeal": "appeal_ruling"}[data["kind"]], data["filed_on"])
    remedy = words.APPEAL_KIND[data["kind"]]
    return {
        **envelope(
            kind, d, number, subject=f"Penerimaan {remedy} dari {d.subject['name']}", copies=heads(
                d.case.reviewer, d.case.bawaslu),
            signatures=[
                signature(caption="Yang mengajukan,", title="", name=d.subject["name"], nip=d.subject["nip"]),
                actor_signature(d, caption="Yang menerima,"),
            ],
        ),
        **_decree(d),
        "remedy": remedy,
        "remedy_title": remedy.title(),
        "filed_words": words.date_in_words(data["filed_on"]),
        "received": _day(_decision(d).delivered_on),
        "grounds": data["grounds"],
        "within": words.counted(running.days, running.unit),
        "due": words.date(d.case.due_on, weekday=True) if d.case.due_on else "",
    }  # fmt: skip


def appeal_ruling(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """What the ruling did to the decree. To the employee."""
    data, appeal = d.data, d.last_appeal
    if appeal is None:
        raise LookupError(f"case {d.case.number} has no appeal")
    code = appeal.ruling
    annulled = code == appeal.Ruling.ANNULLED
    remedy = words.APPEAL_KIND[appeal.kind]
    holds = data.get("sanction") or appeal.decision.sanction
    return {
        **envelope(
            kind, d, number, to=to_subject(d), subject=f"Pemberitahuan putusan atas {remedy}",
            copies=heads(d.case.reviewer, d.case.bawaslu),
        ),
        **_decree(d),
        "remedy": remedy,
        "filed": words.date(appeal.filed_on),
        "ruled_by": words.RULED_BY[appeal.kind],
        "ruling": words.RULING[code],
        "variant": code,
        "annulled": annulled,
        "ruling_number": data["ruling_number"],
        "ruling_date": words.date(data["ruling_on"]),
        "considerations": data["considerations"],
        "sanction": appeal.decision.sanction.name,
        "holds": "" if annulled else holds.name,
        "changed": not annulled and holds != appeal.decision.sanction,
    }  # fmt: skip


def followup_report(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Tells the reviewing body and the supervisor how their recommendation was followed up."""
    reviewer = d.case.reviewer
    if reviewer is None:
        raise LookupError("a follow-up is reported only to a reviewing body")
    context = {
        **envelope(
            kind, d, number, to=to_head(reviewer), copies=heads(d.case.bawaslu), attachment="1 (satu) berkas",
            subject=f"Laporan tindak lanjut rekomendasi atas nama {d.subject['name']}",
        ),
        "variant": d.variant,
        "person": d.subject_rows,
        "violation": violation_facts(d),
        "reviewer": reviewer.name,
        "recommendation": d.reference("reviewer_recommendation"),
        "recommended": words.LEVEL.get(d.case.recommended_level, ""),
        "report": d.reference("examination_report"),
        "examined_by": d.examined_by_words,
        "reason": d.data.get("reason") or "",
    }  # fmt: skip
    return {**context, **TELLS[d.variant](d)}


def _cleared(d: Dossier) -> Context:
    return {"decree": "", "delivered": "", "in_force": ""}


def _closed(d: Dossier) -> Context:
    """The decree as decided; when a ruling put another sanction in its place, both are told."""
    holding, data = _decision(d), d.data
    ruled = _ruled(d, holding)
    decided = d.last_appeal.decision if ruled and d.last_appeal else holding
    return {
        **_decree(d, decided),
        "article": words.cited(decided.article),
        "delivered": _day(decided.delivered_on),
        "in_force": _day(holding.in_force_on),
        "system": words.RECORD_SYSTEM.get(data.get("record_system", ""), ""),
        "record_number": data.get("record_number", ""),
        "recorded": _day(data.get("recorded_on")),
        "decided_otherwise": ruled,
    }


def _annulled(d: Dossier) -> Context:
    appeal = d.last_appeal
    return {
        **_decree(d),
        "remedy": words.APPEAL_KIND[appeal.kind] if appeal else "",
        "ruled_by": words.RULED_BY[appeal.kind] if appeal else "",
        "ruling_number": d.data["ruling_number"],
        "ruling_date": words.date(d.data["ruling_on"]),
        "considerations": d.data["considerations"],
        "delivered": "",
        "in_force": "",
    }


def _ruled(d: Dossier, holding: Decision) -> Context:
    """The ruling after which ``holding`` is the sanction; empty when nobody appealed."""
    appeal, answers = d.last_appeal, d.answers("uphold")
    if appeal is None or not answers:
        return {}
    return {
        "remedy": words.APPEAL_KIND[appeal.kind],
        "ruled_by": words.RULED_BY[appeal.kind],
        "ruling": words.RULING[appeal.ruling],
        "holds": imposed(holding.sanction),
        "number": answers["ruling_number"],
        "date": words.date(words.iso(answers["ruling_on"])),
    }


TELLS = {"no_sanction": _cleared, "void": _annulled, "carried_out": _closed}
