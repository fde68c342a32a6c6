"""verify_history, history_key and harden_database as an operator meets them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cases.audit import sql
from cases.audit.keys import NoKey, known_keys, load
from cases.models import Case, Event
from cases.services.record import write_event
from tests.audit.history import make_history
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db
COLUMN = {"cases_event": "hash", "cases_leaf": "hash", "cases_head": "root"}
POSTGRES = connection.vendor == "postgresql"


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_history", *arguments, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_whole_history_exits_with_zero_and_a_broken_one_with_one(world: Loaded, outside_folder: Path) -> None:
    make_history(letters=1)
    code, text = verify("--json")
    told: dict[str, Any] = json.loads(text)
    assert (code, told["ok"], told["findings"], told["events"]) == (0, True, 0, Event.objects.count())
    case = Case.objects.order_by("pk").last()
    assert case is not None
    kept = outside_folder.parent / "auditor.jsonl"
    kept.write_text((outside_folder / "heads.jsonl").read_text().splitlines()[0] + "\n")
    assert verify("--case", case.number, "--heads", str(kept))[0] == 0
    Case.objects.filter(pk=case.pk).update(recommended_level="MINOR")
    code, text = verify("--case", case.number)
    assert code == 1
    assert "recommended_level" in text
    assert case.number in text
    other = Case.objects.order_by("pk").first()
    assert other is not None
    assert verify("--case", other.number)[0] == 0
    with pytest.raises(CommandError):
        verify("--case", "1999-00001")


def test_keys_are_made_once_and_kept_to_oneself(tmp_path: Path) -> None:
    file = tmp_path / "history.pem"
    call_command("history_key", str(file), "--remark", "made for a test", stdout=StringIO())
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(known_keys(tmp_path / "history.pem.pub")) == 1
    load(file)
    with pytest.raises(CommandError):
        call_command("history_key", str(file), stdout=StringIO())
    file.chmod(0o644)
    with pytest.raises(NoKey, match="others"):
        load(file)


def refused(statement: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE portal_app_test")
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_applications_role_may_add_and_nothing_else(world: Loaded) -> None:
    if not POSTGRES:
        with pytest.raises(CommandError, match="PostgreSQL"):
            call_command("harden_database", "--role", "x")
        return
    make_history(letters=0, heads=False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_app_test")
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(CommandError, match="owns"):
        call_command("harden_database", "--role", owner)
    call_command("harden_database", "--role", "portal_app_test", stdout=StringIO())
    for table in sql.APPEND_ONLY:
        trigger = f"{table}_no_change"
        for attack in (
            f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER {trigger}",
            f"DROP TRIGGER {trigger} ON {table}",
            f"DROP TABLE {table} CASCADE",
        ):
            assert "permission denied" in (said := refused(attack)) or "must be owner" in said, (attack, said)
    assert "permission denied" in refused("SET session_replication_role = replica")
    assert "permission denied" in refused("CREATE TABLE elsewhere (x integer)")
    hollow = "CREATE OR REPLACE FUNCTION cases_history_refuse() RETURNS trigger LANGUAGE plpgsql"
    assert refused(hollow + " AS $$ BEGIN RETURN NULL; END $$")
    # What the portal does every day still works.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app_test")
        case = Case.objects.order_by("pk").first()
        assert case is not None
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        write_event(case=locked, kind=Event.Kind.NOTE, name="test", actor=None)
        cursor.execute("RESET ROLE")
