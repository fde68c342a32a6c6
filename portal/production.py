"""What production refuses. Read by the system check and by every way of starting (web, worker, beat)."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

INSECURE_PREFIX = "insecure-"
SHORTEST_KEY = 50


def problems() -> list[tuple[str, str]]:
    """Why this installation must not run as production: (check id, sentence). Empty in the other profiles."""
    if not settings.PRODUCTION:
        return []
    found = []
    if settings.DEMO:
        found.append(("portal.E001", "DEMO opens every desk to anyone; it must be off in production."))
    if settings.DEBUG:
        found.append(("portal.E002", "DEBUG shows code and data to visitors; it must be off in production."))
    key = settings.SECRET_KEY
    if key.startswith(INSECURE_PREFIX) or len(key) < SHORTEST_KEY or len(set(key)) < 10:
        found.append(("portal.E003", f"SECRET_KEY must be set, secret, and at least {SHORTEST_KEY} characters long."))
    if settings.ALLOW_BACKDATING:
        found.append(("portal.E004", "ALLOW_BACKDATING lets steps carry any date; it must be off in production."))
    if settings.DEMO_DATE:
        found.append(("portal.E005", "DEMO_DATE stops the clock; it must be empty in production."))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(("portal.E006", "ALLOWED_HOSTS must name the host names this portal answers to."))
    if not settings.BASE_URL.startswith("https://"):
        found.append(("portal.E007", "BASE_URL must be the public https:// address; letters and mails carry it."))
    if not settings.SECOND_FACTOR:
        found.append(("portal.E011", "SECOND_FACTOR must be on in production: a password alone opens no desk."))
    if not settings.HISTORY_KEY_FILE:
        found.append(("portal.E008", "HISTORY_KEY_FILE must name the key that signs the heads of the history."))
    if not settings.REPORTER_KEY_FILE:
        found.append(("portal.E009", "REPORTER_KEY_FILE must name the keys that open what is sealed of reporters."))
    if settings.LETTER_SIGNER not in ("pkcs12", "pkcs11"):
        found.append(
            ("portal.E010", "LETTER_SIGNER must be pkcs12 or pkcs11: the demo's seal is worth nothing outside a demo.")
        )
    return found


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured, naming everything that is wrong, when production is not safe to start."""
    if found := problems():
        raise ImproperlyConfigured("Refusing to start: " + " ".join(sentence for _id, sentence in found))
