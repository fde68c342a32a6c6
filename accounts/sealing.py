"""Secrets of accounts that stay in the database: sealed with a key derived from SECRET_KEY."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """``text``, unreadable without SECRET_KEY and unchangeable unnoticed."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Open what ``seal`` closed. Raises cryptography.fernet.InvalidToken; never gives back anything unsealed."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    """Keys derived from SECRET_KEY and its forerunners; the first one seals."""
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _derived(secret: str) -> bytes:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"accounts").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
