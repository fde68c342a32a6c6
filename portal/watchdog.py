"""A time limit for tasks that run in threads.

A thread cannot be killed, so Celery's time limits do nothing on the thread pool that the demo and small installations
use. What can be ended is the process: everything it had in hand stands in the database and is taken up by its successor
(see docs/deadlines.md), so a worker whose task runs beyond the limit ends itself, and the supervisor starts another.

The same way out is taken by a worker that has gone deaf: after Redis was away it may stay connected and alive, and yet
never take a message again (celery/celery#8030, #10302). It would look well from outside while nothing is done.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

#: Exit code of a worker that ended itself (sysexits: EX_SOFTWARE).
ENDED_ITSELF = 70
LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Running:
    """A task in hand: since when (monotonic seconds), and how long it may run."""

    task: str
    since: float
    limit: float


#: Seconds messages may wait before the eyes of a worker with a free hand, who takes none, until it counts as deaf.
PATIENCE = 15.0
LISTEN_EVERY = 3.0


def _end_process() -> None:
    os._exit(ENDED_ITSELF)  # no clean-up: the thread that hangs would be waited for


class Watchdog:
    """Told what begins and ends; looks once a second whether something runs beyond its limit."""

    def __init__(self, end: Callable[[], None] = _end_process) -> None:
        self._end = end
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()

    def begun(self, task_id: str, task: str, limit: float) -> None:
        """A task has begun."""
        with self._lock:
            self._running[task_id] = Running(task, time.monotonic(), limit)

    def ended(self, task_id: str) -> None:
        """A task has ended, however."""
        with self._lock:
            self._running.pop(task_id, None)

    def look(self) -> None:
        """End the process when a task runs beyond its limit."""
        with self._lock:
            beyond = [one for one in self._running.values() if time.monotonic() - one.since > one.limit]
        if beyond:
            log.critical("task_beyond_limit", tasks=[one.task for one in beyond], limit=beyond[0].limit)
            self._end()

    def watch(self) -> None:
        """Start looking, in a thread that ends with the process."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.look()


class Ear:
    """Notices that messages wait, a hand is free, and none is taken: then the worker ends itself.

    ``waiting`` tells how many messages wait in the queues it reads (0 when the broker does not answer: a broker that is
    down is no deafness). ``free`` tells whether it could begin another task now.
    """

    def __init__(
        self, waiting: Callable[[], int], free: Callable[[], bool], end: Callable[[], None] = _end_process
    ) -> None:
        self._waiting, self._free, self._end = waiting, free, end
        self._since: float | None = None

    def heard(self) -> None:
        """A message has arrived."""
        self._since = None

    def look(self) -> None:
        """End the process when it has heard nothing for too long although something was said."""
        if not self._free() or not self._waiting():
            self._since = None
            return
        at = time.monotonic()
        self._since = self._since or at
        if at - self._since > PATIENCE:
            log.critical("worker_deaf", seconds=round(at - self._since))
            self._end()

    def listen(self) -> None:
        """Start looking, in a thread that ends with the process."""
        threading.Thread(target=self._listen, name="ear", daemon=True).start()

    def _listen(self) -> None:
        while True:
            time.sleep(LISTEN_EVERY)
            self.look()
