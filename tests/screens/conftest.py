"""Cases at the places the pages must show, played through the real steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from cases.models import Case, Election
from cases.services.intake import take_in
from tests.fixtures_world import Loaded
from tests.play import play
from tests.screens.browser import on

Told = Callable[..., Case]

REPORT = {
    "by": "yuni", "on": "2024-11-01 09:00", "origin": "REPORT", "election": "pilkada-2024", "channel": "COUNTER",
    "incident": "Mengunggah ajakan memilih", "place": "Facebook", "occurred_on": "2024-10-30",
    "known_on": "2024-10-31", "chronology": "Terlapor mengunggah ajakan.",
    "reported": [{"nip": "197406121999031903"}],
    "reporter": {"name": "Sukarti Melati", "address": "Jalan Rahasia 7"},
    "witnesses": [{"name": "Paiman Saksi"}],
    "evidence": [{"title": "Tangkapan layar", "picture": "Ajakan"}],
}  # fmt: skip
STEPS: list[dict[str, Any]] = [
    {
        "on": "2024-11-04 09:00", "by": "yuni", "step": "register",
        "data": {"violation": "B6", "target_status": "CANDIDATE"},
    },
    {"on": "2024-11-04 10:00", "by": "yuni", "step": "waive_clarification", "data": {"reason": "Bukti sudah cukup."}},
    {
        "on": "2024-11-07 09:00", "by": "yuni", "step": "propose",
        "data": {
            "facts": "Unggahan ada.", "element_subject": "PNS.", "element_act": "Mengunggah.",
            "element_target": "Calon.", "analysis": "Memenuhi unsur.", "conclusion": "Terbukti.",
            "proposed_outcome": "FORWARD",
        },
    },
    {"on": "2024-11-08 09:00", "by": "hendra", "step": "forward", "data": {"plenary_number": "12/BA/2024"}},
    {"on": "2024-11-11 09:00", "by": "rina", "step": "accept"},
    {"on": "2024-11-11 10:00", "by": "rina", "step": "request_supplement", "data": {"missing_items": "Layar utuh"}},
    {"on": "2024-11-12 09:00", "by": "yuni", "step": "supply", "data": {"added": "Layar utuh"}},
]  # fmt: skip


@pytest.fixture
def told(world: Loaded) -> Told:
    """Plays the story up to and including a step; ``None`` stops at intake."""

    def up_to(step: str | None) -> Case:
        names = [entry["step"] for entry in STEPS]
        steps = STEPS[: names.index(step) + 1] if step else []
        return play({"report": REPORT, **({"steps": steps} if steps else {})}).case

    return up_to


@pytest.fixture
def many(world: Loaded) -> Callable[[int], None]:
    """Opens so many cases on the supervisor's desk, twenty a report."""

    def opened(count: int) -> None:
        election = Election.objects.get(code="pilkada-2024")
        with on("2024-11-01"):
            for start in range(0, count, 20):
                take_in(
                    actor=world.officer("yuni"), origin="FINDING", channel="PATROL", election=election,
                    incident="Hadir", place="Lapangan",
                    occurred_on=dt.date(2024, 10, 30), known_on=dt.date(2024, 10, 31),
                    chronology="Hadir di kampanye.",
                    reported=[{"name": f"Pegawai {n:03d}"} for n in range(start, min(start + 20, count))],
                )  # fmt: skip

    return opened
