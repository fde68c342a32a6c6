"""The measurement runs, at a thousandth of its size, and says what it promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_bench_history_ends_with_ratios_and_goals(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environ |= {"PROFILE": "test", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", "history", "--json", "--scale", "0.001", "--part", "verify"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) == {"ratios", "goals"}
    assert told["ratios"]["verify_1m_seconds"] > 0
    assert told["goals"]["memory_flat"]["met"], told
