"""How long what a dead worker had in its hands takes to be finished: watched from the moment of its death."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: Letters and mails not finished yet, by key; None while the database does not answer.
Unfinished = Callable[[], set[str] | None]


@dataclass(slots=True)
class Death:
    """One death of the worker: when (monotonic seconds), and what it left."""

    at: float
    left: set[str] | None = None
    had: int = 0
    undisturbed: bool = True


@dataclass(slots=True)
class Waits:
    """Seconds from a worker's death until everything it had in its hands was finished."""

    undisturbed: list[float] = field(default_factory=list)
    disturbed: list[float] = field(default_factory=list)
    things: int = 0


class Recovery(threading.Thread):
    """Looks four times a second what became of it; a kill of anything else meanwhile disturbs the wait.

    ``unfinished`` tells everything that waits, ``in_hand`` what of it a worker that dies now has in its hands.
    """

    def __init__(self, unfinished: Unfinished, in_hand: Unfinished) -> None:
        super().__init__(daemon=True)
        self._unfinished, self._in_hand = unfinished, in_hand
        self._deaths: list[Death] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.waits = Waits()

    def worker_died(self) -> None:
        """Call right after the worker is gone."""
        self.something_died()  # the one that was to finish what an earlier death left
        found = self._in_hand()
        with self._lock:
            self._deaths.append(Death(time.monotonic(), found, len(found or ()), undisturbed=found is not None))

    def something_died(self) -> None:
        """Something else the recovery needs was killed: waits that have not ended are disturbed."""
        with self._lock:
            for death in self._deaths:
                death.undisturbed = False

    def caught_up(self) -> bool:
        """Whether everything dead workers left is finished."""
        with self._lock:
            return not self._deaths

    def run(self) -> None:
        """Until ``finish``."""
        while not self._over.wait(0.25):
            self._look()

    def finish(self) -> Waits:
        """Stop looking; waits still open count as they stand."""
        self._over.set()
        self.join(30)
        self._look()
        for death in self._deaths:
            if death.left:
                self._note(death)
        return self.waits

    def _look(self) -> None:
        if self.caught_up() or (found := self._unfinished()) is None:
            return
        with self._lock:
            for death in self._deaths:
                if death.left is not None:
                    death.left &= found
                    if not death.left:
                        self._note(death)
            self._deaths = [death for death in self._deaths if death.left]

    def _note(self, death: Death) -> None:
        if not death.had:
            return
        self.waits.things += death.had
        waits = self.waits.undisturbed if death.undisturbed else self.waits.disturbed
        waits.append(time.monotonic() - death.at)
