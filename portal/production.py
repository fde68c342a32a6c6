"""What production refuses. Read by the system check and by every way of starting (web, worker, beat)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

INSECURE_PREFIX = "insecure-"
SHORTEST_KEY = 50


def weak(key: str) -> bool:
    """Whether a SECRET_KEY is one of ours, short, or one letter over and over."""
    return key.startswith(INSECURE_PREFIX) or len(key) < SHORTEST_KEY or len(set(key)) < 10


#: Check id, whether it is wrong, and what to say then.
REFUSED: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("portal.E001", lambda on: on.DEMO, "DEMO opens every desk to anyone; it must be off in production."),
    ("portal.E002", lambda on: on.DEBUG, "DEBUG shows code and data to visitors; it must be off in production."),
    (
        "portal.E003",
        lambda on: weak(on.SECRET_KEY),
        f"SECRET_KEY must be set, secret, and at least {SHORTEST_KEY} characters long.",
    ),
    (
        "portal.E004",
        lambda on: on.ALLOW_BACKDATING,
        "ALLOW_BACKDATING lets steps carry any date; it must be off in production.",
    ),
    ("portal.E005", lambda on: bool(on.DEMO_DATE), "DEMO_DATE stops the clock; it must be empty in production."),
    (
        "portal.E006",
        lambda on: not on.ALLOWED_HOSTS or "*" in on.ALLOWED_HOSTS,
        "ALLOWED_HOSTS must name the host names this portal answers to.",
    ),
    (
        "portal.E007",
        lambda on: not on.BASE_URL.startswith("https://"),
        "BASE_URL must be the public https:// address; letters and mails carry it.",
    ),
    (
        "portal.E008",
        lambda on: not on.HISTORY_KEY_FILE,
        "HISTORY_KEY_FILE must name the key that signs the heads of the history.",
    ),
    (
        "portal.E009",
        lambda on: not on.REPORTER_KEY_FILE,
        "REPORTER_KEY_FILE must name the keys that open what is sealed of reporters.",
    ),
    (
        "portal.E010",
        lambda on: on.LETTER_SIGNER not in ("pkcs12", "pkcs11"),
        "LETTER_SIGNER must be pkcs12 or pkcs11: the demo's seal is worth nothing outside a demo.",
    ),
    (
        "portal.E011",
        lambda on: not on.SECOND_FACTOR,
        "SECOND_FACTOR must be on in production: a password alone opens no desk.",
    ),
)


def problems() -> list[tuple[str, str]]:
    """Why this installation must not run as production: (check id, sentence). Empty in the other profiles."""
    if not settings.PRODUCTION:
        return []
    return [(check_id, sentence) for check_id, wrong, sentence in REFUSED if wrong(settings)]


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured, naming everything that is wrong, when production is not safe to start."""
    if found := problems():
        raise ImproperlyConfigured("Refusing to start: " + " ".join(sentence for _id, sentence in found))
