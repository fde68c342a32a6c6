"""The portal's background work with a defence taken away, and a task that hangs: for the tests that must notice.

``celery --app tests.crash.careless`` with CARELESS=sweeper: nobody looks for what was left; a message is all there is.
"""

from __future__ import annotations

import os
import time

from celery.signals import worker_ready

from portal import celery as portal_celery
from portal.celery import app

SWEEPS = ("sweep-letters", "sweep-mail")

if os.environ.get("CARELESS") == "sweeper":
    app.conf.beat_schedule = {name: entry for name, entry in app.conf.beat_schedule.items() if name not in SWEEPS}
    worker_ready.disconnect(portal_celery._pick_up_what_was_left)


@app.task(name="tests.crash.hang", ignore_result=True, soft_time_limit=1, time_limit=2)
def hang() -> None:
    """Never comes back by itself."""
    time.sleep(600)


__all__ = ["app"]
