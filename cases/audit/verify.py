"""Looking at the whole history again: chains, tree, heads, and whether cases, letters and files are as it says.

Reads in one steady view and in constant memory; writes nothing. Every read is as raw as the database gives it, so that
a value which merely looks alike is not taken for the one that was written.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, TextField
from django.db.models.functions import Cast

from cases.audit import sql
from cases.audit.canonical import NotCanonical, strict_loads
from cases.audit.chain import FIELDS, GENESIS, checked_hash
from cases.audit.findings import Finding, Result
from cases.audit.fold import Fold
from cases.audit.heads import BadHead, Outside, SignedHead, read_heads
from cases.audit.merkle import Frontier, leaf_hash
from cases.audit.rows import check_cases
from cases.models import Case, Event, Head, Leaf, Stream, Tree

CHUNK = 2000
#: Cases whose rows are compared with their folds together.
TOGETHER = 200

Progress = Callable[[str, int, int], None]

_JSON = ("data", "changes", "cautions", "letters_issued", "sealed")
_RAW = {name: Cast(F(name), TextField()) for name in (*_JSON, "at")}
_AROUND = ("id", "hash", "case_id", "case__number", "leaf__index", "leaf__hash", "leaf__stream", "leaf__seq")


@dataclass(slots=True)
class Told:
    """One chain as read so far: its fold, and where each event stands."""

    stream: str
    fold: Fold = field(default_factory=Fold)
    places: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    last_seq: int = 0
    last_hash: str = GENESIS

    def finding(self, code: str, seq: int | None, detail: str = "") -> Finding:
        """A finding at one of this chain's events."""
        event_id, index = self.places.get(seq or 0, (None, None))
        return Finding(code, detail, stream=self.stream, seq=seq, index=index, event_id=event_id)


def _quiet(_stage: str, _done: int, _total: int) -> None:
    return


