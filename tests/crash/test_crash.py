"""A short crash campaign on the session's kind of engine; ``make crash`` runs the long one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.crash.processes import ROOT

KILLS, STEPS = 7, 40
MUST_BE_NONE = (
    "acknowledged steps lost",
    "half states",
    "letters lost or doubled",
    "letters without their bytes",
    "numbers missing or double",
    "mails lost",
    "mails doubled",
)


def test_kill_9_loses_and_doubles_nothing() -> None:
    engine = os.environ["PORTAL_TEST_ENGINE"]
    command = [sys.executable, "-m", "tests.crash.campaign", "--json", "--engine", engine, "--seed", "7"]
    size = ["--kills", str(KILLS), "--steps", str(STEPS), "--cases", "4", "--gap", "1.5", "--most", "240"]
    run = subprocess.run([*command, *size], cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
    assert run.stdout, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    print(json.dumps(found, indent=2))
    assert {name: found[name] for name in MUST_BE_NONE} == dict.fromkeys(MUST_BE_NONE, 0)
    assert found["kills in all"] >= KILLS
    assert found["steps acknowledged"] >= STEPS
    assert run.returncode == 0, run.stderr[-3000:]
