"""Letters of small travels, played through the real services; one file a travel in ``scenarios``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cases.models import Letter
from cases.scenario.player import perform
from cases.scenario.schema import read_text
from tests.play import SCENARIOS

HERE = Path(__file__).parent
TRAVELS = sorted(path.stem for path in (HERE / "scenarios").glob("*.yaml"))
GOLDEN = HERE / "golden"


@pytest.fixture
def letters_of(world: object) -> Callable[[str], list[Letter]]:
    """Plays a travel and returns its letters in the order issued."""

    def played(travel: str) -> list[Letter]:
        file = HERE / "scenarios" / f"{travel}.yaml"
        # Read with the demo's folder at hand, for the world they share.
        told = read_text(file.read_text(encoding="utf-8"), file=str(file), folder=SCENARIOS)
        (performance,) = perform(told)
        rows = Letter.objects.filter(case__in=performance.case_ids).select_related("event", "case", "institution")
        return list(rows.order_by("case__number", "event__seq", "position"))

    return played
