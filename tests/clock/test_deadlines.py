"""Deadlines of real cases: how they are told, receipt, extension, pause, recomputation, and the dates of the press."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from cases.catalogue.models import DeadlineRule
from cases.models import Case, Deadline, Event, Holiday, Notice
from cases.reckoning import Terms, reckon
from cases.services import deadlines, holidays
from cases.services.clockwork import counted_days, reckon_again
from cases.services.errors import OutOfOrder, Refused, Stale, WrongDesk
from cases.services.move import move
from cases.workdays import load_calendar
from tests.clock.conftest import Wall, tell
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db

Told = Callable[[str], Case]


def running(case: Case) -> Deadline:
    return case.deadlines.get(ended_on__isnull=True)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# ---------------------------------------------------------------------- the press


def test_report_of_2_october_2024_forwarded_7_october(told: Told) -> None:
    case = told("")
    assert case.due_on == day("2024-10-04")  # initial review, 2 calendar days
    case = told("register")
    assert case.due_on == day("2024-10-07")  # handling from registration on the 4th: 3 calendar days
    assert running(case).latest_on == day("2024-10-09")
    forwarded = told("forward").events.get(name="forward")
    assert forwarded.at.astimezone().date() <= day("2024-10-07")


def test_report_of_4_october_2020_forwarded_by_13_october(world: Loaded) -> None:
    """Review 2 + completion 2 + review again 2 + handling 3: the 13th; or registered on the 8th and extended."""
    calendar = load_calendar("35.05")

    def after(code: str, start: dt.date, extended: int = 0) -> dt.date:
        rule = DeadlineRule.objects.in_force(start).get(code=code, regime="PILKADA")
        return reckon(Terms.of(rule), start, calendar, extended=extended).due_on

    reviewed = after("initial_review", day("2020-10-04"))
    completed = after("completion", reviewed)
    registered = after("initial_review", completed)
    assert (reviewed, completed, registered) == (day("2020-10-06"), day("2020-10-08"), day("2020-10-10"))
    assert after("handling", registered) == day("2020-10-13")
    assert after("handling", completed, extended=2) == day("2020-10-13")


def test_received_14_july_2026_in_force_4_august_2026(world: Loaded) -> None:
    rule = DeadlineRule.objects.in_force(day("2026-07-14")).get(code="entry_into_force")
    found = reckon(Terms.of(rule), day("2026-07-14"), load_calendar("35.72"))
    assert found.due_on == day("2026-08-04")
    assert found.days[-1].number == 15


def test_the_employers_14_days_count_from_receipt(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("recommend_sanction")
    assert case.due_on == day("2024-10-28")  # from the letter's date, until somebody confirms
    wall.at("2024-10-18 08:00")
    event = deadlines.acknowledge_receipt(
        case=case, actor=world.officer("agus"), seen=case.seen_token, received_on=day("2024-10-17")
    )
    case = again(case)
    assert case.due_on == day("2024-10-31")
    assert event.changes == {"due_on": ["2024-10-28", "2024-10-31"]}
    row = running(case)
    assert (row.started_on, row.provisional_on, row.received_on) == (
        day("2024-10-17"), day("2024-10-14"), day("2024-10-17")
    )  # fmt: skip
    assert row.computation["provisional"] == "2024-10-14"
    assert (case.state, case.moves) == ("sanction_recommended", 9), "no step was taken"
    for name in ("rina", "yuni", "agus", "sekar"):
        assert Event.objects.visible_to(world.officer(name)).filter(pk=event.pk).exists(), name


def test_receipt_is_confirmed_once_by_the_receiver_within_the_days_that_can_be(
    told: Told, world: Loaded, wall: Wall
) -> None:
    case = told("recommend_sanction")
    wall.at("2024-10-18 08:00")

    def confirm(who: str, on: str, seen: str = "") -> Any:
        return deadlines.acknowledge_receipt(
            case=case, actor=world.officer(who), seen=seen or case.seen_token, received_on=day(on)
        )

    for who in ("rina", "wahyu", "yuni"):
        with pytest.raises(WrongDesk):
            confirm(who, "2024-10-17")
    for wrong in ("2024-10-13", "2024-10-19"):
        with pytest.raises(Refused, match="14 Oktober 2024"):
            confirm("agus", wrong)
    with pytest.raises(Stale):
        confirm("agus", "2024-10-17", seen="forwarded.5")
    confirm("agus", "2024-10-17")
    with pytest.raises(OutOfOrder, match="17 Oktober 2024"):
        confirm("agus", "2024-10-18")
    assert case.events.filter(kind=Event.Kind.DEADLINE).count() == 1


def test_other_deadlines_know_no_receipt(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")
    wall.at("2024-10-09 08:00")
    with pytest.raises(OutOfOrder):
        deadlines.acknowledge_receipt(
            case=case, actor=world.officer("rina"), seen=case.seen_token, received_on=day("2024-10-08")
        )


# ---------------------------------------------------------------------- extension


def test_handling_is_extended_once_by_the_signatory_with_a_reason(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("register")
    wall.at("2024-10-07 23:59:59")
    hendra = world.officer("hendra")
    with pytest.raises(WrongDesk):
        deadlines.extend(case=case, actor=world.officer("yuni"), seen=case.seen_token, reason="Saksi sakit")
    with pytest.raises(Refused):
        deadlines.extend(case=case, actor=hendra, seen=case.seen_token, reason="  ")
    event = deadlines.extend(case=case, actor=hendra, seen=case.seen_token, reason="Saksi sakit")
    case = again(case)
    assert case.due_on == running(case).latest_on == day("2024-10-09")
    assert (event.name, event.reason) == ("extend_deadline", "Saksi sakit")
    assert running(case).computation["extension"] == {"days": 2, "on": "2024-10-07", "reason": "Saksi sakit"}
    with pytest.raises(OutOfOrder):
        deadlines.extend(case=case, actor=hendra, seen=case.seen_token, reason="Lagi")
    assert Notice.objects.filter(kind="deadline_moved", officer=world.officer("yuni")).count() == 1
    assert not Notice.objects.filter(kind="deadline_moved", officer=hendra).exists(), "not told of one's own act"


def test_an_extension_comes_before_the_deadline_has_passed(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("register")
    wall.at("2024-10-08 00:00:00")
    with pytest.raises(OutOfOrder):
        deadlines.extend(case=case, actor=world.officer("hendra"), seen=case.seen_token, reason="Terlambat")


def test_a_rule_without_extension_is_not_extended(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")
    wall.at("2024-10-09 08:00")
    with pytest.raises(OutOfOrder):
        deadlines.extend(case=case, actor=world.officer("pramono"), seen=case.seen_token, reason="Banyak berkas")


# ---------------------------------------------------------------------- pause


def test_a_pause_by_hand_only_where_the_rule_allows_it(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("register")
    wall.at("2024-10-05 08:00")
    with pytest.raises(OutOfOrder):
        deadlines.pause(case=case, actor=world.officer("yuni"), seen=case.seen_token, reason="Libur")


def test_paused_and_resumed_by_hand_the_days_left_run_on(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")
    assert case.due_on == day("2024-10-14")
    rina = world.officer("rina")
    wall.at("2024-10-09 08:00")
    with pytest.raises(WrongDesk):
        deadlines.pause(case=case, actor=world.officer("yuni"), seen=case.seen_token, reason="Sistem pusat mati")
    deadlines.pause(case=case, actor=rina, seen=case.seen_token, reason="Sistem pusat mati")
    case = again(case)
    assert case.clock_paused
    assert running(case).remaining == 5
    with pytest.raises(OutOfOrder):
        deadlines.pause(case=case, actor=rina, seen=case.seen_token, reason="Lagi")
    wall.at("2024-10-12 08:00")
    deadlines.resume(case=case, actor=rina, seen=case.seen_token)
    case = again(case)
    assert (case.due_on, case.clock_paused) == (day("2024-10-17"), False)
    kinds = {row.on: row.kind for row in counted_days(running(case).computation)}
    assert [kinds[day(f"2024-10-{n:02}")] for n in (9, 10, 11, 12, 13)] == [
        "counted", "paused", "paused", "paused", "counted"
    ]  # fmt: skip
    with pytest.raises(OutOfOrder):
        deadlines.resume(case=case, actor=rina, seen=case.seen_token)


def test_a_supplement_pauses_and_only_its_answer_resumes(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")
    rina, yuni = world.officer("rina"), world.officer("yuni")
    wall.at("2024-10-09 08:00")
    move(case=case, step="request_supplement", actor=rina, seen=case.seen_token, missing_items="Rekaman layar")
    case = again(case)
    assert case.clock_paused
    with pytest.raises(OutOfOrder):
        deadlines.resume(case=case, actor=yuni, seen=case.seen_token)
    wall.at("2024-10-12 08:00")
    move(case=case, step="supply", actor=yuni, seen=case.seen_token, added="Rekaman")
    case = again(case)
    assert (case.due_on, case.clock_paused) == (day("2024-10-17"), False)
    assert running(case).computation["pauses"] == [
        {"from": "2024-10-09", "to": "2024-10-12", "reason": "Rekaman layar"}
    ]


# ---------------------------------------------------------------------- days off


def test_a_new_day_off_recomputes_writes_events_and_tells_the_holders(told: Told, world: Loaded, wall: Wall) -> None:
    working = tell("recommend_sanction")
    wall.at("2024-10-15 08:00")
    case = _decided(working, world, wall)
    before = case.due_on
    wall.at("2024-10-21 08:00")
    changed = holidays.add_day(
        actor=world.officer("admin"), date=day("2024-10-25"), name="Hari jadi kota", decree="SK Wali Kota 1/2024",
        region="35.72",
    )  # fmt: skip
    case = again(case)
    assert [event.case_id for event in changed.events] == [case.pk]
    assert case.due_on == load_calendar("35.72").next_working_day(before + dt.timedelta(days=1))
    event = changed.events[0]
    assert "SK Wali Kota 1/2024" in event.reason
    assert event.changes["due_on"] == [before.isoformat(), case.due_on.isoformat()]
    assert event.actor == world.officer("admin")
    assert Notice.objects.filter(kind="deadline_moved", case=case, officer=world.officer("agus")).count() == 1
    assert deadlines.recompute_open() == [], "a second time nothing moves"
    back = holidays.withdraw_day(
        actor=world.officer("admin"), date=day("2024-10-25"), kind="LOCAL", region="35.72", decree="SK dicabut"
    )
    case = again(case)
    assert (case.due_on, len(back.events)) == (before, 1)


def _decided(case: Case, world: Loaded, wall: Wall) -> Case:
    """A case whose deadline counts working days: a decree waiting for its delivery, put there directly."""
    rule = DeadlineRule.objects.in_force(day("2024-10-15")).get(code="decree_delivery")
    from cases.services.clockwork import settle

    row = running(case)
    row.rule, row.computation, row.started_on = rule, {}, day("2024-10-15")
    settle(row, calendar=load_calendar("35.72"), region="35.72", on=day("2024-10-15"))
    Case.objects.filter(pk=case.pk).update(due_on=row.due_on)
    return again(case)


def test_only_the_administrator_changes_days_off_and_only_with_a_decree(world: Loaded) -> None:
    with pytest.raises(WrongDesk):
        holidays.add_day(actor=world.officer("agus"), date=day("2025-03-03"), name="X", decree="SK")
    with pytest.raises(Refused):
        holidays.add_day(actor=world.officer("admin"), date=day("2025-03-03"), name="X", decree=" ")
    with pytest.raises(Refused):
        holidays.withdraw_day(actor=world.officer("admin"), date=day("2025-03-03"), decree="SK")


def test_the_update_command_shows_the_difference_first(world: Loaded, capsys: pytest.CaptureFixture[str]) -> None:
    gone = Holiday.objects.filter(date__year=2025).order_by("date").first()
    assert gone is not None
    Holiday.objects.filter(pk=gone.pk).delete()
    Holiday.objects.create(date=day("2025-07-15"), name="Dugaan", kind="JOINT", source="python holidays 0.1")
    office = Holiday.objects.create(
        date=day("2025-07-16"), name="Hari jadi", kind="LOCAL", region="35.72", source="SK 9", edited_by_office=True
    )
    call_command("holidays", "--year", "2025")
    shown = capsys.readouterr().out
    assert f"+ {gone.date} {gone.kind:<6} {gone.name}" in shown
    assert "- 2025-07-15 JOINT  Dugaan" in shown
    assert "2025-07-16" not in shown
    assert "2 differences; nothing was changed" in shown
    assert Holiday.objects.filter(date=day("2025-07-15")).exists()
    call_command("holidays", "--year", "2025", "--apply")
    assert "2 days changed" in capsys.readouterr().out
    call_command("holidays", "--year", "2025")
    assert "0 differences" in capsys.readouterr().out
    assert Holiday.objects.filter(pk=office.pk).exists()
    assert Event.objects.filter(stream=holidays.STREAM).count() == 2


def test_recompute_equals_a_fresh_computation(told: Told, world: Loaded) -> None:
    for step in ("", "register", "accept", "recommend_sanction"):
        row = running(tell(step))
        fresh = reckon_again(row, load_calendar("35.72"))
        assert (fresh.due_on, fresh.latest_on) == (row.due_on, row.latest_on)
        assert list(fresh.days) == counted_days(row.computation)
        rule = row.computation["rule"]
        assert (rule["code"], rule["basis"]) == (row.rule.code, row.rule.legal_basis)


def test_the_history_bears_out_what_was_done_to_deadlines(told: Told, world: Loaded, wall: Wall) -> None:
    """Verification folds the events and finds the date the case shows."""
    received, extended, paused = tell("recommend_sanction"), tell("register"), tell("accept")
    wall.at("2024-10-06 08:00")
    deadlines.extend(case=extended, actor=world.officer("hendra"), seen=extended.seen_token, reason="Saksi sakit")
    wall.at("2024-10-09 08:00")
    deadlines.pause(case=paused, actor=world.officer("rina"), seen=paused.seen_token, reason="Sistem mati")
    wall.at("2024-10-18 08:00")
    deadlines.acknowledge_receipt(
        case=received, actor=world.officer("agus"), seen=received.seen_token, received_on=day("2024-10-17")
    )
    for case in (received, extended, paused):
        call_command("verify_history", "--case", case.number)
