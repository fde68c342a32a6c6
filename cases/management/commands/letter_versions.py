"""Compares the letter templates with the manifest of their versions, or writes an open version into it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.letters.versions import CURRENT, MANIFEST, changed, files_of, manifest


class Command(BaseCommand):
    help = "Compare letter templates with their frozen versions; --write notes an open version, --freeze closes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="note the files of the current version, if open")
        parser.add_argument("--freeze", action="store_true", help="close the current version")

    def handle(self, *args: Any, **options: Any) -> None:
        told = dict(manifest())
        if options["write"] or options["freeze"]:
            entry = dict(told.get(str(CURRENT), {"frozen": False, "files": {}}))
            if entry["frozen"] and changed(CURRENT):
                raise CommandError(f"Version {CURRENT} is frozen; put what you change into version {CURRENT + 1}.")
            entry["files"], entry["frozen"] = files_of(CURRENT), entry["frozen"] or options["freeze"]
            told[str(CURRENT)] = entry
            MANIFEST.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            return
        spoiled = [path for version in told for path in changed(int(version))]
        if spoiled:
            raise CommandError("Changed since their version was noted: " + ", ".join(spoiled))
        self.stdout.write(f"{len(told)} version(s) whole.")
