"""Django's SQLite backend whose writers queue fairly (see ``turn``).

A transaction queues before ``BEGIN IMMEDIATE`` and gives its turn back after commit, rollback or close; a write outside
a transaction queues for itself. Readers never queue. SQLite's own ``timeout`` stays as the safety net. Not meant for
in-memory databases (they skip the queue), two aliases of one file, or network disks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db.backends.sqlite3 import base

from portal.sqlite_queue.turn import Turn

WRITING = frozenset(
    {"INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP", "REINDEX", "VACUUM", "ANALYZE"}
)


def _first_word(query: str) -> str:
    return query.lstrip(" \t\r\n(").split(None, 1)[0].upper() if query.strip() else ""


class QueuedCursor(base.SQLiteCursorWrapper):
    """A cursor whose writes outside a transaction wait for their turn."""

    def __init__(self, connection: Any, turn: Turn) -> None:
        super().__init__(connection)
        self._turn = turn
        self._rows: Iterator[Any] | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement, in turn when it writes on its own."""
        self._rows = None
        if not self._queues(query):
            return super().execute(query, params)
        with self._in_turn():
            result = super().execute(query, params)
            if self.description is not None:
                # RETURNING: the statement commits only when its last row is read, so read them within the turn.
                self._rows = iter(super().fetchall())
            return result

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run one statement many times, in one turn when it writes on its own."""
        self._rows = None
        if not self._queues(query):
            return super().executemany(query, param_list)
        with self._in_turn():
            return super().executemany(query, param_list)

    def fetchone(self) -> Any:
        """The next row, or None."""
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Up to ``size`` rows (``arraysize`` when not given)."""
        wanted = self.arraysize if size is None else size
        if self._rows is None:
            return super().fetchmany(wanted)
        return [row for _count, row in zip(range(wanted), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return super().fetchall() if self._rows is None else list(self._rows)

    def __next__(self) -> Any:
        return super().__next__() if self._rows is None else next(self._rows)

    def _queues(self, query: str) -> bool:
        connection = self.connection
        return connection.isolation_level is None and not connection.in_transaction and _first_word(query) in WRITING

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        self._turn.take()
        try:
            yield
        finally:
            self._turn.give()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection with a place in the writers' queue."""

    _turn: Turn | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database, and its queue unless it lives in memory."""
        connection = super().get_new_connection(conn_params)
        name = str(self.settings_dict["NAME"])
        if not self.is_in_memory_db() and not name.startswith("file:"):
            self._turn = Turn(name, float(conn_params.get("timeout", 5.0)))
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that knows the queue."""
        if self._turn is None:
            return super().create_cursor(name)
        return self.connection.cursor(factory=partial(QueuedCursor, turn=self._turn))

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn is not None and self.transaction_mode not in (None, "DEFERRED"):
            with self.wrap_database_errors:
                self._turn.take()
        try:
            super()._start_transaction_under_autocommit()
        finally:
            self._give_when_idle()

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._give_when_idle()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._give_when_idle()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._turn is not None:
                self._turn.close()

    def _give_when_idle(self) -> None:
        if self._turn is not None and not (self.connection is not None and self.connection.in_transaction):
            self._turn.give()
