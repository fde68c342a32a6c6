"""The folders the portal keeps its data in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def prepare() -> None:
    """Make sure the data folders exist, readable by this account only. Needs Django's settings, nothing else."""
    folders: list[Path] = [settings.DATA_DIR, settings.DATA_DIR / "files"]
    if not settings.REDIS_URL:
        folders += [settings.BROKER_DIR, settings.BROKER_DIR / "queue", settings.BROKER_DIR / "control"]
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
