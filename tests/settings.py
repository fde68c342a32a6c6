"""The project's settings on this test session's engine."""

import os

from tests.engines import servers

servers.prepare(os.environ)

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATA_DIR, DATABASES  # noqa: E402

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, so that WAL, IMMEDIATE and the writers' queue hold in tests as they do in service.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
