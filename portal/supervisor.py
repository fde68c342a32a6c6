"""Keeps a handful of programs running until told to stop. Knows nothing of what they do.

Each program lives in its own process group and is told to end when this process dies, however it dies. What ends on
its own is started again, later and later while it keeps failing. On stop they are asked to end in the given order, and
whatever is left in their groups is killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds before a program that ended is started again
STEADY_AFTER = 60.0  # seconds after which a program counts as running well, and its delay starts over
PATIENCE = 5.0  # seconds all of them together may take to end by themselves
TICK = 0.2


def end_with_parent() -> None:
    """In the child, before exec: ask the kernel (Linux) for SIGTERM when the supervisor dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Program:
    """One program: what to call it and how to start it."""

    name: str
    command: Sequence[str]
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = field(default=0.0)

    def start(self, environ: dict[str, str]) -> None:
        """Start it in a process group of its own."""
        self.process = subprocess.Popen(  # noqa: S603  (the command is ours)
            self.command,
            env=environ,
            pass_fds=self.keep_open,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent,  # noqa: PLW1509  (no threads here)
        )
        self.started = time.monotonic()

    def signal_group(self, number: int) -> None:
        """Signal the program and everything it started; nothing happens when all are gone."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                pass

    def ask_to_end(self) -> None:
        """Send SIGTERM, if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_sure_it_ended(self, until: float) -> None:
        """Wait until the moment ``until`` (monotonic seconds) at most, then kill what is left of its group."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        self.signal_group(signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Runs programs until SIGINT, SIGTERM or SIGHUP. ``say`` receives one line per thing worth telling."""

    def __init__(self, programs: Sequence[Program], environ: dict[str, str], say: Callable[[str], None]) -> None:
        self.programs = programs
        self.environ = environ
        self.say = say
        self.stopping = False

    def run(self, *, after_start: Callable[[], None] | None = None) -> None:
        """Start everything, call ``after_start``, watch until told to stop, and end everything in order."""
        before = {number: signal.signal(number, self._stop) for number in STOP_SIGNALS}
        try:
            for program in self.programs:
                program.start(self.environ)
            if after_start is not None:
                after_start()
            while not self.stopping:
                self._look_after()
                time.sleep(TICK)
        finally:
            for program in self.programs:
                program.ask_to_end()
            until = time.monotonic() + PATIENCE
            for program in self.programs:
                program.make_sure_it_ended(until)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _look_after(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            if program.due and now >= program.due:
                program.due = 0.0
                program.start(self.environ)
            elif not program.due and program.process is not None and (code := program.process.poll()) is not None:
                program.signal_group(signal.SIGKILL)
                if now - program.started > STEADY_AFTER:
                    program.delay = FIRST_DELAY
                self.say(f"{program.name} ended (code {code}); starting it again in {program.delay:g} s")
                program.due, program.delay = now + program.delay, min(program.delay * 2, LONGEST_DELAY)
