"""``manage.py deadlines``: what falls due on a day, and what is late."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.clock import today
from cases.selectors.due_list import due_list


class Command(BaseCommand):
    """Lists running deadlines, nearest first. Case numbers only: no names."""

    help = "Lists the deadlines that fall due on a date (default: today), and all that are late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=dt.date.fromisoformat, metavar="DATE", help="YYYY-MM-DD; default today")
        parser.add_argument(
            "--within", type=int, default=0, metavar="DAYS", help="also what falls due so many days later"
        )
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or today()
        rows = list(due_list(on, within=options["within"]))
        if options["json"]:
            found = [{**dataclasses.asdict(row), "status": row.status} for row in rows]
            self.stdout.write(json.dumps({"on": on, "deadlines": found}, default=str, indent=2))
            return
        for row in rows:
            self.stdout.write(
                f"{row.due_on}  {row.status:<7} {row.left:>4} {row.unit.lower():<8}  {row.case:<12} {row.rule:<20}"
                f" {row.state:<20} {row.waits_for}"
            )
        self.stdout.write(f"{len(rows)} deadlines on {on}")
