"""The key file: keys that wrap the data keys. Outside the database and outside its backup; no database here.

One key a line, ``id key remark``: 16 hexadecimal digits, 256 bits in hexadecimal. The last line is the key in use; the
ones above it open what they wrapped until ``manage.py rotate_keys`` has wrapped everything anew.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

PRIVATE = 0o600
KEY_BYTES = 32


class NoKey(RuntimeError):
    """There is no key file, others can read it, or it is damaged."""


class UnknownKey(NoKey):
    """The key file lacks the key that something was sealed with."""


@dataclass(frozen=True, slots=True, repr=False)
class Ring:
    """The keys of the file by id, and the one in use."""

    keys: dict[str, bytes]
    current: str

    def key(self, key_id: str) -> bytes:
        """The key called ``key_id``. Raises UnknownKey."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey(f"The key {key_id} is not in REPORTER_KEY_FILE.") from None


def key_id(key: bytes) -> str:
    """A key's short name: says which one, tells nothing of it."""
    return hashlib.sha256(b"neutrality-case-portal/sealed/v1/key-id\x00" + key).hexdigest()[:16]


def add_key(path: Path, remark: str = "") -> str:
    """Append a fresh key, which is the one in use from now on; makes the file, for this account only. Its id."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{key_id(key)} {key.hex()} {remark}".rstrip() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key_id(key)


def load(path: Path) -> Ring:
    """The ring in ``path``. Raises NoKey; never names a key's value."""
    try:
        found = path.stat()
    except OSError as error:
        raise NoKey(f"REPORTER_KEY_FILE: {error}") from error
    return _load(path, found.st_mtime_ns, found.st_size, found.st_mode)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, _size: int, mode: int) -> Ring:
    # Read again whenever the file changes, so that a key added while the portal runs is used at once.
    if mode & 0o077:
        raise NoKey(f"{path} can be read by others; allow only its owner (chmod 600).")
    keys: dict[str, bytes] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        try:
            key = bytes.fromhex(parts[1])
        except (IndexError, ValueError):
            raise NoKey(f"{path}: line {number} is not a key.") from None
        if len(key) != KEY_BYTES or key_id(key) != parts[0]:
            raise NoKey(f"{path}: line {number} is damaged: key and name do not belong together.")
        keys[parts[0]] = key
    if not keys:
        raise NoKey(f"{path} holds no key.")
    return Ring(keys, list(keys)[-1])


def ring() -> Ring:
    """The ring of this installation; other profiles than production make one on first use. Raises NoKey."""
    if not settings.REPORTER_KEY_FILE:
        raise NoKey("REPORTER_KEY_FILE names no file.")
    path = Path(settings.REPORTER_KEY_FILE)
    if not path.exists() and not settings.PRODUCTION:
        add_key(path, settings.PROFILE)
    return load(path)
