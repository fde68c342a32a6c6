"""Prints the workflow table: for reading, for drawing, for other programs, for the docs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.roles import DESK_LABELS
from cases.guards import GUARDS
from cases.workflow import INTAKE, LETTER_ACTS, SAME, STAGES, STATES, STEPS, State, Step, all_steps

PAGE = Path("docs") / "workflow.md"


class Command(BaseCommand):
    help = "Print the workflow table (cases/workflow.py)."
    requires_system_checks = ["workflow"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(FORMATS), default="table")
        parser.add_argument("--write", action="store_true", help=f"write {PAGE} instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            (settings.BASE_DIR / PAGE).write_text(markdown(), encoding="utf-8")
            return
        self.stdout.write(FORMATS[options["format"]](), ending="")


def _state(state: State) -> dict[str, Any]:
    return {
        "name": state.name,
        "label": state.label,
        "stage": state.stage,
        "initial": state.initial,
        "final": state.final,
        "outcome": state.outcome,
        "open_to": [str(kind) for kind in state.open_to],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "label": step.label,
        "source": list(step.source),
        "target": step.target,
        "by": [str(step.by.kind), str(step.by.role)],
        "form": step.form,
        "guards": list(step.guards),
        "cautions": list(step.cautions),
        "requires": list(step.requires),
        "letters": [issue.kind for issue in step.letters],
        "clock": {"action": step.clock.action, "rules": list(step.clock.rules), "starts_on": step.clock.starts_on},
        "four_eyes": list(step.four_eyes),
        "tells": [str(kind) for kind in step.tells],
        "shown_to": [str(kind) for kind in step.shown_to],
        "side": step.side,
        "effects": list(step.effects),
    }


def as_json() -> str:
    """The table as JSON: ``states``, ``steps`` and ``intake``."""
    table = {
        "states": [_state(state) for state in STATES],
        "steps": [_step(step) for step in STEPS],
        "intake": _step(INTAKE),
    }
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def as_table() -> str:
    """Plain columns for a terminal."""
    rows = [("STEP", "FROM", "TO", "BY", "LETTERS")]
    rows += [
        (step.name, ",".join(step.source) or "-", step.target, str(step.by), ",".join(i.kind for i in step.letters))
        for step in all_steps()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip()
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def mermaid() -> str:
    """A state diagram, one box per stage."""
    lines = ["stateDiagram-v2", "  direction LR"]
    for stage, label in STAGES.items():
        lines.append(f'  state "{stage} {label.format(reviewer="reviewer")}" as stage{stage} {{')
        lines += [f"    {state.name}" for state in STATES if state.stage == stage]
        lines.append("  }")
    lines.append(f"  [*] --> {INTAKE.target}: {INTAKE.name}")
    for step in STEPS:
        lines += [f"  {source} --> {step.lands_in(source)}: {step.name}" for source in step.source]
    lines += [f"  {state.name} --> [*]" for state in STATES if state.final]
    return "\n".join(lines) + "\n"


def _clock(step: Step) -> str:
    return " ".join([step.clock.action, ", ".join(step.clock.rules)]).strip()


LEAD = """\
Generated from `cases/workflow.py` and the guards' docstrings by `manage.py workflow --write`; a test fails
when it is stale. Change the table, not this page.
"""
BELOW_STEPS = """
A *side* step is possible but is not what the case waits for. Cautions (in italics) are said and recorded but
do not block.
"""


def markdown() -> str:
    """The page of the docs: diagram, states, steps, guards with their reasons in law."""
    parts = [
        "# Workflow\n",
        LEAD,
        "## Diagram\n",
        f"```mermaid\n{mermaid()}```\n",
        "## States\n",
        "| state | label | stage | seen by | final |\n|---|---|---|---|---|",
        *(
            f"| `{s.name}` | {s.label} | {s.stage} | {', '.join(s.open_to)} | {s.outcome if s.final else ''} |"
            for s in STATES
        ),
        "\nAuditors see every case of their region in every state.\n",
        "## Steps\n",
        "| step | from → to | by | guards | letters | clock | four eyes |\n|---|---|---|---|---|---|---|",
        *(_step_line(step) for step in all_steps()),
        BELOW_STEPS,
        "## Guards\n",
        "| guard | what it holds |\n|---|---|",
        *(_guard_line(name) for name in _guards_used()),
        "\n## Letters taken out of force\n",
        "Its number stays, void. A letter that a step takes out of force is not withdrawn by hand.\n",
        "| by | letter | in its place |\n|---|---|---|",
        *(f"| step `{step.name}` | {void.kind} | {void.successor or '–'} |" for step in STEPS for void in step.voids),
        "\n| act on a letter | by |\n|---|---|",
        *(f"| `{act.name}` | {', '.join(f'`{desk}`' for desk in act.by)} |" for act in LETTER_ACTS),
        "\n## Desks\n",
        "| desk | in words |\n|---|---|",
        *(f"| `{desk}` | {label} |" for desk, label in DESK_LABELS.items()),
    ]
    return "\n".join(parts) + "\n"


def _guards_used() -> list[str]:
    return list(dict.fromkeys(name for step in STEPS for name in (*step.guards, *step.cautions)))


def _guard_line(name: str) -> str:
    text = " ".join((GUARDS[name].check.__doc__ or "").split())
    return f"| `{name}` | {text} |"


def _step_line(step: Step) -> str:
    target = "same" if step.target == SAME else f"`{step.target}`"
    source = ", ".join(f"`{name}`" for name in step.source) or "–"
    guards = ", ".join([*(f"`{n}`" for n in step.guards), *(f"*{n}*" for n in step.cautions)])
    side = " (side)" if step.side else ""
    letters = ", ".join(issue.kind for issue in step.letters)
    eyes = ", ".join(step.four_eyes)
    return (
        f"| `{step.name}`{side} | {source} → {target} | `{step.by}` | {guards} | {letters} | {_clock(step)} | {eyes} |"
    )


FORMATS = {"table": as_table, "mermaid": mermaid, "json": as_json, "markdown": markdown}
