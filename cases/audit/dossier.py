"""A case on paper: summary, timeline, evidence with hashes, the head, then every letter. Written in Indonesian.

For reading; what proves is the bundle it lies in. Holds what ``reader`` may see and nothing else.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Officer
from cases.audit.heads import SignedHead, to_json
from cases.formats import day_and_time, long_date
from cases.letters.kinds import KINDS
from cases.letters.press import press
from cases.models import Case, Event, Evidence, Letter
from cases.nip import spaced
from cases.workflow import STATE, step_or_intake

TEMPLATE = "dossier/dossier.html"
#: Events and pieces of evidence printed of a case, the newest; more would be a book nobody reads and take longer than
#: one letter may. The bundle holds all of them.
MOST_EVENTS, MOST_EVIDENCE = 600, 300


def dossier_pdf(*, case: Case, reader: Officer, head: SignedHead, taken: str) -> bytes:
    """The dossier as one PDF. Letters that are not made yet are listed without their pages.

    Laid out where letters are (``cases.letters.press``), within the bounds of one letter; at most ``MOST_EVENTS``
    events are told, and the rest counted. Raises RenderingFailed.
    """
    letters = list(
        Letter.objects.visible_to(reader).filter(case=case).distinct().order_by("created_at", "position", "pk")
    )
    with override("id"):
        context = _context(case, reader, letters, head, taken)
    with pikepdf.open(BytesIO(press().print(TEMPLATE, context).pdf)) as whole:
        for letter in letters:
            if letter.status == Letter.Status.READY:
                with letter.file.open("rb") as file, pikepdf.open(BytesIO(file.read())) as pages:
                    for page in pages.pages:
                        if "/Annots" in page.obj:  # the seal is of the letter's own file, not of a copied page
                            del page.obj["/Annots"]
                    whole.pages.extend(pages.pages)
        out = BytesIO()
        whole.save(out)
    return out.getvalue()


def _context(case: Case, reader: Officer, letters: list[Letter], head: SignedHead, taken: str) -> dict[str, Any]:
    zone = reader.institution.timezone
    snapshot = case.snapshot or {}
    events = Event.objects.visible_to(reader).filter(case=case)
    evidence = Evidence.objects.visible_to(reader).of_case(case).distinct()
    told, shown = (
        list(events.order_by("-seq")[:MOST_EVENTS]),
        list(evidence.order_by("-added_at", "pk")[:MOST_EVIDENCE]),
    )
    return {
        "title": "Berkas perkara",
        "number": case.number,
        "issuer": reader.institution.name,
        "subject": f"Perkara {case.number}: {case.subject_name}",
        "date_iso": head.at[:10],
        "nature": "RAHASIA",
        "secret": True,
        "demo": settings.DEMO,
        "taken": taken,
        "summary": [
            ("Nomor perkara", case.number),
            ("Nomor registrasi", case.registration_number or "–"),
            ("Terlapor", case.subject_name),
            ("NIP", spaced(case.subject_nip) if case.subject_nip else "–"),
            ("Jabatan", snapshot.get("position") or case.reported_position or "–"),
            ("Unit kerja", snapshot.get("unit") or case.reported_unit or "–"),
            ("Peristiwa", case.report.incident),
            ("Pelanggaran", str(case.violation) if case.violation else "–"),
            ("Keadaan", _(STATE[case.state].label)),
            ("Dibuka", long_date(case.opened_on)),
        ],
        "events": [
            {
                "at": day_and_time(event.at, zone),
                "who": event.actor_name,
                "institution": event.institution_name,
                "seq": event.seq,
                "what": _what(event),
                "reason": event.reason,
                "hash": event.hash,
            }
            for event in reversed(told)
        ],
        "earlier_events": events.count() - len(told),
        "letters": [
            {
                "number": letter.number,
                "title": _(KINDS[letter.kind].label),
                "date": long_date(letter.dated_on),
                "sha256": letter.sha256 or "–",
            }
            for letter in letters
        ],
        "evidence": [{"title": item.title, "size": item.size, "sha256": item.sha256} for item in reversed(shown)],
        "earlier_evidence": evidence.count() - len(shown),
        "head": to_json(head),
    }


def _what(event: Event) -> str:
    if event.kind == Event.Kind.STEP:
        try:
            return _(step_or_intake(event.name).label)
        except KeyError:  # a step of an earlier table
            return event.name
    return f"{event.get_kind_display()}: {event.name}"
