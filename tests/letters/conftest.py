"""One travel a test can look at: scenarios played through the real services, their letters by kind."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Letter
from tests.play import play


@pytest.fixture
def letters_of() -> Any:
    """Plays a scenario and returns its letters, in the order issued."""

    def played(source: Any) -> list[Letter]:
        performance = play(source)
        return list(Letter.objects.filter(case__in=performance.case_ids).order_by("case", "event__seq", "position"))

    return played
