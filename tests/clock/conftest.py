"""A case told up to a step, and a clock that can be set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from cases.models import Case
from tests.fixtures_world import Loaded
from tests.play import play

WIB = ZoneInfo("Asia/Jakarta")
NIP = "199203112016012901"

STEPS: tuple[dict[str, Any], ...] = (
    {"on": "2024-10-04 09:00", "by": "yuni", "step": "register",
     "data": {"violation": "B6", "target_status": "CANDIDATE"}},
    {"on": "2024-10-04 10:00", "by": "yuni", "step": "invite",
     "data": {"people": [{"role": "REPORTED"}], "scheduled_on": "2024-10-05", "place": "Ruang klarifikasi"}},
    {"on": "2024-10-05 10:00", "by": "yuni", "step": "record_clarification",
     "data": {"person_role": "REPORTED", "place": "Ruang klarifikasi", "oath": "TAKEN",
              "statement": "Saya menyukai unggahan itu."}},
    {"on": "2024-10-06 09:00", "by": "yuni", "step": "conclude_clarification"},
    {"on": "2024-10-06 10:00", "by": "yuni", "step": "propose",
     "data": {"facts": "Suka diberikan.", "element_subject": "PNS.", "element_act": "Menyukai.",
              "element_target": "Calon.", "analysis": "Terbukti.", "conclusion": "Diteruskan.",
              "proposed_outcome": "FORWARD"}},
    {"on": "2024-10-07 10:00", "by": "hendra", "step": "forward",
     "data": {"plenary_number": "009/BA-PLENO/K.JI-99/10/2024"}},
    {"on": "2024-10-08 09:00", "by": "rina", "step": "accept"},
    {"on": "2024-10-10 09:00", "by": "rina", "step": "propose_review",
     "data": {"analysis": "Terbukti.", "finding": "DISCIPLINE", "level": "MODERATE"}},
    {"on": "2024-10-14 09:00", "by": "pramono", "step": "recommend_sanction",
     "data": {"considerations": "Disarankan hukuman sedang."}},
)  # fmt: skip


def tell(upto: str = "") -> Case:
    """The press case of 2 October 2024 up to and with the step ``upto`` (empty: only received)."""
    names = [step["step"] for step in STEPS]
    count = names.index(upto) + 1 if upto else 0
    return play(
        {
            "title": "Sebuah suka",
            "report": {
                "by": "yuni",
                "on": "2024-10-02 09:00",
                "origin": "FINDING",
                "election": "pilkada-2024",
                "incident": "Menyukai unggahan calon",
                "place": "Instagram",
                "occurred_on": "2024-10-01",
                "known_on": "2024-10-02",
                "chronology": "Akun terlapor menyukai unggahan calon.",
                "reported": [{"nip": NIP}],
                "evidence": [{"title": "Tangkapan layar", "picture": "Disukai"}],
            },
            "steps": list(STEPS[:count]),
        }
    ).case


@pytest.fixture
def told(world: Loaded) -> Callable[[str], Case]:
    """``told("forward")``: the case after that step."""
    return tell


class Wall:
    """A clock on the wall: ``wall.at("2024-10-05 09:00")`` sets the machine's time, in WIB unless told."""

    def __init__(self) -> None:
        self._traveller: Any = None

    def at(self, text: str, zone: ZoneInfo = WIB) -> dt.datetime:
        """Set the time; it stands still."""
        self.stop()
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=zone)
        self._traveller = time_machine.travel(moment, tick=False)
        self._traveller.start()
        return moment

    def stop(self) -> None:
        """Back to the machine's own time."""
        if self._traveller is not None:
            self._traveller.stop()
            self._traveller = None


@pytest.fixture
def wall() -> Iterator[Wall]:
    """A clock that can be set."""
    clock = Wall()
    yield clock
    clock.stop()
