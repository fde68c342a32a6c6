"""The measurement of the writers' queue runs, small, and says what it promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.environ.get("PORTAL_TEST_ENGINE") != "sqlite", reason="measures SQLite")
def test_bench_writers_takes_real_steps_on_both_backends(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environ |= {"PROFILE": "test", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", "writers", "--json", "--scale", "0.02"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) == {"ratios", "goals"}
    assert {"p99_ms", "p99_vs_stock", "max_vs_stock", "alone_ms", "locked"} <= set(told["ratios"])
    assert told["goals"]["locked"]["met"], "nobody was turned away"
