"""The SQLite writers' queue: fair among processes, survives kills, gives its turn back whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError
from pytest_django import DjangoDbBlocker

from portal.sqlite_queue.base import DatabaseWrapper
from portal.sqlite_queue.turn import Turn

OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
}


def connect(path: Path, **options: object) -> DatabaseWrapper:
    """A connection of its own to ``path``, outside Django's registry."""
    from django.db import connections

    settings = connections["default"].settings_dict | {"NAME": str(path), "OPTIONS": OPTIONS | options}
    return DatabaseWrapper(settings, alias="queue-test")


def transaction(db: DatabaseWrapper, n: int) -> float:
    """One read-change-write transaction; seconds waited for the turn."""
    began = time.perf_counter()
    db.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    waited = time.perf_counter() - began
    with db.cursor() as cursor:
        cursor.execute("SELECT value FROM counter")
        (value,) = cursor.fetchone()
        cursor.execute("UPDATE counter SET value = %s", [value + 1])
        cursor.execute("INSERT INTO entry (who, n) VALUES (%s, %s)", [os.getpid(), n])
    db.commit()
    db.set_autocommit(True)
    return waited


def write_for(path: Path, seconds: float, results: multiprocessing.Queue[tuple[int, float]]) -> None:
    """Body of one saturating writer process."""
    db = connect(path)
    until, n, longest = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < until:
        longest = max(longest, transaction(db, n))
        n += 1
    db.close()
    results.put((n, longest))


@pytest.fixture(autouse=True)
def _own_databases(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """These tests open files of their own; the project's test database stays untouched."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "queue.sqlite3"
    db = connect(path)
    with db.cursor() as cursor:
        cursor.execute("CREATE TABLE counter (value integer)")
        cursor.execute("CREATE TABLE entry (id integer primary key, who integer, n integer)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    db.close()
    return path


def numbers(path: Path) -> tuple[int, int]:
    with sqlite3.connect(path) as plain:
        (value,) = plain.execute("SELECT value FROM counter").fetchone()
        (rows,) = plain.execute("SELECT count(*) FROM entry").fetchone()
    return value, rows


def test_eight_processes_lose_nothing_and_none_starves(database: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    writers = [context.Process(target=write_for, args=(database, 2.0, results)) for _ in range(8)]
    for writer in writers:
        writer.start()
    done = [results.get(timeout=60) for _ in writers]
    for writer in writers:
        writer.join(timeout=10)
    total = sum(n for n, _longest in done)
    assert numbers(database) == (total, total)
    # Stock SQLite lets an unlucky writer wait for seconds; here one waits about as long as seven transactions take.
    assert max(longest for _n, longest in done) < 1.5, done


def test_a_killed_writer_gives_its_turn_back(database: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    victim = context.Process(target=write_for, args=(database, 60.0, results))
    victim.start()
    db = connect(database)
    until = time.monotonic() + 30
    while numbers(database)[0] < 5 and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(victim.pid, signal.SIGKILL)
    victim.join(timeout=10)
    assert transaction(db, 0) < 2
    value, rows = numbers(database)
    assert value == rows
    db.close()


def test_the_turn_comes_back_after_commit_rollback_error_and_close(database: Path) -> None:
    first, second = connect(database), connect(database, timeout=1)

    def begin(db: DatabaseWrapper) -> None:
        db.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    begin(first)
    assert first._turn.held
    with pytest.raises(OperationalError, match="kept its turn"):
        begin(second)
    second.set_autocommit(True)
    first.commit()
    assert not first._turn.held
    first.set_autocommit(True)
    begin(first)
    first.rollback()
    assert not first._turn.held
    first.set_autocommit(True)
    with first.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    assert not first._turn.held
    begin(first)
    first.close()
    assert transaction(second, 1) < 1
    second.close()


def test_a_write_outside_a_transaction_waits_in_the_queue_too(database: Path) -> None:
    holder, other = connect(database), connect(database)
    other.inc_thread_sharing()
    holder.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    order: list[str] = []

    def write() -> None:
        with other.cursor() as cursor:
            cursor.execute("INSERT INTO entry (who, n) VALUES (1, 1)")
        order.append("written")

    thread = threading.Thread(target=write)
    thread.start()
    time.sleep(0.2)
    with other.cursor() as cursor:  # reading does not queue
        cursor.execute("SELECT count(*) FROM entry")
        assert cursor.fetchone() == (0,)
    order.append("committed")
    holder.commit()
    thread.join(timeout=10)
    assert order == ["committed", "written"]
    holder.close()
    other.close()


def test_returned_rows_are_whole_and_the_write_is_committed(database: Path) -> None:
    db, other = connect(database), connect(database, timeout=1)
    with db.cursor() as cursor:
        cursor.execute("INSERT INTO entry (who, n) VALUES (1, 1), (1, 2), (1, 3) RETURNING n")
        assert not db._turn.held
        assert cursor.fetchone() == (1,)
        assert transaction(other, 9) < 1  # nothing of ours is still open
        assert cursor.fetchmany(1) == [(2,)]
        assert list(cursor) == [(3,)]
    db.close()
    other.close()


def test_a_forked_child_does_not_share_the_parents_turn(database: Path) -> None:
    turn = Turn(str(database), timeout=1)
    turn.take()
    child = os.fork()
    if child == 0:
        refused = False
        try:
            turn.take()
        except sqlite3.OperationalError:
            refused = True
        os._exit(0 if refused else 1)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert turn.held
    turn.close()
    sys.stdout.flush()
