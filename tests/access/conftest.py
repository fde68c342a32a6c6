"""The oracle, and the scenes it is tried on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
import yaml

ORACLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "oracle.yaml").read_text())


def allowed(step: str, state: str, actor: str) -> bool:
    """What the oracle says."""
    rule = ORACLE["steps"][step]
    return state in rule["from"] and actor == rule["by"]


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of refusals are logged; nobody reads that here."""
    logging.disable(logging.CRITICAL)
    configured = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**configured)
    logging.disable(logging.NOTSET)
