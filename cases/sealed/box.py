"""The cipher: AES-256-GCM, a fresh nonce each time, bound to the place the content belongs to.

A sealed text opens only at the table, row and field it was sealed for, with the data key it was sealed with. Anything
else, one changed bit included, raises ``Unopened``: there is no way to get raw or partial content out of here.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = b"neutrality-case-portal/sealed/v1\x00"
MARK = "s1."
NONCE = 12
KEY_BYTES = 32


class Unopened(RuntimeError):
    """Sealed content does not open: changed, moved from another place, sealed with another key, or not sealed."""


def _place(*parts: str) -> bytes:
    return PREFIX + json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()


def encrypt(key: bytes, place: bytes, content: bytes) -> bytes:
    """Nonce and ciphertext."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, place)


def decrypt(key: bytes, place: bytes, sealed: bytes) -> bytes:
    """The content. Raises Unopened."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)
    except (InvalidTag, ValueError):
        raise Unopened("Sealed content does not open.") from None


def wrap(wrapping: bytes, wrapping_id: str, table: str, row: str, name: str, key: bytes) -> str:
    """A data key wrapped for its row."""
    return to_text(encrypt(wrapping, _place("key", table, row, name, wrapping_id), key))


def unwrap(wrapping: bytes, wrapping_id: str, table: str, row: str, name: str, wrapped: str) -> bytes:
    """The data key. Raises Unopened."""
    return decrypt(wrapping, _place("key", table, row, name, wrapping_id), from_text(wrapped))


def to_text(sealed: bytes) -> str:
    """As kept in a text column."""
    return MARK + base64.urlsafe_b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Back from a text column. Raises Unopened for anything that is not sealed: a clear value is never passed on."""
    if not text.startswith(MARK):
        raise Unopened("This is not sealed content.")
    try:
        sealed = base64.b64decode(text[len(MARK) :], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unopened("Sealed content does not open.") from None
    if to_text(sealed) != text:  # base64 has spare bits: one content, one text
        raise Unopened("Sealed content does not open.")
    return sealed


@dataclass(frozen=True, slots=True, repr=False)
class Box:
    """The data key of one row, ready to seal and open that row's fields."""

    table: str
    row: str
    name: str
    key: bytes

    def place(self, field: str) -> bytes:
        """What the content of ``field`` is bound to."""
        return _place(self.table, self.row, field, self.name)

    def seal(self, field: str, text: str) -> str:
        """``text`` sealed for ``field``."""
        return to_text(encrypt(self.key, self.place(field), text.encode()))

    def open(self, field: str, sealed: str) -> str:
        """The text of ``field``. Raises Unopened."""
        return decrypt(self.key, self.place(field), from_text(sealed)).decode()

    def seal_bytes(self, field: str, content: bytes) -> bytes:
        """Bytes sealed for ``field`` (a file)."""
        return encrypt(self.key, self.place(field), content)

    def open_bytes(self, field: str, sealed: bytes) -> bytes:
        """The bytes of ``field``. Raises Unopened."""
        return decrypt(self.key, self.place(field), sealed)


def new_data_key() -> tuple[str, bytes]:
    """A fresh data key and its name."""
    return secrets.token_hex(8), secrets.token_bytes(KEY_BYTES)
