"""The page that keeps the days off: what a change would move, its decree, the difference before the update."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from cases.models import Case, Deadline, DeadlineRule, Event, Holiday
from cases.services import deadlines, holidays
from cases.services.clockwork import settle
from cases.services.errors import WrongDesk
from cases.workdays import load_calendar
from tests.clock.conftest import Wall, tell
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db
REGION = "35.72"


def counting_working_days(start: str) -> Case:
    """A case whose deadline counts working days from a day."""
    case = tell("recommend_sanction")
    row = Deadline.objects.get(case=case, ended_on=None)
    on = dt.date.fromisoformat(start)
    row.rule = DeadlineRule.objects.in_force(on).get(code="decree_delivery")
    row.computation, row.started_on = {}, on
    settle(row, calendar=load_calendar(REGION), region=REGION, on=on)
    Case.objects.filter(pk=case.pk).update(due_on=row.due_on)
    return Case.objects.get(pk=case.pk)


def test_add_look_first_then_withdraw(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    case = counting_working_days("2024-10-15")
    wall.at("2024-10-21 08:00")
    client = sit("admin")
    asked = {
        "date": "2024-10-25", "name": "Hari jadi kota", "kind": "LOCAL", "region": REGION, "decree": "SK 1/2024",
    }  # fmt: skip
    looked = client.post("/holidays/add/", {**asked, "do": "look"})
    assert looked.status_code == 200
    assert "1 tenggat berjalan akan bergeser" in looked.content.decode()
    assert not Holiday.objects.filter(date="2024-10-25").exists(), "looking changes nothing"
    assert client.post("/holidays/add/", {**asked, "decree": " "}).status_code == 422
    added = client.post("/holidays/add/", asked, follow=True).content.decode()
    assert "1 tenggat dihitung ulang" in added
    assert "SK 1/2024" in added
    moved = Case.objects.get(pk=case.pk)
    assert case.due_on is not None
    assert moved.due_on == load_calendar(REGION).next_working_day(case.due_on + dt.timedelta(days=1))
    again = client.post("/holidays/add/", asked)
    assert again.status_code == 422, "a second click is explained"
    row = Holiday.objects.get(date="2024-10-25")
    page = client.get(f"/holidays/?withdraw={row.pk}").content.decode()
    assert "1 tenggat berjalan akan bergeser" in page
    assert client.post("/holidays/withdraw/", {"holiday": row.pk, "decree": ""}).status_code == 422
    assert client.post("/holidays/withdraw/", {"holiday": row.pk, "decree": "SK 2/2024"}).status_code == 302
    assert Case.objects.get(pk=case.pk).due_on == case.due_on
    assert client.post("/holidays/withdraw/", {"holiday": row.pk, "decree": "SK 2/2024"}).status_code == 404
    assert [event.name for event in Event.objects.filter(stream=holidays.STREAM).order_by("seq")] == [
        "holiday_added", "holiday_withdrawn",
    ]  # fmt: skip


def test_what_another_place_decides_moves_nothing_here(world: Loaded, wall: Wall) -> None:
    counting_working_days("2024-10-15")
    friday = dt.date(2024, 10, 25)
    assert holidays.would_change(date=friday, region=REGION, off=True) == 1
    assert holidays.would_change(date=friday, region="35", off=True) == 1, "the province of the city"
    assert holidays.would_change(date=friday, region="", off=True) == 1
    for elsewhere in ("35.7", "35.05", "36"):
        assert holidays.would_change(date=friday, region=elsewhere, off=True) == 0
    Holiday.objects.create(date=friday, name="Nasional", kind="PUBLIC", source="SK")
    deadlines.recompute_open()
    Holiday.objects.create(date=friday, name="Lokal", kind="LOCAL", region=REGION, source="SK")
    assert holidays.would_change(date=friday, region=REGION, off=False) == 0, "the nation's day stays"
    Holiday.objects.filter(region="").filter(date=friday).delete()
    assert holidays.would_change(date=friday, region=REGION, off=False) == 1


def test_the_difference_is_shown_before_it_is_taken_over(world: Loaded, sit: Callable[[str], Client]) -> None:
    Holiday.objects.create(date="2025-07-15", name="Dugaan", kind="JOINT", source="python holidays 0.1")
    client = sit("admin")
    assert "<del>Dugaan</del>" in client.get("/holidays/?year=2025").content.decode()
    assert Holiday.objects.filter(name="Dugaan").exists()
    taken = client.post("/holidays/update/", {"year": "2025"}, follow=True).content.decode()
    assert "<del>" not in taken
    assert not Holiday.objects.filter(name="Dugaan").exists()


def test_estimates_are_marked_and_a_confirmed_day_loses_its_mark_without_an_event(world: Loaded, wall: Wall) -> None:
    friday = dt.date(2024, 10, 25)
    Holiday.objects.create(date=friday, name="Perkiraan saja", kind="PUBLIC", source="x", estimated=True)
    case = counting_working_days("2024-10-15")
    wall.at("2024-10-21 08:00")
    from cases.selectors import clock

    def told() -> tuple[str, list[str]]:
        row = Deadline.objects.get(case=case, ended_on=None)
        whys = " ".join(why["text"] for why in clock.whys(row, "id"))
        cells = [cell["note"] for cell in clock.strip(row, dt.date(2024, 10, 21)) if cell["day"] == 25]
        return whys, cells

    from django.utils.translation import override

    with override("id"):
        whys, cells = told()
        assert "Perkiraan saja, perkiraan)" in whys
        assert cells == ["perkiraan"]
        Holiday.objects.filter(date=friday).update(estimated=False)
        assert deadlines.recompute_open() == [], "the date stands: nobody is told"
        whys, cells = told()
        assert "Perkiraan saja)" in whys
        assert cells == ["libur"]


def test_a_recomputation_that_changes_nothing_locks_nothing(
    world: Loaded, wall: Wall, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(3):
        counting_working_days("2024-10-15")
    with django_assert_max_num_queries(5):  # type: ignore[attr-defined]
        assert deadlines.recompute_open() == []


def test_only_the_administrator_keeps_the_days(world: Loaded, sit: Callable[[str], Client]) -> None:
    page = sit("admin").get("/holidays/?year=2028").content.decode()
    assert "perkiraan" in page
    for junk in ("?year=abc", "?year=9999", "?withdraw=x", "?withdraw=999999999999999999999"):
        assert sit("admin").get(f"/holidays/{junk}").status_code == 200
    assert sit("admin").post("/holidays/withdraw/", {"holiday": "x"}).status_code == 404
    for name in ("rina", "sekar", "hendra"):
        assert sit(name).get("/holidays/").status_code == 404
        assert sit(name).post("/holidays/update/").status_code == 404
    with pytest.raises(WrongDesk):
        holidays.update_from_source(actor=world.officer("hendra"), years=[2025])
