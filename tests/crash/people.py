"""People who take steps over HTTP and write down what was acknowledged."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

PROPOSE = {
    "facts": "Suka diberikan.", "element_subject": "PNS.", "element_act": "Menyukai.", "element_target": "Calon.",
    "analysis": "Terbukti.", "conclusion": "Diteruskan.", "proposed_outcome": "FORWARD",
}  # fmt: skip
RETURN = {"reason": "Perbaiki uraian."}
#: State to (who, step, answers): two desks send the assessment to and fro; letters, numbers and mails on the way.
TURNS = {"assessment": ("yuni", "propose", PROPOSE), "plenary": ("hendra", "return_assessment", RETURN)}
AFTER = {"assessment": "plenary", "plenary": "assessment"}


@dataclass(slots=True)
class Ledger:
    """What was acknowledged: for each case the counts of steps that somebody was told are done."""

    acknowledged: set[tuple[str, int]] = field(default_factory=set)
    unclear: int = 0
    waits: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def error(self, what: str) -> None:
        """Count something that went wrong on the way."""
        with self.lock:
            self.errors[what] = self.errors.get(what, 0) + 1


class Session:
    """One officer signed in at the demo's card."""

    def __init__(self, port: int, officer: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.request("GET", "/accounts/login/")
        status = self.request("POST", "/accounts/demo/", {"officer": str(officer)})
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")

    def request(self, method: str, path: str, data: dict[str, str] | None = None) -> int:
        """One request on a connection of its own; returns the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = urlencode({**(data or {}), "csrfmiddlewaretoken": self.cookies.get("csrf", "")})
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            if method == "POST":
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body if method == "POST" else None, headers)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            response.read()
            return response.status
        finally:
            connection.close()


class Writer(threading.Thread):
    """Keeps some cases going to and fro until told to stop."""

    def __init__(
        self,
        sessions: dict[str, Session],
        cases: dict[str, tuple[str, int]],
        ledger: Ledger,
        look: Callable[[str], tuple[str, int]],
        done: threading.Event,
        pause: float = 0.0,
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(daemon=True)
        self.sessions, self.cases, self.ledger, self.look, self.done = sessions, cases, ledger, look, done
        self.pause, self.may = pause, may

    def run(self) -> None:
        """Step after step; after an unclear answer look what the case says."""
        while not self.done.is_set():
            for number in list(self.cases):
                if self.done.is_set():
                    return
                if not self.may():
                    self.done.wait(0.3)
                    continue
                self._step(number)
                self.done.wait(self.pause)

    def _step(self, number: str) -> None:
        state, moves = self.cases[number]
        who, step, answers = TURNS[state]
        began = time.monotonic()
        try:
            status = self.sessions[who].request(
                "POST", f"/cases/{number}/{step}/", {**answers, "seen": f"{state}.{moves}"}
            )
        except (OSError, http.client.HTTPException) as error:
            status = 0
            self.ledger.error(type(error).__name__)
        if status == 302:
            self.cases[number] = (AFTER[state], moves + 1)
            with self.ledger.lock:
                self.ledger.acknowledged.add((number, moves + 1))
                self.ledger.waits.append(time.monotonic() - began)
            return
        if status:
            self.ledger.error(str(status))
        with self.ledger.lock:
            self.ledger.unclear += 1
        self.done.wait(0.2)
        self.cases[number] = self.look(number)
