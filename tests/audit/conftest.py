"""A history of its own for every test: nothing outside the database is shared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def outside_folder(settings: Any, tmp_path: Path) -> Path:
    settings.HISTORY_DIR = tmp_path / "history"
    settings.HISTORY_KEY_FILE = str(tmp_path / "keys" / "history.pem")
    return tmp_path / "history"
