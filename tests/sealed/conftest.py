"""Sealed reporters to attack, under keys of the test's own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cases.models import Election, Report, Reporter
from cases.sealed.reporter import seal_reporter
from tests.fixtures_world import Loaded


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.REPORTER_KEY_FILE = str(tmp_path / "keys" / "reporter.keys")
    return tmp_path / "keys" / "reporter.keys"


def identity(number: int) -> dict[str, str]:
    return {
        "name": f"Pelapor Rahasia {number}", "birth": f"Blitar, {number}", "sex": "P", "occupation": f"Guru {number}",
        "citizenship": "WNI", "address": f"Gang {number}", "phone": f"0812{number:08}",
        "email": f"p{number}@example.org",
    }  # fmt: skip


def reported(world: Loaded, number: int) -> Reporter:
    """A report with its sealed reporter, without the rest of intake."""
    yuni, day = world.officer("yuni"), dt.date(2024, 10, 14)
    report = Report.objects.create(
        number=f"R-{number}", origin="REPORT", channel="COUNTER", institution=yuni.institution, received_on=day,
        election=Election.objects.get(code="pilkada-2024"), incident="x", place="x", occurred_on=day, known_on=day,
        chronology="x", recorded_by=yuni, created_at=dt.datetime(2024, 10, 14, tzinfo=dt.UTC),
    )  # fmt: skip
    return seal_reporter(report, identity(number))


@pytest.fixture
def reporters(world: Loaded) -> list[Reporter]:
    return [reported(world, number) for number in range(8)]
