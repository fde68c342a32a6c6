"""Every way to change the history is found, and the first spoiled event is named; a clean history raises no alarm."""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest
from django.db import connection, transaction

from accounts.models import Officer
from cases.audit import sql
from cases.models import Case, Event
from cases.services.access import case_viewed
from cases.services.checkpoint import checkpoint
from tests.audit.attacks import ATTACKS, put_back
from tests.audit.history import look, make_history
from tests.fixtures_world import Loaded
from tests.play import play

INSTANCES = int(os.environ.get("TAMPER_INSTANCES", "10"))  # the full campaign: 40
pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Leave the savepoint."""


def small_history() -> None:
    """Three kinds of cases, one of them twice more, an auditor's readings, and a head after each."""
    make_history(letters=3)
    auditor = Officer.objects.filter(role="AUDITOR").order_by("pk")[0]
    for case in Case.objects.visible_to(auditor)[:3]:
        case_viewed(case=case, reader=auditor)
    for _again in range(2):
        play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
        checkpoint()


def test_every_attack_is_found_and_the_first_bad_event_named(world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    small_history()
    assert look().whole
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if connection.vendor == "postgresql" else "SELECT 1")
    sql.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED" if connection.vendor == "postgresql" else "SELECT 1")
    # Missing triggers would give every attack away at once; here the content alone has to.
    monkeypatch.setattr(sql, "missing_triggers", lambda _connection: [])
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    began, found, missed = time.monotonic(), Counter[str](), []
    for name, attack in ATTACKS.items():
        for instance in range(INSTANCES):
            try:
                with transaction.atomic():
                    expected = attack(rng)
                    result = look()
                    told = result.first.index if result.first else None
                    right = told == expected
                    if result.whole or not right:
                        missed.append((name, instance, expected, result.first))
                    else:
                        found[name] += 1
                    raise Undo
            except Undo:
                pass
            finally:
                put_back()
    total = sum(found.values())
    print(
        f"\n{connection.vendor}: {total} of {len(ATTACKS) * INSTANCES} attacks of {len(ATTACKS)} classes found,"
        f" first bad event right, in {time.monotonic() - began:.0f} s (seed {seed})"
    )
    assert not missed, (seed, Counter(name for name, *_rest in missed), missed[:5])
    assert look().whole
    assert len(ATTACKS) >= 25


def test_triggers_off_is_found(world: Loaded) -> None:
    rng, names = random.Random(1), sorted(sql.trigger_names(connection.vendor))
    for _instance in range(INSTANCES):
        table, name = rng.choice(names)
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    if connection.vendor == "sqlite":
                        cursor.execute(f"DROP TRIGGER {name}")
                    else:
                        how = rng.choice([f"DISABLE TRIGGER {name}", f"ENABLE REPLICA TRIGGER {name}"])
                        cursor.execute(f"ALTER TABLE {table} {how}")
                result = look()
                assert result.first is not None
                assert result.first.code == "triggers"
                assert name in result.first.detail
                raise Undo
        except Undo:
            pass
    assert look().whole
    assert Event.objects.count() == 0
