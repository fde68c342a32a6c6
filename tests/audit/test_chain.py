"""Every act leaves one linked event; nothing written can be changed, deleted or replaced."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from cases.audit import sql
from cases.audit.chain import FIELDS, GENESIS, case_stream, content_of, event_hash
from cases.models import Case, Event
from cases.sealed.reporter import open_identity
from cases.services.letters import render_letter_now
from tests.fixtures_world import Loaded
from tests.play import play

PRESS = "scenarios/02-suka-sesudah-penetapan.yaml"
pytestmark = pytest.mark.django_db


def test_the_chain_links_and_covers_every_column(world: Loaded) -> None:
    case = Case.objects.get(pk=play(PRESS).case.pk)
    previous = GENESIS
    for event in Event.objects.filter(case=case).order_by("seq"):
        assert event.stream == case_stream(case.number)
        assert event.prev_hash == previous
        assert event.hash == event_hash(content_of(event))
        previous = event.hash
    assert (case.head_hash, case.last_seq) == (previous, case.events.count())
    columns = {field.attname for field in Event._meta.concrete_fields}
    assert columns - set(FIELDS) == {"id", "hash", "case_id"}  # the case stands there by its number


def test_letters_stand_in_the_history_by_number_and_when_made_by_hash(world: Loaded) -> None:
    case = Case.objects.get(pk=play(PRESS).case.pk)
    letter = case.letters.order_by("pk").first()
    assert letter is not None
    told = {facts["letter"]: facts["number"] for event in case.events.all() for facts in event.letters_issued}
    assert told == {str(row.pk): row.number for row in case.letters.all()}
    made = render_letter_now(str(letter.pk))
    render_letter_now(str(letter.pk))
    (event,) = case.events.filter(kind=Event.Kind.LETTER, name="letter_made")
    assert event.data["sha256"] == made.sha256
    assert event.actor is None


def test_the_reporter_is_committed_to_but_not_named(world: Loaded) -> None:
    case = play(PRESS).case
    reporter = case.report.sealed_reporter
    intake = case.events.get(seq=1)
    assert set(intake.sealed) == {"reporter"}
    for event in case.events.all():
        assert open_identity(reporter)["name"] not in str(content_of(event))
        assert reporter.salt not in str(content_of(event))


def refusal(statement: str) -> str:
    """What the database says; empty when it lets the statement pass."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_database_refuses_changes(world: Loaded) -> None:
    play(PRESS)
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.concrete_fields)
    attacks = [
        "UPDATE cases_event SET reason = 'x'",
        "UPDATE cases_event SET hash = hash",
        "DELETE FROM cases_event",
    ]
    upsert = f"INSERT INTO cases_event ({columns}) SELECT {columns} FROM cases_event"
    upsert += " WHERE true ON CONFLICT (id) DO UPDATE SET reason = 'x'"
    if connection.vendor == "sqlite":
        attacks += [
            upsert,
            f"REPLACE INTO cases_event ({columns}) SELECT {columns} FROM cases_event",
            f"INSERT OR REPLACE INTO cases_event ({columns}) SELECT {columns} FROM cases_event WHERE seq = 1",
        ]
    else:
        attacks += [
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE cases_event CASCADE",
            "SET LOCAL session_replication_role = replica; DELETE FROM cases_event",
            upsert,
        ]
    for attack in attacks:
        assert sql.REFUSAL in refusal(attack), attack
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(seq=F("seq") + 100)


def test_missing_and_hollow_triggers_are_found() -> None:
    assert sql.missing_triggers(connection) == []
    name = "no_update" if connection.vendor == "sqlite" else "no_change"
    where = "" if connection.vendor == "sqlite" else " ON cases_event"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER cases_event_{name}{where}")
        assert sql.missing_triggers(connection) == [f"cases_event: cases_event_{name}"]
        if connection.vendor == "sqlite":
            cursor.execute("CREATE TRIGGER cases_event_no_update BEFORE UPDATE ON cases_event BEGIN SELECT 1; END")
            assert sql.missing_triggers(connection) == ["cases_event: cases_event_no_update"]
            cursor.execute("DROP TRIGGER cases_event_no_update")
        else:
            cursor.execute("ALTER TABLE cases_head DISABLE TRIGGER cases_head_no_truncate")
            assert len(sql.missing_triggers(connection)) == 2
    sql.install(connection)
    assert sql.missing_triggers(connection) == []
