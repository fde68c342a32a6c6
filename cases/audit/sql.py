"""The few lines that depend on the database: append-only triggers, a steady view to verify in, and narrow rights.

Triggers say what everybody may rely on; they do not stop the owner of the database. Who drops them is found out by
verification: it looks for them, and for what was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

#: Tables whose rows are written once, and the keys under which a row must not exist yet. ``REPLACE INTO`` deletes
#: without asking SQLite's delete triggers, so an insert over an existing key is refused as well.
APPEND_ONLY: dict[str, tuple[tuple[str, ...], ...]] = {
    "cases_event": (("id",), ("stream", "seq"), ("case_id", "seq")),
    "cases_leaf": (("index",), ("event_id",)),
    "cases_head": (("size",),),
}

REFUSAL = "the history is append-only"
_FUNCTION = "cases_history_refuse"


def trigger_names(vendor: str) -> set[tuple[str, str]]:
    """Every (table, trigger) that must exist."""
    acts = ("update", "delete", "replace") if vendor == "sqlite" else ("change", "truncate")
    return {(table, f"{table}_no_{act}") for table in APPEND_ONLY for act in acts}


def install(connection: Any) -> None:
    """Create the triggers that are missing. Does nothing before the tables exist."""
    present = set(connection.introspection.table_names())
    tables = [table for table in APPEND_ONLY if table in present]
    if not tables:
        return
    statements = _sqlite(tables) if connection.vendor == "sqlite" else _postgresql(tables)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the triggers: for undoing the migration that made them."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, name in sorted(trigger_names(connection.vendor)):
            if table in present:
                where = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def missing_triggers(connection: Any) -> list[str]:
    """Triggers that are gone or switched off, as sentences' objects: ``table: name``."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
            wanted = {statement.split(" ", 6)[5]: statement for statement in _sqlite(list(APPEND_ONLY))}
            # SQLite keeps the text of a trigger, without IF NOT EXISTS: a hollowed-out one reads differently.
            found = {
                (table, name)
                for table, name, sql in cursor.fetchall()
                if sql == wanted.get(name, "").replace("IF NOT EXISTS ", "")
            }
        else:
            # tgenabled: 'A' fires always, also where session_replication_role switches ordinary triggers off.
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled = 'A' AND p.proname = %s"
                " AND p.prosrc LIKE '%%RAISE EXCEPTION%%' AND c.relnamespace = current_schema()::regnamespace",
                [_FUNCTION],
            )
            found = set(cursor.fetchall())
    return sorted(f"{table}: {name}" for table, name in trigger_names(connection.vendor) - found)


def _sqlite(tables: list[str]) -> list[str]:
    statements = []
    for table in tables:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        exists = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE "  # noqa: S608 -- names of our own tables and columns
            + " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
            + ")"
            for key in APPEND_ONLY[table]
        )
        create = "CREATE TRIGGER IF NOT EXISTS"
        statements += [
            f"{create} {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"{create} {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"{create} {table}_no_replace BEFORE INSERT ON {table} WHEN {exists} {refuse}",
        ]
    return statements


def _postgresql(tables: list[str]) -> list[str]:
    function = (
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    statements = [function]
    for table in tables:
        for name, event, each in (
            (f"{table}_no_change", "UPDATE OR DELETE", "ROW"),
            (f"{table}_no_truncate", "TRUNCATE", "STATEMENT"),
        ):
            what = f"BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()"
            statements.append(f"CREATE OR REPLACE TRIGGER {name} {what}")
            statements.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return statements


def hardening(role: str, *, schema: str = "public") -> list[str]:
    """PostgreSQL statements, run by the owner of the tables, that leave ``role`` what the portal needs and no more.

    The portal then signs in as ``role``, migrations as the owner: ``role`` can add to the history, and neither change
    it nor switch the triggers off (that takes ownership).
    """
    quoted = '"' + role.replace('"', '""') + '"'
    where = '"' + schema.replace('"', '""') + '"'
    history = ", ".join(f"{where}.{table}" for table in APPEND_ONLY)
    return [
        f"REVOKE CREATE ON SCHEMA {where} FROM PUBLIC, {quoted}",
        f"GRANT USAGE ON SCHEMA {where} TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {where} TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {where} TO {quoted}",
        f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {history} FROM PUBLIC, {quoted}",
    ]


@contextmanager
def steady_view(connection: Any) -> Iterator[None]:
    """Read everything as of one moment, without holding up writers. Inside a transaction: as it stands there."""
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # a reader: the writers' queue and lock are not for it
    try:
        with transaction.atomic(using=connection.alias):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode
