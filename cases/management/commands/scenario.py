"""``manage.py scenario FILE …``: play cases from YAML files through the real steps."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from cases.scenario.errors import ScenarioError
from cases.scenario.papers import write_letters
from cases.scenario.player import Line, Performance, perform
from cases.scenario.schema import read_file


class Command(BaseCommand):
    help = "Play scenario files (see docs/scenarios.md). All or nothing; demo and test mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--letters", type=Path, metavar="DIR", help="render the letters and write them here")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        told = None if options["json"] else self.tell
        try:
            scenarios = [scenario for path in options["files"] for scenario in read_file(path)]
            played = perform(scenarios, tell=told)
        except ScenarioError as error:
            if options["json"]:
                about = {"message": error.sentence, "file": error.file, "line": error.line, "part": error.part}
                self.stdout.write(json.dumps({"error": about}, ensure_ascii=False))
            raise CommandError(f"{error}\nNothing was written.") from error
        papers, failed = self.papers(played, options["letters"]) if options["letters"] else ([], [])
        if options["json"]:
            body = {"scenarios": [as_json(performance) for performance in played], "letters": papers, "failed": failed}
            self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))
        elif options["letters"]:
            self.stdout.write(f"{len(papers)} letters in {options['letters']}")
        if failed:
            raise CommandError("\n".join(f"letter {row['number']} ({row['kind']}): {row['error']}" for row in failed))

    def tell(self, line: Line) -> None:
        letters = ", ".join(f"{kind} {number}" for kind, number in line.letters)
        parts = [f"{line.case}  {line.at:%Y-%m-%d %H:%M}  {line.what} -> {line.state}"]
        if letters:
            parts.append(f"letters: {letters}")
        if line.due_on:
            parts.append(f"due {line.due_on}")
        parts.extend(f"caution: {sentence}" for sentence in line.cautions)
        self.stdout.write("  |  ".join(parts))

    def papers(self, played: list[Performance], folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        written, failed = [], []
        for letter, path in write_letters([pk for row in played for pk in row.case_ids], folder):
            about = {"number": letter.number, "kind": letter.kind}
            if path is None:
                failed.append({**about, "error": letter.error})
            else:
                written.append({**about, "file": str(path), "sha256": letter.sha256})
        return written, failed


def as_json(performance: Performance) -> dict[str, Any]:
    """A played scenario for machines."""
    return {
        "file": performance.scenario.file,
        "title": performance.scenario.title,
        "cases": [
            {
                "number": case.number,
                "registration_number": case.registration_number,
                "subject": case.subject_name,
                "state": case.state,
                "due_on": case.due_on.isoformat() if case.due_on else None,
            }
            for case in performance.cases
        ],
        "steps": [
            {
                "line": line.line,
                "at": line.at.isoformat(),
                "by": line.by,
                "case": line.case,
                "step": line.what,
                "state": line.state,
                "letters": [{"kind": kind, "number": number} for kind, number in line.letters],
                "due_on": line.due_on.isoformat() if line.due_on else None,
                "cautions": list(line.cautions),
            }
            for line in performance.lines
        ],
    }
