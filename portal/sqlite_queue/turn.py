"""A fair turn among everybody who writes to one SQLite file: threads, processes, and whoever replaces a dead one.

SQLite's own waiting is a lottery (sleep, try again), in which an unlucky writer loses for seconds. Here a writer takes
two file locks one after the other: the *gate*, then the *turn*; with the turn in hand it opens the gate for the next.
So exactly one writer stands right behind the one at work. The kernel frees both when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time

PAUSE = 0.0004  # seconds between two looks at the turn; only the one writer inside the gate looks


class Turn:
    """One connection's place in the queue of its database file. Not shared between threads."""

    def __init__(self, database: str, timeout: float) -> None:
        self._paths = (f"{database}-gate", f"{database}-turn")
        self._timeout = timeout
        self._files: tuple[int, int] | None = None
        self._pid = 0
        self.held = False

    def take(self) -> None:
        """Wait for the turn. Raises sqlite3.OperationalError when the writer at work keeps it beyond the timeout."""
        gate, turn = self._open()
        if self.held:
            return
        fcntl.flock(gate, fcntl.LOCK_EX)
        try:
            self._wait(turn)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)
        self.held = True

    def give(self) -> None:
        """Let the next one write. Harmless when not held."""
        if self.held and self._files and self._pid == os.getpid():
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
        self.held = False

    def close(self) -> None:
        """Give the turn back and forget the lock files."""
        self.give()
        if self._files:
            for file in self._files:
                os.close(file)
        self._files = None

    def _wait(self, turn: int) -> None:
        until = time.monotonic() + self._timeout
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise sqlite3.OperationalError("database is locked: a writer kept its turn too long") from None
                time.sleep(PAUSE)
            else:
                return

    def _open(self) -> tuple[int, int]:
        """The two lock files, opened by this very process: a forked child must not share its parent's locks."""
        if self._files and self._pid != os.getpid():
            self.close()
        if self._files is None:
            first, second = (os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for path in self._paths)
            self._files, self._pid = (first, second), os.getpid()
        return self._files
