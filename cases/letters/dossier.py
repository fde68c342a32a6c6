"""What builders read about a case while a step is being written: each fact at most one query, only when asked.

Runs inside the step's transaction, after its effects and its event, so that rows read here are as of this step. The
reporter's sealed row is never read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.models import Institution
from cases.catalogue.choices import Confidence
from cases.catalogue.lookups import rule_for
from cases.catalogue.models import DeadlineRule
from cases.catalogue.printed import FormCode, LegalInstrument
from cases.letters import words
from cases.models import Appeal, Case, Event, Evidence, Examiner, Letter, Rank, Summons
from cases.nip import spaced
from cases.workflow import kinds_voided

#: How the reporter is addressed; the identity is sealed.
REPORTER_ADDRESS = "Pelapor pada laporan nomor {number}"


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier letter of the case."""

    kind: str
    number: str
    dated_on: dt.date

    @property
    def text(self) -> str:
        """``Nomor … tanggal …``."""
        return f"Nomor {self.number} tanggal {words.date(self.dated_on)}"


class Dossier:
    """A case as a letter tells it. ``situation`` is the step's (case, actor, day, answers), ``variant`` the wording."""

    def __init__(self, situation: Any, event: Event, variant: str = "") -> None:
        self.variant = variant
        self.case: Case = situation.case
        self.actor = situation.actor
        self.on: dt.date = situation.on
        self.data: dict[str, Any] = situation.data or {}
        self.event = event
        self.report = self.case.report
        self.issuer: Institution = self.actor.institution

    # ---- history
    @cached_property
    def _answers(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        rows = Event.objects.filter(case=self.case, kind=Event.Kind.STEP).order_by("seq")
        for name, data in rows.values_list("name", "data"):
            found.setdefault(name, []).append(data)
        return found

    def answers(self, step: str) -> dict[str, Any]:
        """Frozen answers of the latest ``step``; empty when it was never taken."""
        return (self._answers.get(step) or [{}])[-1]

    def every(self, step: str) -> list[dict[str, Any]]:
        """Frozen answers of every ``step``, oldest first."""
        return self._answers.get(step, [])

    @cached_property
    def _letters(self) -> list[Reference]:
        # A decree that a step took out of force is still what later letters tell of; one withdrawn by hand is not.
        told = Q(voided_at__isnull=True) | Q(kind__in=kinds_voided())
        rows = Letter.objects.filter(told, case=self.case).order_by("event__seq", "position")
        return [Reference(*row) for row in rows.values_list("kind", "number", "dated_on")]

    def letters(self, kind: str) -> list[Reference]:
        """Letters of one kind issued so far and not withdrawn, oldest first."""
        return [letter for letter in self._letters if letter.kind == kind]

    def last_letter(self, kind: str) -> Reference | None:
        """The latest letter of one kind."""
        found = self.letters(kind)
        return found[-1] if found else None

    def reference(self, kind: str) -> str:
        """``Nomor … tanggal …`` of the latest letter of a kind; empty when there is none."""
        letter = self.last_letter(kind)
        return letter.text if letter else ""

    # ---- reference data
    @cached_property
    def ranks(self) -> dict[str, str]:
        """Rank names by code."""
        return dict(Rank.objects.values_list("code", "name"))

    def rank(self, code: str) -> str:
        """``Pembina (IV/a)``; ``Golongan IX`` for a rank without a name; empty for none."""
        if not code:
            return ""
        name = self.ranks.get(code, "")
        return f"{name} ({code})" if name else f"Golongan {code}"

    def rule(self, code: str, on: dt.date | None = None) -> DeadlineRule:
        """The deadline rule of this case's election law."""
        return rule_for(code, self.report.election.regime, on or self.on)

    def form_code(self, kind: str) -> str:
        """The supervisor's form code of a letter kind, or nothing when the office has entered none."""
        rows = FormCode.objects.in_force(self.on).filter(
            letter_kind=kind, regime__in=(self.report.election.regime, "ALL")
        )
        return str(next(iter(rows.values_list("code", flat=True)), ""))

    def laws(self, *families: str) -> list[str]:
        """Laws to cite for any of ``families``, dated by act or decision; unverified ones are left out."""
        days = {
            LegalInstrument.DatedBy.ACT: self.report.occurred_on,
            LegalInstrument.DatedBy.DECISION: self.on,
        }
        rows = LegalInstrument.objects.filter(confidence=Confidence.SOURCED).order_by("order", "code")
        return [
            f"{row.title} ({row.gazette})" if row.gazette else row.title
            for row in rows
            if set(row.used_for) & set(families) and row.holds_on(days[LegalInstrument.DatedBy(row.dated_by)])
        ]

    # ---- people
    @property
    def is_registered(self) -> bool:
        """True when the employee has been identified in the registry."""
        return bool(self.case.snapshot)

    @cached_property
    def subject(self) -> dict[str, str]:
        """The reported employee as printed: as registered, before that as reported."""
        case, snapshot = self.case, self.case.snapshot
        if not snapshot:
            return {
                "name": case.reported_name,
                "nip": spaced(case.reported_nip) if case.reported_nip else "",
                "rank": "",
                "position": case.reported_position,
                "unit": case.reported_unit,
            }
        rank = snapshot.get("rank", "")
        named = f"{snapshot['rank_name']} ({rank})" if snapshot.get("rank_name") else f"Golongan {rank}" if rank else ""
        return {
            "name": snapshot["name"],
            "nip": spaced(snapshot["nip"]),
            "rank": named,
            "position": snapshot["position"],
            "unit": snapshot["unit"],
        }

    @cached_property
    def subject_rows(self) -> list[dict[str, str]]:
        """The reported employee as label and value, empty ones left out."""
        labels = (
            ("name", "Nama"), ("nip", "NIP"), ("rank", "Pangkat/Gol. Ruang"), ("position", "Jabatan"),
            ("unit", "Unit Kerja"),
        )  # fmt: skip
        return [{"label": label, "value": self.subject[key]} for key, label in labels if self.subject[key]]

    @property
    def employment(self) -> str:
        """The kind of employment in words."""
        return words.EMPLOYMENT.get(self.case.employment, "pegawai Aparatur Sipil Negara")

    @cached_property
    def examiners(self) -> list[dict[str, Any]]:
        """Who examines, as printed."""
        return [
            {
                "part": words.PART[row.part],
                "chairs": row.part == Examiner.Part.CHAIR,
                "name": row.name,
                "nip": spaced(row.nip) if row.nip else "",
                "rank": self.rank(row.rank),
                "position": row.position,
            }
            for row in Examiner.objects.filter(case=self.case)
        ]

    @property
    def examined_by(self) -> str:
        """Code of who examines (answer of the examination order)."""
        return str(self.answers("start_examination").get("examined_by", "TEAM"))

    @property
    def examined_by_words(self) -> str:
        """``Tim Pemeriksa``, ``Atasan Langsung``, ``Majelis Kode Etik``."""
        return words.EXAMINED_BY[self.examined_by]

    @cached_property
    def head_examiner(self) -> dict[str, Any]:
        """The chair, else the first named."""
        chairs = [row for row in self.examiners if row["chairs"]]
        return (chairs or self.examiners or [{}])[0]

    def summonses(self, purpose: str) -> list[Summons]:
        """Invitations or summonses of a purpose as of now, oldest first."""
        return list(Summons.objects.filter(case=self.case, purpose=purpose))

    @cached_property
    def evidence(self) -> list[str]:
        """What the evidence in this file shows."""
        return list(Evidence.objects.of_case(self.case).order_by("added_at", "title").values_list("title", flat=True))

    @cached_property
    def last_appeal(self) -> Appeal | None:
        """The latest appeal in this case, with its decision."""
        rows = Appeal.objects.filter(decision__case=self.case).select_related("decision__sanction")
        return rows.order_by("-pk").first()

    @property
    def origin(self) -> str:
        """``laporan`` or ``temuan``."""
        return "laporan" if self.report.is_reported else "temuan"
