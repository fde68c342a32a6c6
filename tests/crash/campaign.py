"""``make crash``: kill web, worker, beat, Redis and PostgreSQL with -9 while people take steps; then count.

Run as a program: ``python -m tests.crash.campaign --kills 300 --steps 5000``. Everything lives in a folder of its own;
the seed is printed. Exit code 1 when anything was lost, doubled or left half done.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.crash import processes


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--cases", type=int, default=24)
    parser.add_argument("--gap", type=float, default=3.0, help="seconds between two kills")
    parser.add_argument("--most", type=float, default=3600, help="seconds after which the campaign gives up")
    parser.add_argument("--writers", type=int, default=8, help="people who take steps at once")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds each of them thinks between two steps")
    parser.add_argument("--drain", type=float, default=60, help="seconds what is left at the end may stand still")
    parser.add_argument("--recovered", type=float, default=30, help="seconds a dead worker's work may take")
    parser.add_argument("--peace", type=int, default=4, help="of so many deaths of the worker one is left in peace")
    parser.add_argument("--only", nargs="*", default=[], help="kill only these")
    parser.add_argument("--without", choices=("sweeper",), help="take a defence away: something must go wrong")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def prepare(folder: Path, engine: str) -> tuple[dict[str, str], list[Any]]:
    """Environment of the portal's processes, and the servers it runs on, started."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_TEST", "PYTEST"))}
    for name in ("DATABASE_URL", "REDIS_URL", "DEMO", "DEBUG", "ALLOW_BACKDATING", "SECRET_KEY", "EMAIL_URL"):
        environ.pop(name, None)
    environ |= {
        "PROFILE": "demo", "DEMO_DATE": "2024-11-29", "DATA_DIR": str(folder / "data"), "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    (folder / "data").mkdir(parents=True)
    servers: list[Any] = []
    if engine == "postgres":
        postgres = processes.Postgres(folder / "postgres")
        port = processes.free_port()
        redis = processes.redis(folder / "redis", port)
        redis.start()
        servers = [redis, postgres]
        environ |= {"DATABASE_URL": postgres.url, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    return environ, servers


def open_cases(count: int) -> dict[str, int]:
    """Load the world and bring cases to the assessment; returns the officers' keys."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from tests.clock.conftest import tell
    from tests.fixtures_world import load_world

    world = load_world()
    for _ in range(count):
        tell("conclude_clarification")
    return {name: world.officer(name).pk for name in ("yuni", "hendra")}


def look(number: str) -> tuple[str, int]:
    """State and count of steps as the database has them, as soon as it answers."""
    from django.db import Error, connection

    from cases.models import Case

    while True:
        try:
            return Case.objects.values_list("state", "moves").get(number=number)
        except Error:
            connection.close()
            time.sleep(0.2)


def run(options: argparse.Namespace, folder: Path) -> int:
    rng = random.Random(options.seed)
    environ, servers = prepare(folder, options.engine)
    os.environ.clear()
    os.environ.update(environ)
    import django

    django.setup()
    from cases.models import Case
    from tests.crash.count import at_the_front, count, unfinished
    from tests.crash.people import Ledger, Session, Writer
    from tests.crash.recovery import Recovery

    officers = open_cases(options.cases)
    port = processes.free_port()
    programs = processes.portal(environ, port, folder, careless=options.without or "")
    began = time.monotonic()
    killed: Counter[str] = Counter()
    done = threading.Event()
    ledger = Ledger()
    recovery = Recovery(lambda: _ask(unfinished), lambda: _ask(at_the_front))
    supervisor = processes.Supervisor(programs)
    try:
        for program in programs:
            program.start()
        supervisor.start()
        sessions = processes_ready(port, officers, Session)
        cases = {case.number: (case.state, case.moves) for case in Case.objects.order_by("pk")}
        people = min(options.writers, len(cases))
        shares = [dict(list(cases.items())[index::people]) for index in range(people)]
        fair = pace(options, killed, ledger)
        writers = [Writer(sessions, share, ledger, look, done, options.pause, fair) for share in shares]
        for thread in (*writers, recovery):
            thread.start()
        victims = [one for one in (*programs, *servers) if not options.only or one.name in options.only]
        order: list[Any] = []
        while killed.total() < options.kills or len(ledger.acknowledged) < options.steps:
            if time.monotonic() - began > options.most:
                print("gave up: out of time", file=sys.stderr)
                break
            done.wait(options.gap * rng.uniform(0.5, 1.5))
            if killed.total() >= options.kills:
                continue
            order = order or rng.sample(victims, len(victims))
            # What is still starting has nothing in its hands: killing it would prove nothing.
            busy = (one for one in order if options.without or one.name != "worker" or at_work(one))
            if (victim := next(busy, None)) is None:
                continue
            order.remove(victim)
            if victim.name not in ("web", "worker"):
                recovery.something_died()
            victim.kill(rng)
            killed[victim.name] += 1
            progress(options, killed, ledger, time.monotonic() - began)
            if victim.name == "worker":
                recovery.worker_died()
            victim.start()
            if (
                victim.name == "worker"
                and killed[victim.name] % options.peace == 1 % options.peace
                and not options.without
            ):
                # Steps go on, but nothing else is killed until what this one had in its hands is finished.
                processes.wait_for("", recovery.caught_up, 2 * options.recovered, or_give_up=True)
        done.set()
        for writer in writers:
            writer.join(60)
        drained = drain(lambda: _ask(unfinished), options.drain)
        waits = recovery.finish()
        there, wrong = count(ledger)
    finally:
        done.set()
        ended = supervisor.finish()
        for program in [*programs, *servers]:
            program.stop()
    there |= {
        "ended by themselves, and started again": ended,
        "in the hands of dead workers, and finished": waits.things,
        "longest until finished, nothing else killed (s)": round(max(waits.undisturbed, default=0.0), 1),
        "longest until finished, more killed meanwhile (s)": round(max(waits.disturbed, default=0.0), 1),
    }
    late = sum(wait > options.recovered for wait in waits.undisturbed)
    wrong[f"not finished within {options.recovered:g} s of the worker's death"] = late
    report(options, killed, there, wrong, ledger, drained, time.monotonic() - began)
    return int(any(wrong.values()) or killed.total() < options.kills or len(ledger.acknowledged) < options.steps)


def pace(options: argparse.Namespace, killed: Counter[str], ledger: Any) -> Callable[[], bool]:
    """Whether another step may be taken: as large a share of the steps as of the kills, and a few more.

    Steps taken ahead would only pile up letters and mails behind a worker that is killed again and again, and then
    nothing would be in anybody's hands at a kill but the same long queue.
    """
    ahead = options.steps // 50 + options.writers

    def fair() -> bool:
        share = min(1.0, killed.total() / max(1, options.kills))
        return len(ledger.acknowledged) < options.steps * share + ahead

    return fair


def progress(options: argparse.Namespace, killed: Counter[str], ledger: Any, took: float) -> None:
    """Say now and then how far it is."""
    if killed.total() % 25 == 0 and not options.json:
        print(f"{took:.0f} s: {killed.total()} kills, {len(ledger.acknowledged)} steps", flush=True)


def drain(left: Callable[[], set[str] | None], patience: float) -> float:
    """Wait until nothing is left, as long as it becomes less: a slow machine is no standstill. Seconds it took."""
    began = moved = time.monotonic()
    fewest = sys.maxsize
    while (now := time.monotonic()) - moved < patience:
        found = left()
        if found is not None and len(found) < fewest:
            fewest, moved = len(found), now
        if fewest == 0:
            break
        time.sleep(0.2)
    return time.monotonic() - began


def at_work(worker: Any) -> bool:
    """Whether a worker has done something since it was started."""
    from django.db import Error, connection

    from cases.models import Heartbeat

    try:
        return Heartbeat.objects.filter(at__gte=worker.started_at).exists()
    except Error:
        connection.close()
        return False


def _ask(unfinished: Any) -> set[str] | None:
    from django.db import Error, connection

    try:
        found: set[str] = unfinished()
    except Error:
        connection.close()
        return None
    return found


def processes_ready(port: int, officers: dict[str, int], session: Any) -> dict[str, Any]:
    """Sign both officers in as soon as the web answers."""
    found: dict[str, Any] = {}

    def signed_in() -> bool:
        try:
            for name, key in officers.items():
                found[name] = session(port, key)
        except (OSError, RuntimeError) as error:
            problems.append(str(error))
            return False
        return True

    problems: list[str] = []
    try:
        processes.wait_for("the first answer", signed_in, 240)
    except TimeoutError as error:
        raise TimeoutError(f"{error}: {problems[-1:]}") from error
    return found


def report(
    options: argparse.Namespace, killed: Counter[str], there: Any, wrong: Any, ledger: Any, drained: float, took: float
) -> None:
    """Print the counts."""
    waits = sorted(ledger.waits) or [0.0]
    found = {
        "engine": options.engine,
        "seed": options.seed,
        "seconds": round(took),
        "kills": dict(killed),
        "kills in all": killed.total(),
        **there,
        "finished after the last step (s)": round(drained, 1),
        "step p50 (ms)": round(waits[len(waits) // 2] * 1000),
        "step p99 (ms)": round(waits[int(len(waits) * 0.99)] * 1000),
        "answers that were errors": ledger.errors,
        **wrong,
    }
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:<44} {value}")


def main() -> int:
    options = arguments()
    folder = Path(tempfile.mkdtemp(prefix="portal-crash-"))
    try:
        return run(options, folder)
    finally:
        for log in sorted(folder.glob("*.log")) if os.environ.get("CRASH_LOGS") else ():
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
