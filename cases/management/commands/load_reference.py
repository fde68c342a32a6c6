"""``manage.py load_reference``: bring the reference tables up to the shipped data files. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.catalogue.loader import DataError, Outcome, load_all
from cases.services.access import reference_changed


class Command(BaseCommand):
    """Load elections, violation types, sanctions, rules, authorities, ranks, positions and holidays."""

    help = "Load the shipped reference data. Repeatable; rows edited by the office are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per table; rows kept because they were edited here are named."""
        try:
            with transaction.atomic():
                outcomes = load_all()
                self.tell(outcomes)
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

    def tell(self, outcomes: list[Outcome]) -> None:
        """The history says which tables changed and by how many rows; a load that changed nothing says nothing."""
        told = {
            one.table: {"added": one.added, "changed": one.changed, "removed": one.removed}
            for one in outcomes
            if one.added or one.changed or one.removed
        }
        if told:
            changes = {table: [None, counts] for table, counts in told.items()}
            reference_changed(actor=None, what="reference_loaded", key="shipped", changes=changes)
