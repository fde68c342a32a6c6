"""``manage.py harden_database --role ROLE``: take from the portal's database role what it must not have."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction

from cases.audit.sql import hardening


class Command(BaseCommand):
    help = "PostgreSQL: let ROLE add to the history but never change it. Run as the owner of the tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", required=True, help="the role the portal signs in as; not the owner")
        parser.add_argument("--print", action="store_true", dest="show", help="print the statements, run nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles; on SQLite protect the file itself.")
        role = options["role"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), current_user")
            schema, owner = cursor.fetchone()
        if role == owner:
            raise CommandError(f"{role} owns the tables and could take every right back. Name another role.")
        statements = hardening(role, schema=schema)
        if options["show"]:
            self.stdout.write("".join(f"{statement};\n" for statement in statements))
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{role} can add to the history and cannot change it.")
