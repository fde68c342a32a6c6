"""What verification found, in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: More than these are counted, not kept.
KEPT = 1000
NOWHERE = 2**62

#: Code of a finding → what it means. ``%(detail)s`` is the part at fault.
MEANINGS: dict[str, Any] = {
    "content": gettext_lazy("was changed after it was written: its content does not fit its hash (%(detail)s)"),
    "unreadable": gettext_lazy("has content that cannot be read in one way only: %(detail)s"),
    "unlinked": gettext_lazy("does not continue the event before it: one of the two was replaced"),
    "missing": gettext_lazy("is missing from the history"),
    "duplicate": gettext_lazy("stands in the history twice"),
    "gone": gettext_lazy("had a place in the tree and is no longer there"),
    "leaf": gettext_lazy("is not the event that got its place in the tree"),
    "leaf_missing": gettext_lazy("has lost its place in the tree (%(detail)s)"),
    "replaced": gettext_lazy("is not the event whose hash was kept outside the database"),
    "cut": gettext_lazy("is missing: the history kept outside is longer (%(detail)s)"),
    "foreign": gettext_lazy("was moved to another case (%(detail)s)"),
    "state": gettext_lazy("starts from a state the case was not in: %(detail)s"),
    "table": gettext_lazy("is no step the procedure knows: %(detail)s"),
    "before": gettext_lazy("gives a value before that the case did not have: %(detail)s"),
    "malformed": gettext_lazy("does not say what its kind must say: %(detail)s"),
    "case_missing": gettext_lazy("belongs to a case that is no longer there"),
    "case_untold": gettext_lazy("there is a case without any history: %(detail)s"),
    "chain_end": gettext_lazy("the newest event is not the one the case's row names (%(detail)s)"),
    "value": gettext_lazy("the case was changed without an event: %(detail)s"),
    "deadline": gettext_lazy("the deadline was changed without an event: %(detail)s"),
    "report": gettext_lazy("the report was changed without an event: %(detail)s"),
    "letter": gettext_lazy("a letter was changed without an event: %(detail)s"),
    "letter_missing": gettext_lazy("a letter that was issued is gone: %(detail)s"),
    "letter_untold": gettext_lazy("a letter was issued without an event: %(detail)s"),
    "evidence": gettext_lazy("evidence was changed without an event: %(detail)s"),
    "evidence_missing": gettext_lazy("evidence that was received is gone: %(detail)s"),
    "evidence_untold": gettext_lazy("evidence was added without an event: %(detail)s"),
    "note": gettext_lazy("an internal note was changed, added or removed without an event: %(detail)s"),
    "file": gettext_lazy("a stored file is missing or not the one that was recorded: %(detail)s"),
    "undisposed": gettext_lazy("what was put on record as destroyed is there again: %(detail)s"),
    "sealed": gettext_lazy("the sealed identity is not the one the history vouches for: %(detail)s"),
    "head_signature": gettext_lazy("a head is not signed by a known key: %(detail)s"),
    "head_root": gettext_lazy("a head does not fit the events: %(detail)s"),
    "head_missing": gettext_lazy("a head that left the database is no longer in it: %(detail)s"),
    "head_extra": gettext_lazy("the database has a head that never left it: %(detail)s"),
    "head_unreadable": gettext_lazy("heads kept outside cannot be read: %(detail)s"),
    "tree": gettext_lazy("the tree's own row does not fit its leaves: %(detail)s"),
    "triggers": gettext_lazy("the database no longer refuses changes: %(detail)s"),
    "keys": gettext_lazy("there is no public key to check heads with: %(detail)s"),
}
#: Findings about events themselves. Where one of these stands, rows that disagree with the fold are its consequence.
OF_EVENTS = frozenset(
    {
        "content", "unreadable", "unlinked", "missing", "duplicate", "gone", "leaf", "leaf_missing", "replaced", "cut",
        "foreign",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where. ``index`` is the place in the tree; empty where none is concerned."""

    code: str
    detail: str = ""
    stream: str = ""
    seq: int | None = None
    index: int | None = None
    event_id: int | None = None

    @property
    def order(self) -> tuple[bool, int, int, str, int]:
        """Spoiled events before spoiled rows; earlier in the history first; what has no place in it last."""
        return (
            self.code not in OF_EVENTS,
            NOWHERE if self.index is None else self.index,
            NOWHERE if self.event_id is None else self.event_id,
            self.stream,
            self.seq or 0,
        )

    def sentence(self) -> str:
        """The finding in plain words, in the active language."""
        meaning = str(MEANINGS[self.code]) % {"detail": self.detail}
        if self.seq is None:
            place = _("Place %(index)d of the history") % {"index": self.index} if self.index is not None else ""
        else:
            place = _("Event %(seq)d of %(chain)s") % {"seq": self.seq, "chain": chain_name(self.stream)}
        return f"{place}: {meaning}." if place else f"{meaning[:1].upper()}{meaning[1:]}."

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "code": self.code,
            "detail": self.detail,
            "stream": self.stream,
            "seq": self.seq,
            "index": self.index,
            "sentence": self.sentence(),
        }


def chain_name(stream: str) -> str:
    """A chain in words."""
    kind, _colon, rest = stream.partition(":")
    return _("case %(number)s") % {"number": rest} if kind == "case" else _("chain %(name)s") % {"name": stream}


@dataclass(slots=True)
class Result:
    """What was looked at and what was found."""

    events: int = 0
    cases: int = 0
    leaves: int = 0
    heads: int = 0
    letters: int = 0
    evidence: int = 0
    waiting: int = 0
    disposed: int = 0
    root: str = ""
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    first: Finding | None = None

    @property
    def whole(self) -> bool:
        """True when nothing is wrong."""
        return self.count == 0

    def add(self, finding: Finding) -> None:
        """Note a finding."""
        self.count += 1
        if len(self.findings) < KEPT:
            self.findings.append(finding)
        if self.first is None or finding.order < self.first.order:
            self.first = finding

    def verdict(self) -> str:
        """One sentence first."""
        if self.first is None:
            return _("The history is whole: nothing was changed and nothing is missing.")
        return _("The history is broken. First: %(first)s") % {"first": self.first.sentence()}

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        counts = ("events", "cases", "leaves", "heads", "letters", "evidence", "waiting", "disposed", "root")
        return {
            "ok": self.whole,
            "verdict": self.verdict(),
            **{name: getattr(self, name) for name in counts},
            "findings": self.count,
            "first": self.first.as_json() if self.first else None,
            "list": [finding.as_json() for finding in sorted(self.findings, key=lambda found: found.order)],
        }
