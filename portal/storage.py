"""Where letters and evidence lie: a folder outside everything the web server serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

if TYPE_CHECKING:
    from cases.sealed.box import Box

#: Names that begin so are kept encrypted.
SEALED = "sealed/"


@deconstructible(path="portal.storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """Files under ``DATA_DIR/files`` without any address: only a view that checks rights hands bytes out.

    A name ``sealed/<table>/<row>…`` says that the bytes are kept encrypted with the data key of that row: whoever
    opens the file through this storage reads it in the clear, whoever copies the folder does not.
    """

    def __init__(self, location: str | None = None, **kwargs: Any) -> None:
        super().__init__(location=location or str(settings.DATA_DIR / "files"), **kwargs)

    def url(self, name: str | None) -> str:
        """Always refused: a private file has no address. Raises ValueError as Django's storages do."""
        raise ValueError("Private files have no address.")

    def _save(self, name: str, content: File) -> str:
        if box := self._box(name, new=True):
            content = ContentFile(box.seal_bytes(self._place(name), content.read()))
        return super()._save(name, content)  # type: ignore[misc]

    def _open(self, name: str, mode: str = "rb") -> File:
        file: File = super()._open(name, mode)  # type: ignore[misc]
        if box := self._box(name):
            with file:
                return ContentFile(box.open_bytes(self._place(name), file.read()), name=name)
        return file

    @staticmethod
    def _place(name: str) -> str:
        return f"file:{name}"

    @staticmethod
    def _box(name: str, *, new: bool = False) -> Box | None:
        """The box of a sealed name; None for every other."""
        if not name.startswith(SEALED):
            return None
        from cases.sealed.store import Shredded, box_of, new_box

        table, row = name.removeprefix(SEALED).split("/")[:2]
        try:
            return box_of(table, row)
        except Shredded:
            if new:
                return new_box(table, row)
            raise
