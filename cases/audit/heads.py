"""Signed heads, and the place outside the database where they and the leaves are kept.

A head says: at this time the tree of this log had this size and this root. ``heads.jsonl`` holds one a line, in order;
``leaves.bin`` holds 32 bytes for each event's hash, so that verification can name the very event that differs. Both
only grow. Whoever changes the database cannot make it agree with a copy of these that is not in their hands.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cases.audit.canonical import NotCanonical, canonical, strict_loads
from cases.audit.keys import key_id, raw_public, signed_by

VERSION = 1
PREFIX = b"neutrality-case-portal/history/v1/head\x00"
LEAF_BYTES = 32
FILE_MODE = 0o600


class BadHead(ValueError):
    """Something that should be a head is not one."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as it travels. ``at`` is text (UTC, microseconds, ``Z``); ``root`` and ``sig`` are hexadecimal."""

    log: str
    size: int
    root: str
    at: str
    key: str
    sig: str = ""
    v: int = VERSION

    @property
    def signed_at(self) -> dt.datetime:
        """When it was signed, as a moment. Raises ValueError for what is none."""
        return dt.datetime.fromisoformat(self.at)

    def message(self) -> bytes:
        """The bytes that are signed."""
        values = asdict(self)
        del values["sig"]
        return PREFIX + canonical(values)

    def is_signed(self, known: Mapping[str, bytes]) -> bool:
        """Whether one of the known keys signed exactly this."""
        return self.v == VERSION and signed_by(known, self.key, self.sig, self.message())

    def line(self) -> str:
        """The head as one line of JSON."""
        return canonical(asdict(self)).decode()


def sign(key: Ed25519PrivateKey, *, log: str, size: int, root: bytes, at: str) -> SignedHead:
    """A head signed with ``key``."""
    head = SignedHead(log=log, size=size, root=root.hex(), at=at, key=key_id(raw_public(key)))
    return SignedHead(**{**asdict(head), "sig": key.sign(head.message()).hex()})


def parse(line: str) -> SignedHead:
    """A head from its line. Raises BadHead; says nothing about the signature."""
    try:
        values = strict_loads(line)
        head = SignedHead(**values)
    except (NotCanonical, TypeError) as error:
        raise BadHead(str(error)) from error
    texts = (head.log, head.root, head.at, head.key, head.sig)
    if not all(isinstance(text, str) for text in texts) or len(head.root) != 64 or type(head.size) is not int:
        raise BadHead("a head has a log, a size, a root of 64 digits, a time, a key and a signature")
    return head


def read_heads(path: Path) -> Iterator[SignedHead]:
    """Heads of a file, in order. A last line without its end is a write that never finished: left out.

    Raises BadHead naming the line that is not a head.
    """
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith("\n"):
                return
            if line.strip():
                try:
                    yield parse(line)
                except BadHead as error:
                    raise BadHead(f"{path.name}, line {number}: {error}") from error


class Outside:
    """The folder outside the database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heads_file = folder / "heads.jsonl"
        self.leaves_file = folder / "leaves.bin"

    def last(self) -> SignedHead | None:
        """The newest head kept here."""
        if not self.heads_file.exists():
            return None
        with self.heads_file.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - 8192))
            lines = file.read().split(b"\n")[:-1]  # what follows the last line end never finished
        return parse(lines[-1].decode()) if lines else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time, across processes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def append(self, head: SignedHead, first: int, leaves: list[str]) -> None:
        """Keep the hashes of leaves ``first`` … and then the head over them; on disk before this returns."""
        data = b"".join(bytes.fromhex(leaf) for leaf in leaves)
        descriptor = os.open(self.leaves_file, os.O_WRONLY | os.O_CREAT, FILE_MODE)
        try:
            os.pwrite(descriptor, data, first * LEAF_BYTES)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        descriptor = os.open(self.heads_file, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            os.ftruncate(descriptor, _whole_lines(descriptor))
            os.lseek(descriptor, 0, os.SEEK_END)
            os.write(descriptor, (head.line() + "\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def leaves(self, size: int) -> Iterator[str]:
        """The kept hashes of the first ``size`` leaves; fewer when the file holds fewer."""
        if not self.leaves_file.exists():
            return
        with self.leaves_file.open("rb") as file:
            for _index in range(size):
                data = file.read(LEAF_BYTES)
                if len(data) < LEAF_BYTES:
                    return
                yield data.hex()


def _whole_lines(descriptor: int) -> int:
    """Length of the file up to its last line end."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    at = end
    while at > 0:
        step = min(4096, at)
        found = os.pread(descriptor, step, at - step).rfind(b"\n")
        if found >= 0:
            return at - step + found + 1
        at -= step
    return 0


def to_json(head: SignedHead) -> dict[str, Any]:
    """The head for other documents (verification pages, bundles)."""
    values: dict[str, Any] = json.loads(head.line())
    return values
