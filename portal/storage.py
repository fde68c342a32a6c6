"""Where letters and evidence lie: a folder outside everything the web server serves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="portal.storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """Files under ``DATA_DIR/files`` without any address: only a view that checks rights hands bytes out."""

    def __init__(self, location: str | None = None, **kwargs: Any) -> None:
        super().__init__(location=location or str(settings.DATA_DIR / "files"), **kwargs)

    def url(self, name: str | None) -> str:
        """Always refused: a private file has no address. Raises ValueError as Django's storages do."""
        raise ValueError("Private files have no address.")
