"""No false alarm: whatever may lawfully happen to a database leaves the history whole."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Institution, Officer
from cases.audit import sql
from cases.audit.keys import generate
from cases.models import Case, Employee, Event, Letter, Reporter
from cases.sealed.reporter import shred
from cases.services.access import case_viewed
from cases.services.checkpoint import checkpoint
from cases.services.letters import render_letter_now
from cases.services.notes import add_note
from cases.services.record import write_event
from tests.audit.history import SCENARIOS, look, make_history
from tests.fixtures_world import Loaded
from tests.play import play

RUNS = int(os.environ.get("CLEAN_RUNS", "50"))  # the full campaign: 200
ROOT = Path(__file__).parents[2]
LAWFUL: list[Callable[[random.Random, Loaded], None]] = []


def lawful(function: Callable[[random.Random, Loaded], None]) -> Callable[[random.Random, Loaded], None]:
    LAWFUL.append(function)
    return function


@lawful
def another_case(rng: random.Random, world: Loaded) -> None:
    if Officer.objects.filter(name="Married").exists():
        return  # a scenario file insists on the names it knows
    play(rng.choice(SCENARIOS[1:]))


@lawful
def a_new_head(rng: random.Random, world: Loaded) -> None:
    case_viewed(case=Case.objects.order_by("pk")[0], reader=Officer.objects.filter(role="AUDITOR")[0])
    checkpoint()


@lawful
def a_note(rng: random.Random, world: Loaded) -> None:
    yuni = world.officer("yuni")
    add_note(case=rng.choice(list(Case.objects.visible_to(yuni))), actor=yuni, text="Catatan — “uji” é 𝄞")


@lawful
def a_letter_made(rng: random.Random, world: Loaded) -> None:
    letter = Letter.objects.filter(status="PENDING").order_by("pk").first()
    assert letter is not None
    Letter.objects.filter(pk=letter.pk).update(template=letter.template)
    render_letter_now(str(letter.pk))


@lawful
def names_change(rng: random.Random, world: Loaded) -> None:
    Institution.objects.update(short_name="Renamed", name="Another name")
    Officer.objects.update(name="Married", position="Promoted")
    Employee.objects.update(name="Corrected", unit="Moved")


@lawful
def the_key_is_changed(rng: random.Random, world: Loaded) -> None:
    path = Path(portal_settings.HISTORY_KEY_FILE)
    old = path.read_bytes()
    path.unlink()
    generate(path)
    a_new_head(rng, world)
    path.write_bytes(old)


@lawful
def json_stored_in_another_order(rng: random.Random, world: Loaded) -> None:
    """What a copy through another database does to JSON columns."""
    sql.remove(connection)
    with connection.cursor() as cursor:
        for event in Event.objects.order_by("?")[:10]:
            turned = json.dumps(dict(reversed(event.data.items())), indent=2, ensure_ascii=rng.random() < 0.5)
            cursor.execute("UPDATE cases_event SET data = %s WHERE id = %s", [turned, event.pk])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    sql.install(connection)


@lawful
def an_identity_is_shredded(rng: random.Random, world: Loaded) -> None:
    reporter = Reporter.objects.select_related("report").order_by("?")[0]
    for case in Case.objects.select_for_update(of=("self",)).filter(report=reporter.report):
        write_event(case=case, kind=Event.Kind.SEALED, name="shred", actor=None)
    shred(reporter)


class Undo(Exception):
    """Leave the savepoint."""


@pytest.mark.django_db
def test_clean_histories_raise_no_alarm(world: Loaded) -> None:
    make_history(letters=1)
    seed = random.randrange(2**32)
    rng, counts = random.Random(seed), Counter[str]()
    files = {path: path.read_bytes() for path in Path(portal_settings.HISTORY_DIR).iterdir()}
    public = Path(portal_settings.HISTORY_KEY_FILE + ".pub")
    files[public] = public.read_bytes()
    while counts.total() < RUNS:
        try:
            with transaction.atomic():
                for _times in range(3):
                    happening = rng.choice(LAWFUL if rng.random() < 0.3 else LAWFUL[1:])
                    happening(rng, world)
                    result = look()
                    assert result.whole, (seed, happening.__name__, result.verdict(), result.findings[:3])
                    counts[happening.__name__] += 1
                raise Undo
        except Undo:
            pass
        finally:
            for path, data in files.items():
                path.write_bytes(data)
    print(f"\n{connection.vendor}: {counts.total()} clean histories, no alarm (seed {seed}): {dict(counts)}")


def manage(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` on a SQLite database of its own, with this session's files, heads and keys."""
    environ = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    environ |= {
        "PROFILE": "test",
        "DATABASE_URL": f"sqlite:///{database}",
        "HISTORY_DIR": str(portal_settings.HISTORY_DIR),
        "HISTORY_KEY_FILE": str(portal_settings.HISTORY_KEY_FILE),
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_dump_restore_vacuum_and_copies_between_databases(world: Loaded, tmp_path: Path) -> None:
    make_history(letters=2)
    events = Event.objects.count()
    dump, copy, back = tmp_path / "dump.json", tmp_path / "copy.sqlite3", tmp_path / "back.json"
    call_command("dumpdata", "accounts", "cases", output=str(dump), verbosity=0)
    # To a SQLite database in a process of its own, looked at there, swept, looked at again, and dumped.
    for arguments in (["migrate", "--verbosity", "0"], ["loaddata", str(dump)]):
        done = manage(copy, *arguments)
        assert done.returncode == 0, done.stderr[-2000:]
    assert _verdict(copy)["events"] == events
    import sqlite3

    with sqlite3.connect(copy) as plain:
        plain.execute("VACUUM")
        plain.execute("ANALYZE")
        plain.execute("REINDEX")
    assert _verdict(copy)["ok"]
    done = manage(copy, "dumpdata", "accounts", "cases", "--output", str(back))
    assert done.returncode == 0, done.stderr[-2000:]
    # And back into the session's own engine, emptied.
    sql.remove(connection)
    call_command("flush", interactive=False, verbosity=0)
    sql.install(connection)
    call_command("loaddata", str(back), verbosity=0)
    result = look()
    assert result.whole, result.verdict()
    assert result.events == events
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    assert look().whole
    checkpoint()
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    checkpoint()
    assert look().whole


def _verdict(database: Path) -> dict[str, Any]:
    done = manage(database, "verify_history", "--json")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told
