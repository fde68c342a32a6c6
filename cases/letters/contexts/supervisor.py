"""Letters of the election supervisor (Bawaslu)."""

from __future__ import annotations

from typing import Any

from cases.letters import words
from cases.letters.contexts.common import (
    actor_signature,
    basis,
    envelope,
    report_facts,
    signature,
    to_head,
    to_reporter,
    to_subject,
    violation_facts,
)
from cases.letters.dossier import Dossier
from cases.letters.kinds import LetterKind
from cases.models.hearing import PersonRole, Purpose

Context = dict[str, Any]


def report_receipt(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Proof that a report was handed in. To the reporter, who is not named; sealed."""
    return {
        **envelope(
            kind, d, number,
            subject=f"Tanda bukti penyampaian laporan nomor {d.report.number}",
            signatures=[
                signature(caption="Pelapor,", title="", name="", rank="(tanda tangan dan nama pada berkas laporan)"),
                actor_signature(d, caption="Penerima Laporan,"),
            ],
            sealed=True,
        ),
        "report": report_facts(d),
        "named": list(d.data.get("named") or [d.case.reported_name]),
        "channel": CHANNEL[d.report.channel],
        "evidence": d.evidence,
        "witnesses": d.report.witnesses.count(),
    }  # fmt: skip


#: How a report came in, in words.
CHANNEL = {
    "COUNTER": "disampaikan langsung",
    "LETTER": "disampaikan melalui surat",
    "ONLINE": "disampaikan secara daring",
    "PATROL": "hasil pengawasan",
}


def completion_request(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """What the reporter must add, and until when."""
    rule = d.rule("completion")
    return {
        **envelope(
            kind, d, number, subject=f"Pemberitahuan kelengkapan laporan nomor {d.report.number}",
            to=to_reporter(d), sealed=True,
        ),
        "report": report_facts(d),
        "missing": words.lines(d.data["missing_items"]),
        "within": words.counted(rule.days, rule.unit),
        "due": words.date(d.case.due_on, weekday=True) if d.case.due_on else "",
        "basis": basis(rule),
    }  # fmt: skip


#: What a status notice tells, by its variant.
STATUS = {"not_registered": "tidak diregistrasi", "not_forwarded": "tidak diteruskan", "sent_on": "diteruskan"}


def status_notice(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """What became of the report. To the reporter, sealed; on every stop with its reason."""
    plenary = d.data.get("plenary_number")
    return {
        **envelope(
            kind, d, number, subject=f"Pemberitahuan status laporan nomor {d.report.number}",
            to=to_reporter(d), sealed=True,
        ),
        "variant": d.variant,
        "status": STATUS[d.variant],
        "report": report_facts(d),
        "ground": words.DECLINE_REASON.get(d.data.get("reason_code", ""), ""),
        "reason": d.data.get("reason", ""),
        "plenary": {"number": plenary, "date": words.date(d.data["plenary_on"])} if plenary else {},
        "forwarded_to": d.case.reviewer.name if d.case.reviewer else "",
    }  # fmt: skip


def clarification_invitation(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Invites one person; the reporter's is sealed."""
    role, name = item["role"], item["name"]
    is_reporter = role == PersonRole.REPORTER
    earlier = [row for row in d.summonses(Purpose.CLARIFICATION) if (row.person_role, row.person_name) == (role, name)]
    ordinal = max(len(earlier), 1)
    address = {"lines": [f"Saudara {name}"], "place": "Tempat"}
    if is_reporter:
        address = to_reporter(d)
    elif role == PersonRole.REPORTED:
        address = to_subject(d)
    data = d.data
    return {
        **envelope(
            kind, d, number,
            subject=f"Undangan klarifikasi {words.roman(ordinal)}: {words.PERSON_ROLE[role]}"
            if is_reporter else f"Undangan klarifikasi {words.roman(ordinal)}: {name}",
            to=address, sealed=is_reporter,
        ),
        "ordinal": words.roman(ordinal),
        "second": ordinal > 1,
        "previous": words.date(earlier[-2].scheduled_on, weekday=True) if ordinal > 1 else "",
        "person_role": words.PERSON_ROLE[role],
        "scheduled": words.date(data["scheduled_on"], weekday=True),
        "at": words.time(data["scheduled_at"], d.issuer.timezone),
        "where": data["place"],
        "online": bool(data.get("online")),
        "report": report_facts(d),
        "meet": d.actor.name,
    }  # fmt: skip


#: What was said about the oath; a refusal does not stop the clarification.
OATH = {
    "TAKEN": "telah mengucapkan sumpah/janji sebelum memberikan keterangan",
    "REFUSED": "menolak mengucapkan sumpah/janji; penolakan tersebut tidak menghentikan klarifikasi",
    "NOT_ASKED": "tidak diminta mengucapkan sumpah/janji karena berkedudukan sebagai terlapor",
}


def clarification_minutes(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """What a person said. The reporter's are sealed and name no one."""
    data, role = d.data, d.data["person_role"]
    is_reporter = role == PersonRole.REPORTER
    name = REPORTER_SIGNS if is_reporter else data["person_name"]
    rows = [{"label": "Nama", "value": name}, {"label": "Kedudukan", "value": words.PERSON_ROLE[role]}]
    if role == PersonRole.REPORTED:
        rows = [*d.subject_rows, rows[1]]
    subject = f"Berita acara klarifikasi {words.PERSON_ROLE[role]}"
    return {
        **envelope(
            kind, d, number, subject=subject if is_reporter else f"{subject}: {name}", sealed=is_reporter,
            signatures=[
                signature(caption="Yang memberikan keterangan,", title="", name=name),
                actor_signature(d, caption="Yang meminta keterangan,"),
            ],
        ),
        "held_words": words.date_in_words(data["held_on"]),
        "where": data["place"],
        "person": rows,
        "person_role": words.PERSON_ROLE[role],
        "oath": OATH[data["oath"]],
        "statement": data["statement"],
        "report": report_facts(d),
    }  # fmt: skip


#: What stands for the reporter's name.
REPORTER_SIGNS = "Pelapor (identitas dirahasiakan)"


def assessment(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """The assessment (kajian): facts, elements, analysis, conclusion, proposal."""
    data = d.data
    elements = [
        ("Pegawai Aparatur Sipil Negara", data.get("element_subject")),
        ("Perbuatan", data.get("element_act")),
        ("Pihak yang diuntungkan", data.get("element_target")),
        ("Tujuan memberikan dukungan", data.get("intent")),
    ]
    heard = [
        {"name": REPORTER_SIGNS if row["person_role"] == PersonRole.REPORTER else row["person_name"],
         "role": words.PERSON_ROLE[row["person_role"]], "date": words.date(words.iso(row["held_on"]))}
        for row in d.every("record_clarification")
    ]  # fmt: skip
    return {
        **envelope(kind, d, number, subject=f"Kajian dugaan pelanggaran nomor {d.case.registration_number}"),
        "report": report_facts(d),
        "violation": violation_facts(d),
        "person": d.subject_rows,
        "witnesses": list(d.report.witnesses.values_list("name", flat=True)),
        "evidence": d.evidence,
        "heard": heard,
        "waived": d.answers("waive_clarification").get("reason", "") if not heard else "",
        "facts": data["facts"],
        "elements": [{"label": label, "text": text} for label, text in elements if text],
        "analysis": data["analysis"],
        "conclusion": data["conclusion"],
        "overlaps": bool(data.get("overlaps_offence")),
        "proposal": words.PROPOSED_OUTCOME[data["proposed_outcome"]],
    }


def bawaslu_recommendation(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Forwards the case to the reviewing body in office."""
    reviewer = d.data["reviewer"]
    study = d.answers("propose")
    return {
        **envelope(
            kind, d, number, to=to_head(reviewer), attachment="1 (satu) berkas",
            subject=f"Penerusan dugaan pelanggaran netralitas ASN atas nama {d.subject['name']}",
        ),
        "report": report_facts(d),
        "violation": violation_facts(d),
        "person": d.subject_rows,
        "law": d.laws(f"forwarding-{d.report.election.regime}"),
        "plenary": {"number": d.data["plenary_number"], "date": words.date(d.data["plenary_on"])},
        "assessment": d.reference("assessment"),
        "conclusion": study.get("conclusion", ""),
        "overlaps": bool(study.get("overlaps_offence")),
        "evidence": d.evidence,
        "note": d.data.get("note", ""),
    }  # fmt: skip


def supplement_reply(kind: LetterKind, d: Dossier, item: Any, number: str) -> Context:
    """Sends what the reviewing body asked for."""
    reviewer = d.case.reviewer
    if reviewer is None:
        raise LookupError("a supplement is supplied only to a reviewing body")
    return {
        **envelope(
            kind, d, number, to=to_head(reviewer), attachment="1 (satu) berkas",
            subject=f"Penyampaian kelengkapan berkas perkara {d.case.registration_number}",
        ),
        "request": d.reference("supplement_request"),
        "forwarding": d.reference("bawaslu_recommendation"),
        "person": d.subject_rows,
        "added": words.lines(d.data["added"]),
        "report": report_facts(d),
    }  # fmt: skip
