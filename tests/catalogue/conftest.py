"""The real reference data, loaded once a test."""

from __future__ import annotations

import pytest

from cases.catalogue.loader import Outcome, load_all


@pytest.fixture
def reference(db: None) -> list[Outcome]:
    """Load the shipped files into the test database."""
    return load_all()
