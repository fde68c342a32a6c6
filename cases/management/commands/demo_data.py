"""``manage.py demo_data``: the demo's cases, played once from the shipped scenario files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cases.models import Case, Election
from cases.scenario.errors import ScenarioError
from cases.scenario.player import Line, perform
from cases.scenario.schema import Scenario, read_file

FOLDER = settings.BASE_DIR / "scenarios"


def shipped(folder: Path = FOLDER) -> list[Scenario]:
    """Every shipped scenario that tells a story; files whose name begins with ``_`` are only included."""
    paths = sorted(path for path in folder.rglob("*.yaml") if not path.name.startswith("_"))
    return [scenario for path in paths for scenario in read_file(path)]


class Command(BaseCommand):
    help = "Load reference data and play the demo's cases, all as one history. Does nothing when there are cases."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("`demo_data` runs in demo mode only (PROFILE=demo).")
        if Case.objects.exists():
            self.stdout.write("There are cases already; nothing was added.")
            return
        began = time.monotonic()
        if not Election.objects.exists():
            call_command("load_reference", stdout=self.stdout)
        try:
            scenarios = shipped()
            played = self.play(scenarios)
        except ScenarioError as error:
            raise CommandError(f"{error}\nNothing was written.") from error
        cases, steps = sum(len(row.case_ids) for row in played), sum(len(row.lines) for row in played)
        self.stdout.write(f"{cases} cases, {steps} steps in {time.monotonic() - began:.1f} s.")

    def play(self, scenarios: list[Scenario]) -> list[Any]:
        total = sum(len(row.entries) + (len(row.intake.reported) if row.intake else 0) for row in scenarios)
        console = Console(stderr=True)
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("steps", total=total)

            def tell(line: Line) -> None:
                progress.update(task, advance=1, description=f"{line.at:%B %Y}")

            return perform(scenarios, tell=tell)
