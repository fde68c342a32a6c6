"""Whether the rows of cases, letters, evidence and files are what their events say."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.files.storage import Storage
from django.db.models import F

from cases.audit.canonical import NotCanonical, canonical
from cases.audit.commit import TITLE, commitment
from cases.audit.findings import Finding, Result
from cases.audit.fold import REPORTED, TOLD, key_of
from cases.models import Case, Deadline, Delivery, Evidence, Leaf, Letter, Note, Report, Reporter
from cases.models.file import private_storage
from cases.sealed.box import Box, Unopened
from cases.sealed.keys import UnknownKey
from cases.sealed.papers import has_sealed_parts
from cases.sealed.reporter import TABLE as REPORTERS
from cases.sealed.reporter import open_identity, open_statement
from cases.sealed.store import Shredded, boxes_of

if TYPE_CHECKING:
    from cases.audit.verify import Told

#: Case columns that point to a row, and that row's natural key.
POINTERS = {
    "reviewer": "reviewer__code",
    "employer": "employer__code",
    "employee": "employee__nip",
    "violation": "violation__code",
}


def check_cases(chains: Iterable[Told], result: Result) -> None:
    """Compare the folds of these chains with the rows of their cases."""
    told = {chain.stream[5:]: chain for chain in chains}
    if not told:
        return
    rows = {row["number"]: row for row in _cases(list(told))}
    ids = {row["pk"]: number for number, row in rows.items()}
    reports = {row["report_id"] for row in rows.values()}
    letters = _by_case(Letter.objects.filter(case__in=ids).select_related("institution"), ids)
    deliveries: defaultdict[str, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(letter__case__in=ids).select_related("letter"):
        deliveries[ids[delivery.letter.case_id]].append(delivery)
    notes = _by_case(Note.objects.filter(case__in=ids), ids)
    deadlines = _by_case(Deadline.objects.filter(case__in=ids, ended_on__isnull=True), ids)
    evidence: defaultdict[int, list[Evidence]] = defaultdict(list)
    for item in Evidence.objects.filter(report__in=reports):
        evidence[item.report_id].append(item)
    reported = {report.pk: report for report in Report.objects.filter(pk__in=reports)}
    reporters = {row.report_id: row for row in Reporter.objects.filter(report__in=reports)}
    boxes = boxes_of(REPORTERS, reporters)
    first = dict.fromkeys(reports, 0)
    for pk, report_id in Case.objects.filter(report__in=reports).order_by("-pk").values_list("pk", "report_id"):
        first[report_id] = pk
    for number, chain in told.items():
        row = rows.get(number)
        if row is None:
            result.add(chain.finding("case_missing", chain.last_seq))
            continue
        check = _Case(chain, row, result)
        check.row()
        check.deadline(deadlines[number])
        check.report(reported[row["report_id"]])
        check.reporter(reporters.get(row["report_id"]), boxes.get(str(row["report_id"])))
        check.letters(letters[number])
        check.deliveries(deliveries[number])
        files = evidence[row["report_id"]]
        check.evidence(files, leads=first[row["report_id"]] == row["pk"])
        check.notes(notes[number])


def _cases(numbers: list[str]) -> Any:
    plain = [name for name in TOLD if name not in POINTERS]
    columns = ("pk", "number", "report_id", "bawaslu_id", "state", "moves", "last_seq", "head_hash", *plain)
    pointers = {f"key_{name}": F(path) for name, path in POINTERS.items()}
    return Case.objects.filter(number__in=numbers).values(*columns, **pointers)


def _by_case(rows: Iterable[Any], ids: dict[int, str]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[ids[row.case_id]].append(row)
    return found


class _Case:
    """One case's rows against its fold."""

    def __init__(self, chain: Told, row: dict[str, Any], result: Result) -> None:
        self.chain, self.fold, self.values, self.result = chain, chain.fold, row, result

    def bad(self, code: str, seq: int | None, detail: str) -> None:
        """Note a finding at one of the case's events."""
        self.result.add(self.chain.finding(code, seq, detail))

    def row(self) -> None:
        """State, counters, and every column that only changes with an event."""
        row, fold, last = self.values, self.fold, self.chain.last_seq
        if row["last_seq"] > last:
            index = Leaf.objects.filter(stream=self.chain.stream, seq=last + 1).values_list("index", flat=True).first()
            self.result.add(Finding("missing", stream=self.chain.stream, seq=last + 1, index=index))
        elif (row["last_seq"], row["head_hash"]) != (last, self.chain.last_hash):
            self.bad("chain_end", last, f"{row['last_seq']} / {last}")
        if row["state"] != fold.state:
            self.bad("value", last, f"state: {fold.state} → {row['state']}")
        if row["moves"] != fold.moves:
            self.bad("value", last, f"moves: {fold.moves} → {row['moves']}")
        if row["bawaslu_id"] != fold.supervisor:
            self.bad("value", fold.told_at.get("bawaslu", 1), f"bawaslu: {fold.supervisor} → {row['bawaslu_id']}")
        for name in TOLD:
            now = row[f"key_{name}"] if name in POINTERS else row[name]
            before = key_of(fold.values.get(name))
            if _text(key_of(now)) != _text(before):
                self.bad("value", fold.told_at.get(name, 1), f"{name}: {before} → {now}")

    def deadline(self, running: list[Deadline]) -> None:
        """The running deadline ends on the day the history last said."""
        due = {_text(row.due_on) for row in running}
        told = self.fold.values.get("due_on")
        if due != ({_text(told)} if told else set()):
            self.bad("deadline", self.fold.told_at.get("due_on", 1), f"{told} → {', '.join(map(str, due)) or None}")

    def report(self, report: Report) -> None:
        """The report as intake told it."""
        facts = self.fold.report
        pairs = [(name, facts.get(name), getattr(report, name)) for name in REPORTED if name in facts]
        if "report" in facts:
            pairs.append(("number", facts["report"], report.number))
        for name, told, now in pairs:
            if _text(told) != _text(now):
                self.bad("report", 1, name)

    def reporter(self, reporter: Reporter | None, box: Box | None) -> None:
        """The sealed identity is the one vouched for, unless it was shredded on the record."""
        if self.fold.shredded:
            return
        for label, (seq, vouched) in self.fold.sealed.items():
            if not label.startswith("reporter"):
                continue
            if reporter is None:
                self.bad("sealed", seq, label)
                continue
            try:
                opened: Any = open_statement if label == "reporter_statement" else open_identity
                value = opened(reporter, box)
                whole = commitment(reporter.salt, label, value) == vouched
            except (Unopened, UnknownKey, Shredded, ValueError):
                whole = False
            if not whole:
                self.bad("sealed", seq, label)

    def letters(self, rows: list[Letter]) -> None:
        """Every letter with its number, and the bytes that were made."""
        self.result.letters += len(rows)
        present = {str(row.pk): row for row in rows}
        for pk, (seq, facts) in self.fold.letters.items():
            row = present.get(pk)
            if row is None:
                self.bad("letter_missing", seq, facts.get("number", pk))
            elif (row.kind, row.number, row.institution.code, row.series, row.year, row.serial) != tuple(
                facts.get(name) for name in ("kind", "number", "institution", "series", "year", "serial")
            ) or row.event_id != self.chain.places[seq][0]:
                self.bad("letter", seq, f"{facts.get('number')} → {row.number}")
        for pk, row in present.items():
            if pk not in self.fold.letters:
                self.bad("letter_untold", None, row.number)
            elif pk in self.fold.made:
                self._made(row, *self.fold.made[pk])
            elif row.sha256 or row.status == Letter.Status.READY:
                self.bad("letter", self.fold.letters[pk][0], row.number)
            self._void(pk, row)

    def _void(self, pk: str, row: Letter) -> None:
        """A letter is void exactly when an act says so, for the reason given there."""
        seq, successor, reason = self.fold.voided.get(pk, (None, "", ""))
        now = (row.voided_at is not None, str(row.successor_id or ""), row.void_reason)
        if now != (seq is not None, successor, reason):
            self.bad("letter", seq or self.fold.letters.get(pk, (None,))[0], row.number)

    def deliveries(self, rows: list[Delivery]) -> None:
        """Every copy delivered is as it was put on record, and none besides."""
        present = {(str(row.letter_id), row.place): row for row in rows}
        for key in present.keys() | self.fold.delivered.keys():
            seq, facts = self.fold.delivered.get(key, (None, {}))
            row = present.get(key)
            told = tuple(facts.get(name) for name in ("recipient", "manner", "delivered_on", "received_by"))
            if row is None or (row.recipient, row.manner, _text(row.delivered_on), row.received_by) != told:
                self.bad("letter", seq, facts.get("number") or (row.letter.number if row else key[0]))

    def _made(self, row: Letter, seq: int, facts: dict[str, Any]) -> None:
        if str(row.pk) in self.fold.disposed:
            self.result.disposed += 1
            if row.sha256 != facts["sha256"] or row.context or row.file:
                self.bad("undisposed", seq, row.number)
            return
        try:
            content = hashlib.sha256(canonical(row.context)).hexdigest()
        except NotCanonical:
            content = ""
        if (row.sha256, content) != (facts["sha256"], facts["content_sha256"]):
            self.bad("letter", seq, row.number)
        elif self.fold.shredded and has_sealed_parts(row.context):
            return  # the page held the reporter's words and went with them
        elif not _same_file(private_storage(), row.file.name, facts["sha256"]):
            self.bad("file", seq, row.number)

    def evidence(self, rows: list[Evidence], *, leads: bool) -> None:
        """Every file received, with its bytes; files of the whole report are read with its first case."""
        present = {str(row.pk): row for row in rows}
        for pk, (seq, facts) in self.fold.evidence.items():
            row = present.get(pk)
            if row is None:
                self.bad("evidence_missing", seq, pk)
                continue
            disposed = pk in self.fold.disposed
            if (row.sha256, row.size) != (facts["sha256"], facts["size"]) or not (disposed or _titled(row, facts)):
                self.bad("evidence", seq, row.title)
            elif disposed:
                self.result.disposed += 1
                # Before 2026-11 what a file showed stood in its event and stayed in its row.
                if row.file or row.shown or ("title_sealed" in facts and (row.title or row.title_salt)):
                    self.bad("undisposed", seq, row.title)
            elif row.case_id == self.values["pk"] or (row.case_id is None and leads):
                self.result.evidence += 1
                shown = facts.get("shown_sha256")
                if not _same_file(private_storage(), row.file.name, row.sha256) or (
                    shown and not _same_file(private_storage(), row.shown.name, shown)
                ):
                    self.bad("file", seq, row.title)
        for pk, row in present.items():
            if pk not in self.fold.evidence and row.case_id in (None, self.values["pk"]):
                self.bad("evidence_untold", None, row.title)

    def notes(self, rows: list[Note]) -> None:
        """Every note as it was written."""
        present = {row.pk: row for row in rows}
        for pk, (seq, facts) in self.fold.notes.items():
            row = present.pop(pk, None)
            if row is not None and str(pk) in self.fold.disposed:
                self.result.disposed += 1
                if row.text:
                    self.bad("undisposed", seq, str(pk))
                continue
            if row is None or ("sha256" in facts and facts["sha256"] != hashlib.sha256(row.text.encode()).hexdigest()):
                self.bad("note", seq, str(pk))
        for pk in present:
            self.bad("note", None, str(pk))


def _text(value: Any) -> Any:
    """Dates and times as told in events; everything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _titled(row: Evidence, facts: dict[str, Any]) -> bool:
    """Whether a file shows what was said at its receipt: in words in older events, by a commitment since."""
    if "title_sealed" not in facts:
        return bool(row.title == facts["title"])
    return bool(row.title_salt) and commitment(row.title_salt, TITLE, row.title) == facts["title_sealed"]


def _same_file(storage: Storage, name: str | None, digest: str) -> bool:
    if not name:
        return False
    try:
        with storage.open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except (OSError, ValueError, Unopened, UnknownKey, Shredded):
        return False
