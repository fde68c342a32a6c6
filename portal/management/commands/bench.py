"""``manage.py bench NAME``: measure one thing and hold the result against its goals."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection

import portal.bench


class Command(BaseCommand):
    help = "Run a measurement on a database made for it. Exit code 1 when a goal is missed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = sorted(module.name for module in pkgutil.iter_modules(portal.bench.__path__) if module.name[0] != "_")
        parser.add_argument("name", choices=names)
        parser.add_argument("--json", action="store_true", help="only the last line, as JSON")
        parser.add_argument("--scale", type=float, default=1.0, help="share of the full size, e.g. 0.05 while trying")
        parser.add_argument("--part", default="", help="only this part of the measurement")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Measure with PROFILE=test or development, never on the office's own installation.")
        module = importlib.import_module(f"portal.bench.{options['name']}")

        def say(line: str) -> None:
            if not options["json"]:
                self.stdout.write(line)
                self.stdout.flush()

        # Parts that leave things behind get a database each.
        parts = (options["part"],) if options["part"] else getattr(module, "PARTS", ("",))
        result: dict[str, dict[str, Any]] = {"ratios": {}, "goals": {}}
        for part in parts:
            with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
                self.own_folders(Path(folder))
                name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                try:
                    found = module.run(say=say, scale=options["scale"], part=part)
                finally:
                    connection.creation.destroy_test_db(name, verbosity=0)
            for key, told in result.items():
                told.update(found[key])
        self.stdout.write(json.dumps(result))
        if not all(goal["met"] for goal in result["goals"].values()):
            sys.exit(1)

    def own_folders(self, folder: Path) -> None:
        """Nothing of this installation is touched: database, heads, key and files lie in a folder that goes away."""
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3")
        settings.DATA_DIR = folder
        settings.HISTORY_DIR = folder / "history"
        settings.HISTORY_KEY_FILE = str(folder / "keys" / "history.pem")
        settings.REPORTER_KEY_FILE = str(folder / "keys" / "reporter.keys")
        settings.LETTER_SEALS_FILE = str(folder / "keys" / "seals.pem")
        settings.ALLOW_BACKDATING = True
