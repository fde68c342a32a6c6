"""``manage.py holidays``: the days off against the shipped source; shows the difference, changes only when told."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.catalogue.loader import YEARS
from cases.services.holidays import differences, update_from_source

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


class Command(BaseCommand):
    """Days an office added, changed or withdrew are left alone and not shown."""

    help = "Shows where the table of days off and the shipped source differ; with --apply takes the source over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, action="append", metavar="YEAR", help="default: every shipped year")
        parser.add_argument(
            "--apply", action="store_true", help="take the difference over and recompute open deadlines"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        years = options["year"] or list(YEARS)
        found = list(differences(years))
        for one in found:
            name, estimated = one.after or one.before or ("", False)
            was = f" (was: {one.before[0]})" if one.what == "changed" and one.before and one.before[0] != name else ""
            mark = " (estimate)" if estimated else ""
            self.stdout.write(f"{SIGNS[one.what]} {one.day.date} {one.day.kind:<6} {name}{mark}{was}")
        if not options["apply"]:
            self.stdout.write(f"{len(found)} differences; nothing was changed (--apply takes them over)")
            return
        changed = update_from_source(actor=None, years=years)
        self.stdout.write(f"{changed.days} days changed, {len(changed.events)} deadlines recomputed")
