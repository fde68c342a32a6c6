"""The broker without a server: messages as files in a folder, for one machine.

Kombu's ``filesystem`` transport gives a message its final name before it is written, so a reader that is quick enough
takes an empty file: the message is lost and the worker ends with an error. Its exchange tables have the same gap
when they are first made. Here a message is written under another name and renamed when whole, and the tables are
read and written under one lock. Everything else is Kombu's.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "folder"
TRANSPORT_ALIASES[SCHEME] = "portal.broker:Transport"


class Channel(filesystem.Channel):
    """Kombu's channel with whole messages and whole exchange tables."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # as Kombu does
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"  # sorted by name is sorted by time
        draft = folder / f"{name}.draft"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / name)

    def get_table(self, exchange: str) -> Any:
        """The queues bound to an exchange."""
        with self._tables():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._tables():
            super()._queue_bind(*args)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._tables():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _tables(self) -> Iterator[None]:
        """The lock around every exchange table. Not nested: none of the three callers uses another."""
        with (Path(self.control_folder) / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """What ``folder://`` in a broker address means."""

    Channel = Channel
    driver_name = SCHEME
