"""The daily work against a clock that is set: each reminder exactly once, on its day, by the right wall clock."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from accounts.models import Institution
from cases.catalogue.models import DeadlineRule
from cases.models import Case, Mail, Notice, Reminder
from cases.querysets import CaseQuerySet
from cases.reckoning import Terms, reckon
from cases.selectors.due_list import due_list
from cases.services import daily, deadlines
from cases.workdays import load_calendar
from tests.clock.conftest import WIB, Wall
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db

Told = Callable[[str], Case]
WITA, WIT = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")


def given(case: Case) -> list[tuple[str, str]]:
    rows = Reminder.objects.filter(deadline__case=case).order_by("pk")
    return [(row.kind, row.given_at.astimezone(WIB).strftime("%m-%d")) for row in rows]


def test_each_reminder_on_its_day_and_once(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")  # 7 calendar days from 7 October: due on the 14th
    Notice.objects.all().delete()
    for day in range(8, 22):
        for hour in ("00:05", "08:00", "08:00", "23:55"):
            wall.at(f"2024-10-{day:02} {hour}")
            daily.remind()
    assert given(case) == [
        ("half_time", "10-10"),
        ("three_days", "10-11"),
        ("one_day", "10-13"),
        ("due_day", "10-14"),
        ("overdue", "10-15"),
        ("overdue_elsewhere", "10-17"),
    ]
    told_to = Counter((n.kind, n.officer.name.split()[0].strip(",.")) for n in Notice.objects.select_related("officer"))
    assert set(told_to.values()) == {1}
    assert {name for kind, name in told_to if kind == "due_day"} == {"Rina", "Ardiansyah"}
    late = {name for kind, name in told_to if kind == "overdue"}
    assert late == {"Rina", "Ardiansyah", "Drs", "Maya"}, "the holders and their signatories"
    elsewhere = {name for kind, name in told_to if kind == "overdue_elsewhere"}
    assert elsewhere == {"Hendra", "Laras", "Sekar"}, "who may see the case: the supervisor's signatories, the auditor"


def test_a_late_employer_is_told_to_the_reviewer_who_may_escalate(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("recommend_sanction")  # due on Monday 28 October
    wall.at("2024-11-01 08:00")
    daily.remind()
    names = {
        n.officer.name.split()[0].strip(",.")
        for n in Notice.objects.filter(case=case, kind="overdue_elsewhere").select_related("officer")
    }
    assert names == {"Drs", "Maya", "Sekar"}
    notice = Notice.objects.filter(kind="overdue_elsewhere").first()
    assert notice is not None
    assert notice.facts["institution"] == world.institutions["bkpsdm-kota-blitar"].short_name


def test_an_early_case_that_is_late_is_told_to_nobody_outside_but_the_auditor(told: Told, wall: Wall) -> None:
    case = told("register")
    wall.at("2024-10-20 08:00")
    daily.remind()
    rows = Notice.objects.filter(case=case, kind="overdue_elsewhere").select_related("officer")
    assert {row.officer.role for row in rows} == {"AUDITOR"}


def test_beat_down_for_72_hours_then_up_misses_and_doubles_nothing(told: Told, wall: Wall) -> None:
    case = told("accept")
    wall.at("2024-10-10 08:00")
    daily.run()
    wall.at("2024-10-13 08:00")
    daily.run()
    daily.run()
    assert [name for name, _day in given(case)] == ["half_time", "three_days", "one_day"]
    counts = Counter((n.kind, n.officer_id) for n in Notice.objects.filter(case=case, kind__in=["three_days"]))
    assert set(counts.values()) == {1}
    new = Notice.objects.filter(case=case, read_at=None, kind__in=daily.URGENCY)
    assert {notice.kind for notice in new} == {"one_day"}, "the most urgent stays under the bell"


@pytest.mark.parametrize(("zone", "name"), [(WIB, "Asia/Jakarta"), (WITA, "Asia/Makassar"), (WIT, "Asia/Jayapura")])
def test_a_deadline_ends_with_the_day_on_the_wall_of_its_institution(
    told: Told, world: Loaded, wall: Wall, zone: ZoneInfo, name: str
) -> None:
    case = told("accept")
    Institution.objects.filter(code="bkn-kanreg-2").update(timezone=name)
    wall.at("2024-10-14 23:59:59", zone)
    daily.remind()
    assert "overdue" not in [kind for kind, _day in given(case)]
    wall.at("2024-10-15 00:00:00", zone)
    daily.remind()
    assert "overdue" in [kind for kind, _day in given(case)]


def test_one_second_decides_about_an_extension(told: Told, world: Loaded, wall: Wall) -> None:
    from cases.services.errors import OutOfOrder

    case = told("register")  # due on 7 October
    hendra = world.officer("hendra")
    wall.at("2024-10-08 00:00:00")
    with pytest.raises(OutOfOrder):
        deadlines.extend(case=case, actor=hendra, seen=case.seen_token, reason="x")
    wall.at("2024-10-07 23:59:59")
    deadlines.extend(case=case, actor=hendra, seen=case.seen_token, reason="x")


def test_leap_day_and_year_end(world: Loaded) -> None:
    def due(code: str, start: str, **kwargs: str) -> dt.date:
        on = dt.date.fromisoformat(start)
        rule = DeadlineRule.objects.in_force(on).get(code=code, **kwargs)
        return reckon(Terms.of(rule), on, load_calendar("35.72")).due_on

    assert due("reviewer_review", "2024-02-22") == dt.date(2024, 2, 29)
    assert due("reviewer_review", "2024-02-23") == dt.date(2024, 3, 1)
    assert due("reviewer_review", "2023-02-22") == dt.date(2023, 3, 1)
    # 25 and 26 December and 1 January are off.
    assert due("decree_delivery", "2024-12-20") == dt.date(2025, 1, 14)
    assert due("handling", "2024-12-30", regime="PILKADA") == dt.date(2025, 1, 2)


def test_a_deadline_that_moved_reminds_again_and_a_pause_is_silent(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")
    rina = world.officer("rina")
    wall.at("2024-10-11 08:00")
    daily.remind()
    deadlines.pause(case=case, actor=rina, seen=case.seen_token, reason="Sistem mati")
    for day in range(12, 18):
        wall.at(f"2024-10-{day} 08:00")
        daily.remind()
    assert [name for name, _day in given(case)] == ["half_time", "three_days"]
    deadlines.resume(case=case, actor=rina, seen=case.seen_token)  # three days left: the 20th
    for day in range(17, 21):
        wall.at(f"2024-10-{day} 08:00")
        daily.remind()
    assert given(case)[2:] == [("one_day", "10-19"), ("due_day", "10-20")]


def test_a_step_ends_the_reminders_of_its_deadline(told: Told, wall: Wall) -> None:
    case = told("recommend_sanction")
    wall.at("2024-10-14 09:30")
    daily.remind()
    assert given(case) == []
    assert not Notice.objects.filter(case=case, kind="overdue").exists()


def test_the_handler_alone_is_reminded(told: Told, world: Loaded, wall: Wall) -> None:
    from cases.models import Assignment

    case = told("accept")
    ardi = world.officer("ardi")
    Assignment.objects.create(
        case=case, institution=ardi.institution, officer=ardi, from_on=dt.date(2024, 10, 8), reason=""
    )
    Notice.objects.all().delete()
    wall.at("2024-10-11 08:00")
    daily.remind()
    assert {n.officer_id for n in Notice.objects.filter(kind="three_days")} == {ardi.pk}


def test_tick_for_any_date_again_and_again(told: Told, wall: Wall, capsys: pytest.CaptureFixture[str]) -> None:
    case = told("accept")
    wall.at("2024-10-08 08:00")
    for _ in range(2):
        call_command("tick", "--on", "2024-10-14", "--json")
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first["reminders"] == 4
    assert second == {"reminders": 0, "recomputed": 0, "digests": 0, "drafts": 0}
    before = (Notice.objects.count(), Mail.objects.count(), Reminder.objects.count())
    call_command("tick", "--on", "2024-10-14")
    call_command("tick", "--on", "2024-10-13")
    assert (Notice.objects.count(), Mail.objects.count(), Reminder.objects.count()) == before
    assert {kind for kind, _day in given(case)} == {"half_time", "three_days", "one_day", "due_day"}


def test_deadlines_lists_what_falls_due(told: Told, wall: Wall, capsys: pytest.CaptureFixture[str]) -> None:
    case = told("accept")
    on = dt.date(2024, 10, 14)
    assert [row.case for row in due_list(dt.date(2024, 10, 13))] == []
    assert [(row.status, row.left) for row in due_list(on)] == [("due", 0)]
    assert [(row.status, row.left) for row in due_list(on + dt.timedelta(days=2))] == [("late", -2)]
    assert [(row.status, row.left) for row in due_list(dt.date(2024, 10, 12), within=2)] == [("running", 2)]
    call_command("deadlines", "--on", "2024-10-14", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["deadlines"][0]["case"] == case.number
    assert case.subject_name not in json.dumps(found)
    call_command("deadlines", "--on", "2024-10-16")
    assert "late" in capsys.readouterr().out
    assert isinstance(Case.objects.all(), CaseQuerySet)
