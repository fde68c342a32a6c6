"""Playing cases in tests: the scenario engine with a short handle.

``play("scenarios/pers-like-sebelum-penetapan.yaml")`` or ``play({...})`` (the same keys as a file; ``include`` is
looked for in ``scenarios/``; dates may be real dates). Needs the ``world`` fixture, which loads reference data,
institutions, officers and employees in some 40 ms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cases.scenario.player import Performance, perform
from cases.scenario.schema import read_file, read_text

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"


def play(source: str | Path | Mapping[str, Any]) -> Performance:
    """Play one scenario (the first of a file); result: ``.cases``, ``.case``, ``.officers[id]``, ``.lines``."""
    return play_all(source)[0]


def play_all(source: str | Path | Mapping[str, Any]) -> list[Performance]:
    """Play every scenario of a file, or one given as a mapping."""
    if isinstance(source, Mapping):
        told = {"title": "test", "include": "_base.yaml", **source}
        return perform(read_text(yaml.safe_dump(_plain(told), sort_keys=False), file="<test>", folder=SCENARIOS))
    path = Path(source)
    return perform(read_file(path if path.is_absolute() else ROOT / path))


def _plain(value: Any) -> Any:
    """Dates and times as a file writes them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value
