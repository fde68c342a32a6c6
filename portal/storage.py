"""Where letters and evidence lie: a folder outside everything the web server serves."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

if TYPE_CHECKING:
    from cases.sealed.box import Box

#: End of the name of a file that is still being written.
PART = ".part"
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
        """Whole or not at all: written beside its place, down to the disk, and then given its name.

        A process that is killed while it writes leaves a name ending in ``PART`` that nothing refers to, never half a
        file under the name of a whole one.
        """
        if box := self._box(name, new=True):
            content = ContentFile(box.seal_bytes(self._place(name), content.read()))
        part = self.path(super()._save(f"{name}.{secrets.token_hex(6)}{PART}", content))  # type: ignore[misc]
        try:
            _to_disk(part)
            while True:
                try:
                    os.link(part, self.path(name))  # unlike a renaming, this never takes another file's place
                except FileExistsError:
                    name = self.get_available_name(name)
                else:
                    return name
        finally:
            Path(part).unlink()

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


def _to_disk(path: str) -> None:
    """Wait until the file's bytes would survive a power cut: the database's rows that name it would."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
