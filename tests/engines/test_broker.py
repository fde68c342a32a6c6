"""The folder broker hands every message over whole, however many write and read at once."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from portal import broker

WRITERS, EACH = 3, 150


def connect(folder: Path, scheme: str = broker.SCHEME) -> Connection:
    for name in ("queue", "control"):
        (folder / name).mkdir(exist_ok=True)
    options = {
        "data_folder_in": f"{folder}/queue",
        "data_folder_out": f"{folder}/queue",
        "control_folder": f"{folder}/control",
    }
    return Connection(f"{scheme}://localhost", transport_options=options)


def write_many(folder: Path, who: int) -> None:
    channel = connect(folder).channel()
    for n in range(EACH):
        channel._put("letters", {"who": who, "n": n, "body": "x" * 5000})


def read(channel: Any) -> dict[str, Any] | None:
    try:
        return channel._get("letters")
    except Empty:
        return None


def test_messages_are_whole_and_none_is_lost(tmp_path: Path) -> None:
    channel = connect(tmp_path).channel()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(tmp_path, who)) for who in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen = []
    while len(seen) < WRITERS * EACH and (
        any(writer.is_alive() for writer in writers) or list((tmp_path / "queue").iterdir())
    ):
        if (message := read(channel)) is not None:
            seen.append((message["who"], message["n"]))
    for writer in writers:
        writer.join()
    assert len(seen) == len(set(seen)) == WRITERS * EACH
    for who in range(WRITERS):  # and in the order they were sent
        assert [n for sender, n in seen if sender == who] == list(range(EACH))


def test_a_message_being_written_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = connect(tmp_path).channel()
    renaming, go_on = threading.Event(), threading.Event()
    rename = Path.rename

    def slowly(self: Path, target: Path) -> Path:
        renaming.set()
        go_on.wait(10)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", slowly)
    writer = threading.Thread(target=channel._put, args=("letters", {"n": 1}))
    writer.start()
    assert renaming.wait(10)
    assert read(channel) is None
    go_on.set()
    writer.join()
    assert read(channel) == {"n": 1}


def test_binding_from_many_threads_keeps_every_queue(tmp_path: Path) -> None:
    def bind(n: int) -> None:
        channel = connect(tmp_path).channel()
        channel._queue_bind("cases", "", "", f"queue{n}")
        channel.get_table("cases")

    threads = [threading.Thread(target=bind, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table = connect(tmp_path).channel().get_table("cases")
    assert {entry.queue for entry in table} == {f"queue{n}" for n in range(8)}
