"""What a case must be, told by its events alone. Pure: events in, facts and complaints out; reads only the table.

An event here is anything with the attributes of ``cases.models.Event`` that are named in ``cases.audit.chain.FIELDS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cases.workflow import INTAKE, STEP

#: The act that hands a case to an institution's successor; it tells the change unless it is the supervisor's.
SUCCEED = "succeed"

#: Case columns that only ever change with an event that says so.
TOLD: tuple[str, ...] = (
    "reviewer", "employer", "registration_number", "employee", "snapshot", "subject_name", "subject_nip", "employment",
    "violation", "target_status", "finding", "recommended_level", "due_on", "clock_paused", "reported_name",
    "reported_nip", "reported_position", "reported_unit", "opened_on",
)  # fmt: skip
#: Facts of the report, as intake told them.
REPORTED: tuple[str, ...] = (
    "origin", "channel", "incident", "place", "occurred_on", "known_on", "received_on", "chronology", "link",
    "suspected",
)  # fmt: skip

EMPTY: tuple[Any, ...] = (None, "", False, {}, [])


def key_of(value: Any) -> Any:
    """What identifies a told value: a row by its key (its label may be renamed later), anything else by itself."""
    if isinstance(value, Mapping) and set(value) == {"key", "label"}:
        return value["key"]
    return None if value in EMPTY else value


@dataclass(slots=True)
class Fold:
    """A case so far. ``complaints`` are (seq, sentence code, detail) of events that contradict the ones before.

    ``supervisor`` is the row of the institution that took the report in, or of its successor: the institution the
    event was written for, which no ``changes`` name.
    """

    state: str = ""
    moves: int = -1  # intake is the first step and not a move
    last_seq: int = 0
    last_hash: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    told_at: dict[str, int] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    supervisor: int | None = None
    letters: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    made: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    voided: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    delivered: dict[tuple[str, int], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    evidence: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    notes: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    sealed: dict[str, tuple[int, str]] = field(default_factory=dict)
    shredded: bool = False
    disposed: set[str] = field(default_factory=set)
    complaints: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, event: Mapping[str, Any]) -> None:
        """Take in the next event of the case."""
        seq, kind, name = event["seq"], event["kind"], event["name"]
        if kind == "STEP":
            self._step(event)
        elif event["from_state"] != self.state or event["to_state"] != self.state:
            self.complaints.append((seq, "state", f"{event['from_state']} → {event['to_state']}"))
        for column, change in event["changes"].items():
            self._change(seq, column, change)
        for letter in event["letters_issued"]:
            self.letters[letter["letter"]] = (seq, letter)
        if name == INTAKE.name or (name == SUCCEED and not event["changes"]):
            self.supervisor, self.told_at["bawaslu"] = event["institution_id"], seq
        self._file(seq, kind, name, event)
        for label, commitment in event["sealed"].items():
            self.sealed[label] = (seq, commitment)
        self.last_seq, self.last_hash = seq, event["hash"]

    def _file(self, seq: int, kind: str, name: str, event: Mapping[str, Any]) -> None:
        """What an act besides the steps says of letters, files, notes, and what was destroyed."""
        if kind == "LETTER" and name == "letter_made":
            self.made[event["data"]["letter"]] = (seq, event["data"])
        elif kind == "LETTER" and "withdrawn" in event["data"]:
            facts = event["data"]
            self.voided[facts["withdrawn"]] = (seq, facts["successor"] or "", event["reason"])
        elif kind == "LETTER" and "place" in event["data"]:
            self.delivered[event["data"]["letter"], event["data"]["place"]] = (seq, event["data"])
        elif kind == "UPLOAD":
            self.evidence[event["data"]["evidence"]] = (seq, event["data"])
        elif kind == "NOTE" and "note" in event["data"]:
            self.notes[event["data"]["note"]] = (seq, event["data"])
        elif kind == "SEALED" and name == "shred":
            self.shredded = True
        elif kind == "DISPOSAL" and name == "disposed":
            data = event["data"]
            self.shredded = self.shredded or data["reporter"]
            self.disposed |= {str(one) for what in ("evidence", "letters", "notes") for one in data.get(what, ())}

    def _step(self, event: Mapping[str, Any]) -> None:
        seq, before, after = event["seq"], event["from_state"], event["to_state"]
        self.moves += 1
        if before != self.state:
            self.complaints.append((seq, "state", f"{self.state} → {before}"))
        if event["name"] == INTAKE.name:
            self.report = dict(event["data"])
            for file in event["data"].get("evidence", ()):
                self.evidence[file["evidence"]] = (seq, file)
            lawful = seq == 1 and before == "" and after == INTAKE.target
        else:
            step = STEP.get(event["name"])
            # A step the table no longer knows was checked by the table of its day.
            lawful = step is None or (before in step.source and after == step.lands_in(before))
        if not lawful:
            self.complaints.append((seq, "table", f"{event['name']}: {before} → {after}"))
        self.state = after

    def _change(self, seq: int, column: str, change: Any) -> None:
        before, after = change
        if key_of(before) != key_of(self.values.get(column)):
            self.complaints.append((seq, "before", column))
        self.values[column], self.told_at[column] = after, seq
