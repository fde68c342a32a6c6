"""The supervisor: restarts what ends, ends everything in order, leaves no survivors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal import supervisor
from portal.supervisor import Program, Supervisor

ROOT = Path(__file__).resolve().parents[2]
#: A supervisor in a process of its own: one steady program with a stubborn child, one that ends at once.
SCRIPT = """
import os, sys
from portal.supervisor import Program, Supervisor
folder = sys.argv[1]
steady = f"echo $$ >> {folder}/steady; (trap '' TERM INT; echo $BASHPID >> {folder}/child; sleep 1000) & wait"
failing = f"echo $$ >> {folder}/failing; exit 3"
programs = [Program(name=name, command=["bash", "-c", globals()[name]]) for name in ("steady", "failing")]
Supervisor(programs, dict(os.environ), lambda line: print(line, flush=True)).run()
print("over", flush=True)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def running(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    wait_for(lambda: bool(pids(tmp_path / "child")))
    yield process
    process.kill()
    process.wait()
    for pid in pids(tmp_path / "child") + pids(tmp_path / "steady"):
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_what_ends_is_started_again_with_growing_delay(running: subprocess.Popen[str], tmp_path: Path) -> None:
    wait_for(lambda: len(pids(tmp_path / "failing")) >= 3)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=20)
    assert "failing ended (code 3); starting it again in 0.5 s" in output
    assert "starting it again in 1 s" in output
    assert len(pids(tmp_path / "steady")) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_leaves_no_survivors(running: subprocess.Popen[str], tmp_path: Path, how: signal.Signals) -> None:
    running.send_signal(how)
    output, _ = running.communicate(timeout=20)
    assert output.endswith("over\n")
    assert running.returncode == 0
    for pid in pids(tmp_path / "steady") + pids(tmp_path / "child"):
        assert not alive(pid)


def test_programs_end_when_the_supervisor_is_killed(running: subprocess.Popen[str], tmp_path: Path) -> None:
    running.kill()
    running.wait()
    wait_for(lambda: not any(map(alive, pids(tmp_path / "steady"))))


def test_an_ended_program_waits_longer_each_time_and_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    program = Program(name="x", command=["true"])
    watcher = Supervisor([program], dict(os.environ), said.append)
    clock = [100.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: clock[0])
    delays = []
    for _ in range(9):
        program.start(watcher.environ)
        assert program.process is not None
        program.process.wait()
        watcher._look_after()
        delays.append(program.due - clock[0])
        clock[0], program.due = program.due, 0.0
    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    program.start(watcher.environ)
    program.process.wait()
    clock[0] += supervisor.STEADY_AFTER + 1
    watcher._look_after()
    assert program.due - clock[0] == supervisor.FIRST_DELAY
