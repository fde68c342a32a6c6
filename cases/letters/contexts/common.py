"""What every letter shares: letterhead, number, addressee, signatures, copies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings

from accounts.models import Institution
from cases.catalogue.choices import Confidence
from cases.letters import words
from cases.letters.dossier import REPORTER_ADDRESS, Dossier
from cases.letters.kinds import LetterKind
from cases.nip import spaced

Block = dict[str, Any]

#: How long a subject may be in lists; the printed one is the same text.
SUBJECT_LENGTH = 300
EMPLOYING_AUTHORITY = "Pejabat Pembina Kepegawaian"


def envelope(
    kind: LetterKind,
    d: Dossier,
    number: str,
    *,
    subject: str,
    to: dict[str, Any] | None = None,
    attachment: str = "",
    signatures: list[Block] | None = None,
    copies: list[str] | None = None,
    sealed: bool = False,
    secret: bool | None = None,
) -> dict[str, Any]:
    """The frozen frame of one letter. Without ``signatures`` the acting officer signs."""
    issuer = d.issuer
    return {
        "kind": kind.name,
        "title": kind.title,
        "form_code": d.form_code(kind.name) if kind.coded else "",
        "number": number,
        "place": issuer.place,
        "date": words.date(d.on),
        "date_iso": d.on.isoformat(),
        "letterhead": {
            "lines": list(issuer.letterhead) or [issuer.name],
            "address": issuer.address,
            "contact": issuer.contact,
        },
        "issuer": issuer.name,
        "nature": kind.nature,
        "secret": kind.secret if secret is None else secret,
        "attachment": attachment or "-",
        "subject": subject[:SUBJECT_LENGTH],
        "to": to or {},
        "signatures": signatures if signatures is not None else [actor_signature(d)],
        "copies": copies or [],
        "issued_by": f"{d.actor.name}, {d.actor.position}",
        "sealed": sealed,
        "demo": bool(settings.DEMO),
    }


def signature(*, title: str, name: str, nip: str = "", rank: str = "", caption: str = "") -> Block:
    """One signature block: caption above (``Yang menyerahkan,``), office, name, rank, NIP (digits or spaced)."""
    return {
        "caption": caption,
        "titles": titles(title),
        "name": name,
        "rank": rank,
        "nip": spaced(nip.replace(" ", "")) if nip else "",
        "refused": False,
    }


def titles(position: str) -> list[str]:
    """The lines of an office: who signs for another says so first, then gives the own office."""
    own, on_behalf, principal = position.partition("a.n.")
    if not on_behalf:
        return [position] if position else []
    return [f"a.n. {principal.strip()}", own.strip(" ,")] if own.strip(" ,") else [f"a.n. {principal.strip()}"]


def actor_signature(d: Dossier, *, caption: str = "") -> Block:
    """The acting officer's block."""
    actor = d.actor
    return signature(title=actor.position, name=actor.name, nip=actor.nip, rank=d.rank(actor.rank), caption=caption)


def examiner_signatures(d: Dossier, *, caption: str = "") -> list[Block]:
    """The blocks of those who examine; of the acting officer when nobody is named."""
    blocks = [
        signature(title=_examiner_title(d, row["part"]), name=row["name"], rank=row["rank"], nip=row["nip"])
        for row in d.examiners
    ] or [actor_signature(d)]
    blocks[0]["caption"] = caption
    return blocks


def head_examiner_signature(d: Dossier) -> Block:
    """The block of who leads the examination: the chair of the team or council, or the direct superior."""
    head = d.head_examiner
    if not head:
        return actor_signature(d)
    title = _examiner_title(d, head["part"])
    return signature(title=title, name=head["name"], rank=head["rank"], nip=head["nip"])


def _examiner_title(d: Dossier, part: str) -> str:
    """``Ketua Tim Pemeriksa``; a single examiner is the direct superior and has no part."""
    return f"{part} {d.examined_by_words}" if len(d.examiners) > 1 else d.examined_by_words


def to_head(institution: Institution) -> dict[str, Any]:
    """Addressed to the head of an institution."""
    return {"lines": [institution.head_title], "place": institution.place}


def to_employer(institution: Institution) -> dict[str, Any]:
    """Addressed to the head as employing authority (Pejabat Pembina Kepegawaian)."""
    lines = [institution.head_title]
    if EMPLOYING_AUTHORITY.casefold() not in institution.head_title.casefold():
        lines.append(f"selaku {EMPLOYING_AUTHORITY}")
    return {"lines": lines, "place": institution.place}


def to_reporter(d: Dossier) -> dict[str, Any]:
    """Addressed to the reporter without naming them."""
    return {"lines": [REPORTER_ADDRESS.format(number=d.report.number)], "place": "Tempat"}


def to_subject(d: Dossier) -> dict[str, Any]:
    """Addressed to the reported employee."""
    lines = [f"Saudara {d.subject['name']}", d.subject["position"], d.subject["unit"]]
    return {"lines": [line for line in lines if line], "place": "Tempat"}


def heads(*institutions: Institution | None) -> list[str]:
    """Copies to the heads of the institutions that carry the case."""
    return list(dict.fromkeys(row.head_title for row in institutions if row is not None))


def basis(row: Any) -> str:
    """The legal basis of a reference row written out; empty unless it comes from a published text."""
    return words.cited(row.legal_basis) if row.confidence == Confidence.SOURCED else ""


def violation_facts(d: Dossier) -> dict[str, str]:
    """The row of the joint decree on neutrality, as registered; empty before registration."""
    violation = d.case.violation
    if violation is None:
        return {}
    return {
        "code": violation.code,
        "list": violation.list,
        "row": violation.code.removeprefix(violation.list),
        "wording": violation.wording,
        "plain": violation.plain,
        "edition": violation.skb_version,
        "prohibition": words.cited(violation.prohibition_basis),
        "sanction_basis": words.cited(violation.sanction_basis),
        "target": words.TARGET.get(d.case.target_status, ""),
    }


def report_facts(d: Dossier) -> dict[str, Any]:
    """What was reported or found, without who reported it."""
    report = d.report
    return {
        "origin": d.origin,
        "number": report.number,
        "registration": d.case.registration_number,
        "election": report.election.name,
        "received": words.date(report.received_on, weekday=True),
        "occurred": words.date(report.occurred_on, weekday=True),
        "occurred_short": words.date(report.occurred_on),
        "known": words.date(report.known_on, weekday=True),
        "incident": report.incident,
        "place": report.place,
        "chronology": report.chronology,
        "link": report.link,
        "reported": report.is_reported,
    }


def numbered(data: dict[str, Any], name: str) -> dict[str, str]:
    """Number and date of another body's decision named in the answers; empty when there is none."""
    number, day = data.get(f"{name}_number"), data.get(f"{name}_on")
    if not number:
        return {}
    if isinstance(day, str):  # an earlier step's answers stand frozen in the history
        day = dt.date.fromisoformat(day)
    return {"number": number, "date": words.date(day) if day else ""}
