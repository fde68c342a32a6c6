"""A real worker with threads whose task hangs ends itself; the message's work is not lost with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.watchdog import ENDED_ITSELF
from tests.crash.processes import ROOT

SEND = "from tests.crash.careless import hang; hang.apply_async(queue='exchange')"


@pytest.mark.once  # threads are the same on every engine
def test_a_worker_whose_task_hangs_ends_itself(tmp_path: Path) -> None:
    environ = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    environ |= {"PROFILE": "demo", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    (tmp_path / "broker" / "queue").mkdir(parents=True)
    (tmp_path / "broker" / "control").mkdir(parents=True)
    subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=environ, check=True, timeout=120)
    worker = [
        *(sys.executable, "-m", "celery", "--app", "tests.crash.careless", "worker", "--pool", "threads"),
        *("--concurrency", "1", "--queues", "exchange", "--loglevel", "CRITICAL"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    ended = subprocess.run(worker, cwd=ROOT, env=environ, capture_output=True, timeout=180, check=False)
    assert ended.returncode == ENDED_ITSELF, ended.stderr[-2000:]
