"""Deadlines as steps start, pause, resume and stop them, through real cases."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.models import Case, Deadline
from tests.fixtures_world import Loaded
from tests.play import play
from tests.services.test_move import REGISTER, report

pytestmark = pytest.mark.django_db

ASSESSMENT = {
    "facts": "f",
    "element_subject": "s",
    "element_act": "a",
    "element_target": "t",
    "analysis": "a",
    "conclusion": "c",
    "proposed_outcome": "FORWARD",
}
FORWARDED = [
    REGISTER,
    {"on": "2024-10-15 11:00", "by": "yuni", "step": "waive_clarification", "data": {"reason": "r"}},
    {"on": "2024-10-16", "by": "yuni", "step": "propose", "data": ASSESSMENT},
    {
        "on": "2024-10-17",
        "by": "hendra",
        "step": "forward",
        "data": {"reviewer": "bkn-kanreg-2", "plenary_number": "1", "plenary_on": "2024-10-17"},
    },
]
ACCEPT = {"on": "2024-10-18", "by": "rina", "step": "accept"}


def running(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, ended_on=None)


def case_after(*steps: dict[str, object]) -> Case:
    return Case.objects.get(pk=play({"report": report(), "steps": [*FORWARDED, *steps]}).case.pk)


def test_each_start_ends_the_one_before(world: Loaded) -> None:
    case = case_after()
    codes = list(case.deadlines.values_list("rule__code", "ended_on"))
    assert codes == [
        ("initial_review", dt.date(2024, 10, 15)),
        ("handling", dt.date(2024, 10, 17)),
        ("reviewer_review", None),
    ]


def test_a_pause_keeps_the_days_left(world: Loaded) -> None:
    before = running(case_after(ACCEPT))
    asked = {"on": "2024-10-21", "by": "rina", "step": "request_supplement", "data": {"missing_items": "m"}}
    case = case_after(ACCEPT, asked)
    left = running(case).remaining
    assert case.clock_paused
    assert left == (before.due_on - dt.date(2024, 10, 21)).days
    supplied = {"on": "2024-10-28", "by": "yuni", "step": "supply", "data": {"added": "x"}}
    case = case_after(ACCEPT, asked, supplied)
    deadline = running(case)
    assert not case.clock_paused
    assert deadline.due_on == dt.date(2024, 10, 28) + dt.timedelta(days=left or 0)
    assert [(p.from_on, p.to_on) for p in deadline.pauses.all()] == [(dt.date(2024, 10, 21), dt.date(2024, 10, 28))]


def test_a_pause_of_no_day_changes_nothing(world: Loaded) -> None:
    plain = running(case_after(ACCEPT))
    asked = {"on": "2024-10-21 09:00", "by": "rina", "step": "request_supplement", "data": {"missing_items": "m"}}
    supplied = {"on": "2024-10-21 15:00", "by": "yuni", "step": "supply", "data": {"added": "x"}}
    assert running(case_after(ACCEPT, asked, supplied)).due_on == plain.due_on


def test_overdue_lists_know_pauses(world: Loaded) -> None:
    asked = {"on": "2024-10-21", "by": "rina", "step": "request_supplement", "data": {"missing_items": "m"}}
    case_after(ACCEPT)
    case_after(ACCEPT, asked)
    assert Case.objects.overdue(dt.date(2024, 12, 1)).count() == 1
