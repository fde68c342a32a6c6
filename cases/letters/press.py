"""Laying letters out with bounds: a few warm processes, each for one letter at a time, killed when it takes too long.

A letter cannot hang a worker, eat its memory, or reach the network or a file from here (``cases.letters.child``). A
process is replaced after ``LETTERS_EACH`` letters, because the libraries' memory only grows.
"""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import structlog
from django.conf import settings

from cases.letters.child import ROOT, frame, read_frame
from cases.letters.rendering import RenderingFailed

log = structlog.get_logger(__name__)

#: Letters one process makes before a fresh one takes its place.
LETTERS_EACH = 200
#: Seconds a process may take to start.
START_WITHIN = 60.0
#: ``LETTER_SECONDS`` are of processor time; on a busy machine a letter may take this many times as long by the clock.
PATIENCE = 5
LOOK_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter laid out: its bytes, its number of pages, and pictures of the first pages when asked for."""

    pdf: bytes
    pages: int
    pictures: tuple[bytes, ...] = ()


class _Worker:
    """One process."""

    def __init__(self) -> None:
        self.made = 0
        environment = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
        self.process = subprocess.Popen(  # noqa: S603 -- our own module, no shell, nothing of anybody's in the line
            [sys.executable, "-m", "cases.letters.child", str(settings.LETTER_MEMORY_MB * 1024 * 1024)],
            cwd=ROOT, env={**environment, "PYTHONDONTWRITEBYTECODE": "1"}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0,
        )  # fmt: skip
        self.sink, self.source = cast("IO[bytes]", self.process.stdin), cast("IO[bytes]", self.process.stdout)
        self._answer(START_WITHIN)

    def run(self, job: dict[str, Any], seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        """Do one job. Raises RenderingFailed when it takes too long or the process dies; then the process is gone."""
        self.made += 1
        try:
            self.sink.write(frame(job, []))
            self.sink.flush()
        except OSError as error:
            self.kill()
            raise RenderingFailed("the process was gone", code="died") from error
        return self._answer(seconds)

    def _answer(self, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        # The child writes a whole answer at once after its work: the first byte ends the wait that can be long.
        began, used = time.monotonic(), self._cpu()
        while not select.select([self.source], [], [], LOOK_EVERY)[0]:
            if self._cpu() - used > seconds or time.monotonic() - began > seconds * PATIENCE:
                self.kill()
                raise RenderingFailed(f"not done after {seconds:g} s", code="time")
        try:
            return read_frame(self.source)
        except EOFError:
            self.kill()
            raise RenderingFailed(f"the process ended with {self.process.returncode}", code="died") from None

    def _cpu(self) -> float:
        """Seconds of processor time it has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def usable(self) -> bool:
        """Alive and not worn out."""
        return self.made < LETTERS_EACH and self.process.poll() is None

    def kill(self) -> None:
        """End it now."""
        self.process.kill()
        self.process.wait()
        for stream in (self.sink, self.source):
            with suppress(OSError):
                stream.close()


class Press:
    """The processes of this one: ``LETTER_WORKERS`` at most, started when first needed."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(settings.LETTER_WORKERS)
        self.pid = os.getpid()

    def print(self, template: str, context: dict[str, Any], *, pictures: int = 0, seconds: float = 0) -> Printed:
        """Lay out one letter. Raises RenderingFailed, with ``code`` saying what kind of failure it is."""
        limit = seconds or settings.LETTER_SECONDS
        began = time.monotonic()
        if not self._places.acquire(timeout=limit):
            raise RenderingFailed("every process is busy", code="busy")
        try:
            worker = self._take()
            head, blobs = worker.run({"template": template, "context": context, "pictures": pictures}, limit)
            self._give_back(worker)
        finally:
            self._places.release()
        if "failed" in head:
            raise RenderingFailed(head["detail"], code=head["failed"])
        log.info("letter_printed", template=template, pages=head["pages"], ms=int((time.monotonic() - began) * 1000))
        return Printed(blobs[0], head["pages"], tuple(blobs[1:]))

    def _take(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.usable:
                    return worker
                worker.kill()
        return _Worker()

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def close(self) -> None:
        """End the idle processes."""
        with self._lock:
            while self._idle:
                self._idle.pop().kill()


_press: Press | None = None
_making = threading.Lock()


def press() -> Press:
    """This process's press; a forked process gets one of its own."""
    global _press  # noqa: PLW0603 -- one a process, made when first needed
    with _making:
        if _press is None or _press.pid != os.getpid():
            _press = Press()
            atexit.register(_press.close)
        return _press
