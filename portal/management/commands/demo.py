"""``manage.py demo``: the whole portal from one command."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import IO, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connections

from portal.celery import QUEUES
from portal.supervisor import Program, Supervisor

FIRST_PORT, PORTS_TRIED = 8000, 50
CASES = "demo_data"
#: Trying the demo as root in a throw-away container is fine; Celery need not cry over it.
ROOT_WARNING_OFF = "ignore:You're running the worker with superuser privileges"
#: Prepared in this order; what does not exist is left out.
PREPARATION: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("migrate", "database", {"interactive": False, "verbosity": 0}),
    ("load_reference", "reference data", {}),
    (CASES, "demo cases (scenario files played through the real steps)", {}),
)


class Command(BaseCommand):
    help = "Prepare the data folder and run web, background worker and scheduler until Ctrl-C (demo profile only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, help=f"port; without it {FIRST_PORT} or the next free one")
        parser.add_argument("--empty", action="store_true", help="do not play the demo cases")
        parser.add_argument("--prepare-only", action="store_true", help="prepare the data and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("`demo` runs with PROFILE=demo only; `make demo` sets it.")
        host, port = options["host"], options["port"]
        with self.lock_data_dir():
            try:
                if options["prepare_only"]:
                    self.prepare(empty=options["empty"])
                    return
                # A taken port is said at once. Until all is ready nobody listens, so that nobody waits for an answer.
                self.listen(host, port).close()
                self.prepare(empty=options["empty"])
                self.serve(host, port)
            except KeyboardInterrupt:
                self.say("")
        self.say("Stopped.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def lock_data_dir(self) -> IO[str]:
        """Keep a second demo off this data folder for as long as the file stays open."""
        lock = (settings.DATA_DIR / "demo.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Another demo is running on {settings.DATA_DIR}. Stop it, or choose another DATA_DIR."
            ) from None
        return lock

    def prepare(self, *, empty: bool) -> None:
        known = get_commands()
        for name, what, options in PREPARATION:
            if name in known and not (empty and name == CASES):
                began = time.monotonic()
                self.say(f"  preparing {what} …")
                call_command(name, **options)
                self.say(f"  {what}: ready ({time.monotonic() - began:.1f} s)")
        connections.close_all()

    def listen(self, host: str, port: int | None) -> socket.socket:
        """A listening socket on ``port``, or without one on the first free port from 8000 up."""
        for candidate in [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
            try:
                return socket.create_server((host, candidate), reuse_port=False)
            except OSError as error:
                if port:
                    raise CommandError(f"Port {port} on {host} cannot be used: {error.strerror}.") from error
        raise CommandError(f"No free port between {FIRST_PORT} and {FIRST_PORT + PORTS_TRIED - 1}.")

    def serve(self, host: str, port: int | None) -> None:
        listening = self.listen(host, port)
        port = listening.getsockname()[1]
        address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"  # noqa: S104
        environ = os.environ | {"BASE_URL": address, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": ROOT_WARNING_OFF}
        Supervisor(programs(listening), environ, self.say).run(after_start=lambda: self.announce(address, port))
        listening.close()

    def announce(self, address: str, port: int) -> None:
        """Wait for the first answer, then say where the portal is."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
                    break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        self.say(f"\n  The portal answers on {address}")
        self.say("  Sign in with one click: choose a desk on the first page.")
        if settings.DEMO_DATE:
            self.say(f"  Its calendar stands at {settings.DEMO_DATE:%d %B %Y} (DEMO_DATE).")
        self.say(f"  Data: {settings.DATA_DIR} (delete it, or run `make clean`, to start over). Stop with Ctrl-C.\n")


def programs(listening: socket.socket) -> list[Program]:
    """Scheduler, web server and worker, in the order they are to end."""
    python, fd = sys.executable, listening.fileno()
    celery = [python, "-m", "celery", "--app", "portal", "--quiet"]
    return [
        Program(name="scheduler", command=[*celery, "beat", "--loglevel", "WARNING", "--pidfile="]),
        Program(
            name="web server",
            command=[
                *(python, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"fd://{fd}"),
                *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
                *("--graceful-timeout", "3", "--timeout", "60", "--log-level", "warning", "--no-control-socket"),
            ],
            keep_open=(fd,),
        ),
        Program(
            name="worker",
            command=[
                *(*celery, "worker", "--pool", "threads", "--concurrency", "2", "--queues", ",".join(QUEUES)),
                *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
            ],
        ),
    ]
