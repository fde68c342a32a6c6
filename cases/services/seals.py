"""The seal this installation puts on its letters, as the settings name it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from django.conf import settings

from cases.audit.heads import BadHead, Outside, to_json
from cases.letters.signers import NoSeal, SealsFile, SealSigner, from_demo, from_pkcs11, from_pkcs12

_lock = threading.Lock()
#: The signer by the settings it was loaded with and the process that loaded it (a token's session does not survive a
#: fork). Loading a key costs more than sealing with it.
_loaded: dict[tuple[Any, ...], SealSigner] = {}


def seal_signer() -> SealSigner:
    """The signer, loaded once a process; its certificate is noted in the public file. Raises NoSeal."""
    key = (
        os.getpid(), settings.LETTER_SIGNER, settings.LETTER_SEALS_FILE, settings.DATA_DIR, settings.LETTER_SIGNER_FILE,
        settings.LETTER_PKCS11_MODULE, settings.LETTER_PKCS11_TOKEN, settings.LETTER_PKCS11_KEY,
    )  # fmt: skip
    with _lock:
        if key not in _loaded:
            signer = _load()
            seals_file().note(signer)
            _loaded.clear()
            _loaded[key] = signer
        return _loaded[key]


def _load() -> SealSigner:
    if settings.LETTER_SIGNER == "pkcs12":
        return from_pkcs12(Path(settings.LETTER_SIGNER_FILE), settings.LETTER_SIGNER_PASSWORD)
    if settings.LETTER_SIGNER == "pkcs11":
        return from_pkcs11(
            settings.LETTER_PKCS11_MODULE, settings.LETTER_PKCS11_TOKEN, settings.LETTER_PKCS11_KEY,
            settings.LETTER_PKCS11_PIN,
        )  # fmt: skip
    if settings.LETTER_SIGNER == "demo" and not settings.PRODUCTION:
        return from_demo(Path(settings.DATA_DIR) / "keys")
    raise NoSeal("LETTER_SIGNER names nothing that may seal letters here.")


def seals_file() -> SealsFile:
    """The public file of certificates that prove letters sealed here."""
    return SealsFile(Path(settings.LETTER_SEALS_FILE))


def seal_content(token: str) -> dict[str, Any]:
    """What is frozen into a letter about its seal: where to check it, whether it is a demo's, the history's head.

    The address comes from the settings, never from a request. The head is the newest that left the database, None
    before the first one.
    """
    try:
        head = Outside(settings.HISTORY_DIR).last()
    except (BadHead, OSError):  # said by verify_history; no reason to hold a letter back
        head = None
    return {
        "url": f"{settings.BASE_URL}/v/{token}",
        "demo": settings.LETTER_SIGNER == "demo",
        "head": to_json(head) if head else None,
    }