class Verification:
    """One look at the history. ``run`` may be called once."""

    def __init__(
        self,
        *,
        outside: Outside,
        keys: Mapping[str, bytes],
        case_number: str = "",
        heads_file: Path | None = None,
        progress: Progress = _quiet,
    ) -> None:
        self.outside, self.keys, self.heads_file = outside, keys, heads_file
        self.case_number, self.progress = case_number, progress
        self.result = Result()
        self._finished: list[Told] = []

    def run(self) -> Result:
        """Look at everything, or at one case and the whole tree."""
        with sql.steady_view(connection):
            for name in sql.missing_triggers(connection):
                self.result.add(Finding("triggers", name))
            self._events()
            self._tree()
        return self.result

    # ------------------------------------------------------------------ chains
    def _events(self) -> None:
        rows = Event.objects.all()
        if self.case_number:
            rows = rows.filter(stream=f"case:{self.case_number}")
        total = rows.count()
        names = (*_AROUND, *(f"raw_{name}" if name in _RAW else name for name in FIELDS))
        query = rows.order_by("stream", "seq", "pk").annotate(**{f"raw_{name}": cast for name, cast in _RAW.items()})
        told: Told | None = None
        for done, row in enumerate(query.values_list(*names).iterator(chunk_size=CHUNK), 1):
            stream = row[len(_AROUND) + FIELDS.index("stream")]
            if told is None or told.stream != stream:
                self._finish(told)
                told = Told(stream)
            self._event(told, row)
            if done % CHUNK == 0:
                self.progress("events", done, total)
        self._finish(told)
        self._compare()
        self.result.events = total
        self.progress("events", total, total)
        if not self.case_number:
            for number in Case.objects.filter(~Exists(Event.objects.filter(case=OuterRef("pk")))).values_list(
                "number", flat=True
            ):
                self.result.add(Finding("case_untold", number))
            self._other_chains()

    def _event(self, told: Told, row: tuple[Any, ...]) -> None:
        pk, digest, case_id, case_number, index, leaf, leaf_stream, leaf_seq = row[: len(_AROUND)]
        content = dict(zip(FIELDS, row[len(_AROUND) :], strict=True))
        seq = content["seq"]
        told.places[seq] = (pk, index)
        self._link(told, content, digest)
        try:
            for name in _JSON:
                content[name] = strict_loads(content[name])
            content["at"] = _moment(content["at"])
            if checked_hash(content) != digest:
                self.result.add(told.finding("content", seq, str(content["name"])))
        except (NotCanonical, TypeError, AttributeError) as error:
            self.result.add(told.finding("unreadable", seq, str(error)))
            return
        if index is None:
            self.result.waiting += 1
        elif (leaf, leaf_stream, leaf_seq) != (digest, told.stream, seq):
            self.result.add(told.finding("leaf", seq))
        of_case = told.stream.startswith("case:")
        if of_case and not told.stream[5:] == content["case_number"] == case_number:
            self.result.add(told.finding("foreign", seq, f"{content['case_number']} / {case_number}"))
        if not of_case and case_id is not None:
            self.result.add(told.finding("foreign", seq, str(case_number)))
        if of_case:
            try:
                told.fold.add({**content, "hash": digest})
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                self.result.add(told.finding("malformed", seq, repr(error)))

    def _link(self, told: Told, content: dict[str, Any], digest: str) -> None:
        seq = content["seq"]
        if seq == told.last_seq + 1:
            if content["prev_hash"] != told.last_hash:
                self.result.add(told.finding("unlinked", seq))
        elif seq > told.last_seq + 1:
            self._missing(told, told.last_seq + 1)
        else:
            self.result.add(told.finding("duplicate", seq))
        told.last_seq, told.last_hash = seq, digest

    def _missing(self, told: Told, seq: int) -> None:
        index = Leaf.objects.filter(stream=told.stream, seq=seq).values_list("index", flat=True).first()
        self.result.add(Finding("missing", stream=told.stream, seq=seq, index=index))

    def _finish(self, told: Told | None) -> None:
        if told is None or not told.stream.startswith("case:"):
            if told is not None:
                self._chain_end(told)
            return
        self.result.cases += 1
        for seq, code, detail in told.fold.complaints:
            self.result.add(told.finding(code, seq, detail))
        self._finished.append(told)
        if len(self._finished) >= TOGETHER:
            self._compare()

    def _compare(self) -> None:
        check_cases(self._finished, self.result)
        self._finished.clear()

    def _chain_end(self, told: Told) -> None:
        end = Stream.objects.filter(pk=told.stream).first()
        if end is None or (end.last_seq, end.head_hash) != (told.last_seq, told.last_hash):
            if end is not None and end.last_seq > told.last_seq:
                self._missing(told, told.last_seq + 1)
            else:
                self.result.add(told.finding("chain_end", told.last_seq))

    def _other_chains(self) -> None:
        empty = Stream.objects.filter(~Exists(Event.objects.filter(stream=OuterRef("key"))), last_seq__gt=0)
        for key in empty.values_list("key", flat=True):
            self._missing(Told(key), 1)

    # ------------------------------------------------------------------ tree and heads
    def _tree(self) -> None:
        tree = Tree.objects.filter(pk=1).first()
        log = tree.log if tree else ""
        total = tree.size if tree else 0
        if not self.keys and Head.objects.exists():
            self.result.add(Finding("keys", "…"))
        gone = Leaf.objects.filter(~Exists(Event.objects.filter(pk=OuterRef("event_id"))))
        for leaf in gone.order_by("index").iterator(chunk_size=CHUNK):
            self.result.add(Finding("gone", stream=leaf.stream, seq=leaf.seq, index=leaf.index))
        heads = _Heads(self.result, self.keys, log, self._heads())
        frontier, differs = Frontier(), False
        leaves = Leaf.objects.order_by("index").values_list("index", "hash", "stream", "seq", "event_id")
        kept = self.outside.leaves(self._kept_size())
        expected = 0
        for row, out in zip_longest(leaves.iterator(chunk_size=CHUNK), kept):
            if row is None:
                break
            index, digest, stream, seq, event_id = row
            if index != expected:
                self.result.add(Finding("leaf_missing", str(expected), index=expected))
                break
            if out is not None and out != digest and not differs:
                differs = True
                self.result.add(Finding("replaced", stream=stream, seq=seq, index=index, event_id=event_id))
            try:
                frontier.append(leaf_hash(bytes.fromhex(digest)))
            except ValueError:
                self.result.add(Finding("leaf", stream=stream, seq=seq, index=index, event_id=event_id))
                break
            expected += 1
            heads.reached(expected, frontier)
            if expected % CHUNK == 0:
                self.progress("tree", expected, total)
        heads.beyond(expected)
        self.result.leaves, self.result.heads, self.result.root = expected, heads.seen, frontier.root().hex()
        peaks = [peak.hex() for peak in frontier.peaks]
        if tree is not None and (tree.size != expected or tree.peaks != peaks):
            self.result.add(Finding("tree", f"{tree.size} / {expected}"))
        self.progress("tree", expected, expected)

    def _kept_size(self) -> int:
        try:
            last = self.outside.last()
        except BadHead as error:
            self.result.add(Finding("head_unreadable", str(error)))
            return 0
        return last.size if last else 0

    def _heads(self) -> Iterator[tuple[int, str, SignedHead]]:
        """Every head there is, by size: the database's, the ones kept outside, and those brought along."""
        sources = [self._own_heads(), self._read("outside", self.outside.heads_file)]
        if self.heads_file is not None:
            sources.append(self._read("brought", self.heads_file))
        return heapq.merge(*sources, key=itemgetter(0))

    def _own_heads(self) -> Iterator[tuple[int, str, SignedHead]]:
        tree = Tree.objects.filter(pk=1).first()
        rows = Head.objects.order_by("size").annotate(raw=Cast(F("at"), TextField()))
        for row in rows.iterator(chunk_size=CHUNK):
            head = SignedHead(
                log=tree.log if tree else "",
                size=row.size,
                root=row.root,
                at=_moment(row.raw),
                key=row.key,
                sig=row.signature,
            )
            yield row.size, "database", head

    def _read(self, source: str, path: Path) -> Iterator[tuple[int, str, SignedHead]]:
        last = 0
        try:
            for head in read_heads(path):
                if head.size <= last:
                    self.result.add(Finding("head_unreadable", f"{path.name}: {head.size} ≤ {last}"))
                    return
                last = head.size
                yield head.size, source, head
        except (BadHead, UnicodeDecodeError) as error:
            self.result.add(Finding("head_unreadable", str(error)))


