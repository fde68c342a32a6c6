"""Commitments: the history vouches for sealed things without holding them.

A commitment is a salted hash. Whoever holds the sealed row can show that it is the one the history saw; whoever holds
only the history learns nothing, not even by guessing names, because the salt (256 bits) is sealed too. Destroying row
and salt shreds the identity, and the history still verifies.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from cases.audit.canonical import canonical

PREFIX = b"neutrality-case-portal/history/v1/sealed\x00"
#: Label of the commitment to what a file of evidence shows.
TITLE = "evidence_title"


def new_salt() -> str:
    """A fresh salt, 64 hexadecimal digits; kept beside the sealed thing, never in the history."""
    return secrets.token_hex(32)


def commitment(salt: str, label: str, value: Any) -> str:
    """The commitment to ``value`` under ``label`` (what it is), hexadecimal."""
    return hmac.new(bytes.fromhex(salt), PREFIX + canonical([label, value]), hashlib.sha256).hexdigest()
