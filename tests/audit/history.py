"""One small history made by the real services, and looking at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from cases.audit.findings import Result
from cases.audit.verify import Verification
from cases.models import Letter
from cases.services.checkpoint import checkpoint, outside, public_keys
from cases.services.letters import render_letter_now
from tests.play import play

SCENARIOS = (
    "scenarios/02-suka-sesudah-penetapan.yaml",
    "scenarios/03-terlambat-tidak-diregistrasi.yaml",
    "scenarios/04-dilengkapi-lalu-tidak-terbukti.yaml",
)


def make_history(*, letters: int = 3, heads: bool = True) -> None:
    """A few cases, some letters made, several heads."""
    for source in SCENARIOS:
        play(source)
        if heads:
            checkpoint()
    for letter in Letter.objects.order_by("created_at", "pk")[:letters]:
        render_letter_now(str(letter.pk))
    if heads:
        checkpoint()


def look(**options: Any) -> Result:
    """Verify everything as it stands."""
    return Verification(outside=outside(), keys=public_keys(), **options).run()


def folder() -> Path:
    return Path(settings.HISTORY_DIR)
