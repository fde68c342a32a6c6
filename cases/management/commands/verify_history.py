"""``manage.py verify_history``: is this what happened, was nothing changed, is nothing missing?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cases.audit.findings import Result
from cases.audit.keys import NoKey, known_keys
from cases.audit.verify import Verification
from cases.models import Case
from cases.services.checkpoint import outside, public_keys

SHOWN = 20


class Command(BaseCommand):
    help = "Verify the history: chains, tree, signed heads, cases, letters, files. Exit code 1 when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", metavar="NUMBER", default="", help="one case (its portal number) and the tree")
        parser.add_argument("--heads", metavar="FILE", type=Path, help="heads an auditor kept, one JSON line each")
        parser.add_argument("--keys", metavar="FILE", type=Path, help="public keys, instead of the portal's own")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        number, heads = options["case"], options["heads"]
        if number and not Case.objects.filter(number=number).exists():
            raise CommandError(_("There is no case %(number)s.") % {"number": number})
        if heads is not None and not heads.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": heads})
        try:
            keys = known_keys(options["keys"]) if options["keys"] else public_keys()
        except NoKey as error:
            raise CommandError(str(error)) from error
        result = self.look(number, heads, keys, quiet=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
        else:
            self.tell(result)
        if not result.whole:
            sys.exit(1)

    def look(self, number: str, heads: Path | None, keys: dict[str, bytes], *, quiet: bool) -> Result:
        console = Console(stderr=True, quiet=quiet)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
            tasks = {"events": bar.add_task(_("Events"), total=None), "tree": bar.add_task(_("Tree"), total=None)}

            def progress(stage: str, done: int, total: int) -> None:
                bar.update(tasks[stage], completed=done, total=total)

            return Verification(
                outside=outside(), keys=keys, case_number=number, heads_file=heads, progress=progress
            ).run()

    def tell(self, result: Result) -> None:
        style = self.style.SUCCESS if result.whole else self.style.ERROR
        self.stdout.write(style(result.verdict()))
        self.stdout.write(
            _(
                "%(events)d events in %(cases)d cases, %(letters)d letters, %(evidence)d files, %(heads)d heads,"
                " %(waiting)d events waiting for the next head."
            )
            % {name: getattr(result, name) for name in ("events", "cases", "letters", "evidence", "heads", "waiting")}
        )
        for finding in sorted(result.findings, key=lambda found: found.order)[:SHOWN]:
            self.stdout.write(f"  {finding.sentence()}")
        if result.count > SHOWN:
            self.stdout.write(_("  … and %(count)d more.") % {"count": result.count - SHOWN})
