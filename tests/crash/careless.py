"""The portal's background work with one defence taken away: the campaign must notice, else it proves nothing.

``celery --app tests.crash.careless`` with CARELESS=sweeper: nobody looks for what was left; a message is all there is.
"""

from __future__ import annotations

import os

from celery.signals import worker_ready

from portal import celery as portal_celery
from portal.celery import app

SWEEPS = ("sweep-letters", "sweep-mail")

if os.environ.get("CARELESS") == "sweeper":
    app.conf.beat_schedule = {name: entry for name, entry in app.conf.beat_schedule.items() if name not in SWEEPS}
    worker_ready.disconnect(portal_celery._pick_up_what_was_left)

__all__ = ["app"]
