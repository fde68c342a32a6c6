"""``manage.py load_reference``: bring the reference tables up to the shipped data files. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.catalogue.loader import DataError, load_all


class Command(BaseCommand):
    """Load elections, violation types, sanctions, rules, authorities, ranks, positions and holidays."""

    help = "Load the shipped reference data. Repeatable; rows edited by the office are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per table; rows kept because they were edited here are named."""
        try:
            outcomes = load_all()
        except DataError as error:
            raise CommandError(str(error)) from error
        for outcome in outcomes:
            removed = f", {outcome.removed} removed" if outcome.removed else ""
            self.stdout.write(
                f"{outcome.table}: {outcome.added} added, {outcome.changed} changed{removed}, "
                f"{outcome.unchanged} unchanged"
            )
            for name in outcome.kept:
                self.stdout.write(f"  kept, edited here: {name}")
