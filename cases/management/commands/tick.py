"""``manage.py tick``: the daily work, for any date, any number of times."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.services.daily import run
from cases.services.outbox import sweep_mail


class Command(BaseCommand):
    """Reminders, late deadlines, recomputation, digests. What was done is not done again."""

    help = "Runs the daily work for a date (default: today by each institution's clock); repeating it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=dt.date.fromisoformat, metavar="DATE", help="YYYY-MM-DD; default today")
        parser.add_argument("--send", action="store_true", help="also send what waits in the outbox, without a worker")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        done = asdict(run(options["on"]))
        if options["send"]:
            done["sent"] = sweep_mail()
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name} {count}" for name, count in done.items()))
