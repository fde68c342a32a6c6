"""The key that signs heads, and the public keys that prove them. Files outside the database; no database here.

Beside the private key file lies ``<file>.pub``: one line per key ever used, ``id public-key remark``, so that old
heads still verify after a change of keys. Its contents are no secret: auditors keep a copy.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PRIVATE = 0o600


class NoKey(RuntimeError):
    """There is no key to sign heads with, or it is not one."""


def key_id(public: bytes) -> str:
    """The short name of a public key (32 raw bytes): the beginning of its SHA-256, 16 hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()[:16]


def raw_public(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public half."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def generate(path: Path, remark: str = "") -> Ed25519PrivateKey:
    """Make a new private key file, readable by this account only, and note its public half. Never overwrites."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = raw_public(key)
    with public_file(path).open("a", encoding="ascii") as known:
        known.write(f"{key_id(public)} {public.hex()} {remark}".rstrip() + "\n")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return key


def load(path: Path) -> Ed25519PrivateKey:
    """The private key in ``path``. Raises NoKey when it is missing, readable by others, or of another kind."""
    try:
        if path.stat().st_mode & 0o077:
            raise NoKey(f"{path} can be read by others; allow only its owner (chmod 600).")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise NoKey(f"{path}: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"{path} is not an Ed25519 key.")
    return key


def public_file(path: Path) -> Path:
    """Where the public halves lie for the private key file ``path``."""
    return path.with_name(path.name + ".pub")


def known_keys(file: Path) -> dict[str, bytes]:
    """Public keys by id from a ``.pub`` file; empty when there is none. Raises NoKey for a line that is not one."""
    if not file.exists():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        try:
            public = bytes.fromhex(parts[1])
        except (IndexError, ValueError) as error:
            raise NoKey(f"{file}: not a public key: {line[:40]}") from error
        if len(public) != 32 or key_id(public) != parts[0]:
            raise NoKey(f"{file}: key and name do not belong together: {parts[0][:40]}")
        found[parts[0]] = public
    return found


def signed_by(known: Mapping[str, bytes], key: str, signature: str, message: bytes) -> bool:
    """Whether ``signature`` (hexadecimal) over ``message`` was made by the known key called ``key``."""
    public = known.get(key)
    if public is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
