"""A short crash campaign on the session's engine; `make crash` runs the long one, `test_controls` its controls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.crash.processes import ROOT

KILLS, STEPS = 5, 20
#: ``make crash`` holds the portal to 30 s on a machine of its own. Here, beside other tests on a busy one, where a new
#: worker alone may take half a minute to start, the time is printed and only a standstill fails.
RECOVERED = 180
MUST_BE_NONE = (
    "acknowledged steps lost",
    "half states",
    "letters lost or doubled",
    "letters without their bytes",
    "numbers missing or double",
    "mails lost",
    "mails doubled",
    f"not finished within {RECOVERED} s of the worker's death",
)


def campaign(*arguments: str) -> tuple[dict[str, Any], int]:
    command = [sys.executable, "-m", "tests.crash.campaign", "--json", "--seed", "7", "--most", "240", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=700, check=False)
    assert run.stdout, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    print(json.dumps(found, indent=2))
    return found, run.returncode


def test_kill_9_loses_and_doubles_nothing() -> None:
    found, code = campaign(
        *("--engine", os.environ["PORTAL_TEST_ENGINE"], "--kills", str(KILLS), "--steps", str(STEPS), "--gap", "1.5"),
        *("--cases", "2", "--writers", "2", "--pause", "0.4", "--recovered", str(RECOVERED)),
    )
    assert {name: found[name] for name in MUST_BE_NONE} == dict.fromkeys(MUST_BE_NONE, 0)
    assert found["kills in all"] >= KILLS
    assert found["steps acknowledged"] >= STEPS
    assert code == 0
