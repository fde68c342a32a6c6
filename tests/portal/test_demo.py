"""``manage.py demo``: answers, keeps a second one out, takes the next free port, and leaves nobody behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def environ(folder: Path, profile: str = "demo") -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PROFILE": profile, "DEMO_DATE": "2024-11-29" if profile == "demo" else "", "DATA_DIR": str(folder)}


def demo(folder: Path, *arguments: str, profile: str = "demo") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT, env=environ(folder, profile), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def family(pid: int) -> set[int]:
    """All living descendants of ``pid``."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z":
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = set(), [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found.update(children)
        todo += children
    return found


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_only_the_demo_profile_may_run_it(tmp_path: Path) -> None:
    result = demo(tmp_path, profile="development")
    assert result.returncode == 1
    assert "PROFILE=demo only" in result.stderr


def test_a_chosen_port_that_is_taken_is_said_at_once(tmp_path: Path, taken_port: int) -> None:
    result = demo(tmp_path, "--port", str(taken_port))
    assert result.returncode == 1
    assert f"Port {taken_port} on 127.0.0.1 cannot be used" in result.stderr
    assert "preparing" not in result.stdout


def test_preparing_twice_is_quick_and_changes_nothing(tmp_path: Path) -> None:
    first = demo(tmp_path, "--prepare-only", "--empty")
    assert first.returncode == 0, first.stderr
    began = time.monotonic()
    second = demo(tmp_path, "--prepare-only", "--empty")
    assert second.returncode == 0, second.stderr
    assert not re.search(r"[1-9]\d* (added|changed)", second.stdout)
    assert time.monotonic() - began < 20


def test_it_answers_keeps_a_second_one_out_and_leaves_nobody_behind(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "demo", "--empty"]
    running = subprocess.Popen(command, cwd=ROOT, env=environ(tmp_path), stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        lines = []
        for line in running.stdout:
            lines.append(line)
            if "answers on" in line:
                break
        found = re.search(r"answers on (http://localhost:(\d+))", lines[-1])
        assert found, "".join(lines)
        with urllib.request.urlopen(f"http://127.0.0.1:{found[2]}/health/") as answer:
            assert json.load(answer)["ok"] is True
        members = family(running.pid)
        assert len(members) >= 5  # scheduler, web server and its two workers, worker

        second = demo(tmp_path, "--empty")
        assert second.returncode == 1
        assert "Another demo is running" in second.stderr

        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 0
        assert running.stdout.read().endswith("Stopped.\n")
        assert not [pid for pid in members if Path(f"/proc/{pid}").exists()]
    finally:
        running.kill()
        running.wait()
        running.stdout.close()