class _Heads:
    """Compares heads with the tree as it grows past their sizes."""

    def __init__(
        self, result: Result, keys: Mapping[str, bytes], log: str, heads: Iterator[tuple[int, str, SignedHead]]
    ) -> None:
        self.result, self.keys, self.log = result, keys, log
        self.seen, self.good = 0, 0
        self._heads = heads
        self._next = next(heads, None)
        self._group: dict[str, SignedHead] = {}
        self._outside_from, self._outside_to = 0, 0

    def reached(self, size: int, frontier: Frontier) -> None:
        """The tree has ``size`` leaves: check the heads of that size."""
        while self._next is not None and self._next[0] <= size:
            group = self._take()
            at = next(iter(group.values())).size
            root = frontier.root().hex() if at == size else ""
            self._check(group, at, root)

    def _take(self) -> dict[str, SignedHead]:
        group: dict[str, SignedHead] = {}
        size = self._next[0] if self._next else 0
        while self._next is not None and self._next[0] == size:
            _size, source, head = self._next
            group[source] = head
            self._next = next(self._heads, None)
        return group

    def _check(self, group: dict[str, SignedHead], size: int, root: str) -> None:
        own, out = group.get("database"), group.get("outside")
        fits = True
        for source, head in group.items():
            self.seen += 1
            if not head.is_signed(self.keys) or head.log != self.log:
                self.result.add(Finding("head_signature", f"{source}, {size}"))
            elif head.root != root:
                fits = False
                # The first event that differs lies behind the last head that fitted.
                self.result.add(Finding("head_root", f"{source}, {self.good + 1}–{size}"))
        if own is None and out is not None:
            self.result.add(Finding("head_missing", str(size)))
        if out is not None:
            self._outside_to = size
        if own is not None and out is None:
            self._lonely = size
        if fits:
            self.good = size

    _lonely = 0

    def beyond(self, size: int) -> None:
        """The tree ends at ``size``: every head beyond it speaks of events that are no longer there."""
        while self._next is not None:
            group = self._take()
            head = next(iter(group.values()))
            self.seen += len(group)
            if any(one.is_signed(self.keys) for one in group.values()):
                self.result.add(Finding("cut", f"{head.size} > {size}", index=size))
            else:
                self.result.add(Finding("head_signature", str(head.size)))
        if 0 < self._lonely < self._outside_to:
            self.result.add(Finding("head_extra", str(self._lonely)))


def _moment(text: str) -> str:
    """A moment as the database prints it, in the history's form; anything else comes out as something that differs."""
    text = text.removesuffix("+00").replace(" ", "T", 1)
    whole, dot, fraction = text.partition(".")
    return f"{whole}.{fraction if dot else '':0<6}Z"
