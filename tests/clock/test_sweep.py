"""The sweep of letters: what waits longest first, what failed later and later, never two at once in one process."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest

from cases.models import Case, Letter
from cases.services import letters
from tests.clock.conftest import Wall
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of letters given to the renderer; nothing is rendered."""
    found: list[str] = []

    def note(key: str) -> Letter:
        found.append(key)
        return Letter(status=Letter.Status.PENDING)

    monkeypatch.setattr(letters, "render_letter_now", note)
    return found


def stand(told: Callable[[str], Case], moment: dt.datetime, *ages: float) -> list[str]:
    """Pending letters issued so many seconds ago; all others are ready."""
    told("forward")
    rows = list(Letter.objects.order_by("pk")[: len(ages)])
    assert len(rows) == len(ages)
    Letter.objects.update(status=Letter.Status.READY)
    for row, age in zip(rows, ages, strict=True):
        Letter.objects.filter(pk=row.pk).update(
            status=Letter.Status.PENDING, created_at=moment - dt.timedelta(seconds=age)
        )
    return [str(row.pk) for row in rows]


def test_the_longest_waiting_first_and_played_back_ones_last(
    told: Callable[[str], Case], world: Loaded, wall: Wall, rendered: list[str]
) -> None:
    played_back, young, old = stand(told, wall.at("2024-10-09 08:00"), 40 * 86400, 20, 60)
    letters.sweep()
    assert rendered == [old, young, played_back]


def test_what_is_quite_new_is_left_to_its_message_unless_the_worker_has_just_started(
    told: Callable[[str], Case], world: Loaded, wall: Wall, rendered: list[str]
) -> None:
    new, old = stand(told, wall.at("2024-10-09 08:00"), 14, 16)
    letters.sweep()
    assert rendered == [old]
    letters.sweep(older_than=dt.timedelta())
    assert rendered == [old, old, new]


def test_a_letter_that_failed_is_tried_again_later_and_later(
    told: Callable[[str], Case], world: Loaded, wall: Wall, rendered: list[str]
) -> None:
    (key,) = stand(told, wall.at("2024-10-09 08:00:00"), 0)
    tried = []
    for attempts, times in ((1, ("08:00:59", "08:01:00")), (2, ("08:03:59", "08:04:00"))):
        Letter.objects.filter(pk=key).update(attempts=attempts)
        for time in times:
            wall.at(f"2024-10-09 {time}")
            rendered.clear()
            letters.sweep(older_than=dt.timedelta())
            tried.append(bool(rendered))
    assert tried == [False, True, False, True]


def test_two_sweeps_in_one_process_do_not_render_the_same(
    told: Callable[[str], Case], world: Loaded, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(told, wall.at("2024-10-09 08:00"), 20)
    found: list[Any] = []

    def nested(_key: str) -> Letter:
        found.append("rendered")
        other = threading.Thread(target=lambda: found.append(letters.sweep()))
        other.start()
        other.join()
        return Letter(status=Letter.Status.READY)

    monkeypatch.setattr(letters, "render_letter_now", nested)
    assert letters.sweep() == 1
    assert found == ["rendered", 0]
    assert letters.sweep() == 1, "and afterwards again"
