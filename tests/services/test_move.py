"""The path of a step: what it writes, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from cases.clock import BackdatingRefused, travel
from cases.models import Case, Event, Letter, NumberSeries, Reporter
from cases.models.event import AppendOnly
from cases.sealed.reporter import open_statement
from cases.services import errors
from cases.services.move import move
from cases.services.notes import add_note
from tests.fixtures_world import Loaded
from tests.play import play

pytestmark = pytest.mark.django_db

WIB = dt.timezone(dt.timedelta(hours=7))


def at(year: int, month: int, day: int, hour: int = 10) -> Any:
    """The clock in Blitar."""
    return travel(dt.datetime(year, month, day, hour, tzinfo=WIB))


def report(**more: Any) -> dict[str, Any]:
    return {
        "by": "yuni",
        "on": "2024-10-14 09:00",
        "origin": "REPORT",
        "election": "pilkada-2024",
        "incident": "Membagikan unggahan calon",
        "place": "Facebook",
        "occurred_on": "2024-10-10",
        "known_on": "2024-10-11",
        "chronology": "Terlapor membagikan unggahan calon wali kota.",
        "reported": [{"nip": "199203112016012901"}],
        "reporter": {"name": "PELAPOR RAHASIA", "address": "Jalan Contoh 1", "phone": "0800-CANARY"},
        "evidence": [{"title": "Tangkapan layar", "picture": "Dibagikan"}],
        **more,
    }


REGISTER = {
    "on": "2024-10-15 10:00",
    "by": "yuni",
    "step": "register",
    "data": {"violation": "B6", "target_status": "CANDIDATE"},
}


def registered(world: Loaded, *steps: dict[str, Any], **more: Any) -> Case:
    played = play({"report": report(**more), "steps": [REGISTER, *steps]})
    return Case.objects.get(pk=played.case.pk)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, Letter, NumberSeries)) + tuple(
        Case.objects.values_list("state", "moves", "last_seq", "due_on").order_by("pk")
    )


def test_a_step_writes_state_deadline_event_and_changes(world: Loaded) -> None:
    case = registered(world)
    event = case.events.get(name="register")
    assert (case.state, case.moves) == ("registered", 1)
    # UU 10/2016 art. 134: three calendar days from registration, two more at the latest.
    deadline = case.deadlines.get(ended_on=None)
    assert (deadline.due_on, deadline.latest_on) == (dt.date(2024, 10, 18), dt.date(2024, 10, 20))
    assert case.due_on == deadline.due_on
    assert (event.from_state, event.to_state, event.desk) == ("received", "registered", "BAWASLU/OFFICER")
    assert event.actor_name == world.officer("yuni").name
    assert event.institution_name == case.bawaslu.name
    assert event.changes["employee"] == [None, {"key": "199203112016012901", "label": str(case.employee)}]
    assert event.changes["registration_number"][0] == ""
    assert event.changes["due_on"][1] == "2024-10-18"
    assert case.snapshot["nip"] == "199203112016012901"


def test_the_snapshot_outlives_the_registry(world: Loaded) -> None:
    case = registered(world)
    employee = case.employee
    assert employee is not None
    was = employee.position
    employee.position = "Jabatan baru"
    employee.save()
    case.refresh_from_db(fields=["snapshot"])
    assert case.snapshot["position"] == was


def test_the_second_click_is_told_what_changed(world: Loaded) -> None:
    case = registered(world)
    seen = case.seen_token
    yuni = world.officer("yuni")
    with at(2024, 10, 16):
        move(case=case, step="waive_clarification", actor=yuni, seen=seen, reason="hanya diteruskan")
        before = counts()
        with pytest.raises(errors.Stale) as caught:
            move(case=case, step="waive_clarification", actor=yuni, seen=seen, reason="hanya diteruskan")
    assert [event.name for event in caught.value.events] == ["waive_clarification"]
    assert counts() == before


def test_a_step_that_keeps_the_state_is_not_taken_twice(world: Loaded) -> None:
    case = registered(world)
    yuni = world.officer("yuni")
    answers: dict[str, Any] = {
        "people": [{"role": "REPORTED", "name": case.subject_name}],
        "scheduled_on": dt.date(2024, 10, 17),
        "scheduled_at": dt.time(9),
        "place": "Kantor",
    }
    with at(2024, 10, 15):
        move(case=case, step="invite", actor=yuni, seen=case.seen_token, **answers)
        again = Case.objects.get(pk=case.pk)
        seen = again.seen_token
        move(case=again, step="invite", actor=yuni, seen=seen, **answers)
        with pytest.raises(errors.Stale):
            move(case=again, step="invite", actor=yuni, seen=seen, **answers)
    assert [row.ordinal for row in case.summonses.all()] == [1, 2]


def test_a_note_does_not_make_a_page_stale(world: Loaded) -> None:
    case = registered(world)
    yuni = world.officer("yuni")
    with at(2024, 10, 16):
        add_note(case=case, actor=yuni, text="Periksa ulang tangkapan layar.")
        move(case=case, step="waive_clarification", actor=yuni, seen=case.seen_token, reason="r")
    assert list(case.events.values_list("seq", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("step", "who", "error"),
    [
        ("waive_clarification", "hendra", errors.WrongDesk),  # the commissioner's colleague's step
        ("waive_clarification", "rina", errors.NotVisible),  # not forwarded yet: the case does not exist for them
        ("waive_clarification", "agus", errors.NotVisible),
        ("accept", "yuni", errors.WrongDesk),
        ("complete", "yuni", errors.OutOfOrder),
    ],
)
def test_refusals_leave_no_trace(world: Loaded, step: str, who: str, error: type[errors.Refused]) -> None:
    case = registered(world)
    before = counts()
    with at(2024, 10, 16), pytest.raises(error) as caught:
        move(case=case, step=step, actor=world.officer(who), seen=case.seen_token, reason="r", added="x")
    assert caught.value.sentence
    assert counts() == before


def test_a_missing_answer_is_refused_even_without_the_form(world: Loaded) -> None:
    case = registered(world)
    with at(2024, 10, 16), pytest.raises(errors.Refused) as caught:
        move(case=case, step="waive_clarification", actor=world.officer("yuni"), seen=case.seen_token, reason=" ")
    assert caught.value.field == "reason"


def test_a_desk_lost_a_minute_ago_is_lost(world: Loaded) -> None:
    case = registered(world)
    yuni = world.officer("yuni")
    type(yuni).objects.filter(pk=yuni.pk).update(is_active=False)
    with at(2024, 10, 16), pytest.raises(errors.WrongDesk):
        move(case=case, step="waive_clarification", actor=yuni, seen=case.seen_token, reason="r")


def test_nobody_acts_on_a_case_about_themselves(world: Loaded) -> None:
    case = registered(world)
    yuni = world.officer("yuni")
    type(yuni).objects.filter(pk=yuni.pk).update(nip=case.subject_nip)
    yuni.refresh_from_db()
    with at(2024, 10, 16), pytest.raises(errors.NotVisible):
        move(case=case, step="waive_clarification", actor=yuni, seen=case.seen_token, reason="r")


def test_four_eyes_look_at_the_person_not_the_account(world: Loaded) -> None:
    """The same NIP with a second account and a second desk is still the same pair of eyes."""
    case = registered(
        world,
        {"on": "2024-10-16", "by": "yuni", "step": "waive_clarification", "data": {"reason": "r"}},
        {
            "on": "2024-10-16 11:00",
            "by": "yuni",
            "step": "propose",
            "data": {
                "facts": "f",
                "element_subject": "s",
                "element_act": "a",
                "element_target": "t",
                "analysis": "a",
                "conclusion": "c",
                "proposed_outcome": "DISMISS",
            },
        },
    )
    hendra, yuni = world.officer("hendra"), world.officer("yuni")
    answers = {"reason": "r", "plenary_number": "1", "plenary_on": dt.date(2024, 10, 17)}
    assert yuni.nip, "the officer must be a civil servant for this test to mean anything"
    assert yuni.user_id != hendra.user_id
    type(hendra).objects.filter(pk=hendra.pk).update(nip=yuni.nip)
    hendra.refresh_from_db()
    with at(2024, 10, 17), pytest.raises(errors.FourEyes):
        move(case=case, step="dismiss", actor=hendra, seen=case.seen_token, **answers)
    type(hendra).objects.filter(pk=hendra.pk).update(nip="")
    hendra.refresh_from_db()
    with at(2024, 10, 17):
        move(case=case, step="dismiss", actor=hendra, seen=case.seen_token, **answers)
    case = Case.objects.get(pk=case.pk)
    assert case.place.final
    assert case.due_on is None


def test_what_the_reporter_said_is_sealed(world: Loaded) -> None:
    case = registered(
        world,
        {
            "on": "2024-10-15 11:00",
            "by": "yuni",
            "step": "invite",
            "data": {"people": [{"role": "REPORTER"}], "scheduled_on": "2024-10-17", "place": "Kantor"},
        },
        {
            "on": "2024-10-17 11:00",
            "by": "yuni",
            "step": "record_clarification",
            "data": {
                "person_role": "REPORTER",
                "held_on": "2024-10-17",
                "place": "Kantor",
                "oath": "TAKEN",
                "statement": "CANARY-STATEMENT",
            },
        },
    )
    told = " ".join(str(event.data) + str(event.changes) for event in case.events.all())
    assert "CANARY" not in told
    assert "PELAPOR RAHASIA" not in told
    assert open_statement(Reporter.objects.get(report=case.report)) == "CANARY-STATEMENT"
    letters = case.letters.filter(kind__in=["clarification_invitation", "clarification_minutes", "report_receipt"])
    assert {letter.sealed for letter in letters} == {True}
    for letter in case.letters.all():
        assert "PELAPOR RAHASIA" not in str(letter.context)


def test_events_are_written_once(world: Loaded) -> None:
    event = registered(world).events.first()
    assert event is not None
    event.reason = "changed"
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()


def test_numbers_are_counted_under_the_step(world: Loaded) -> None:
    """A step that fails gives its number back; the next one takes it."""
    first = registered(world)
    with transaction.atomic():
        registered(world)
        transaction.set_rollback(True)
    second = registered(world)
    serials = [int(case.registration_number.split("/")[0]) for case in (first, second)]
    assert serials == [1, 2]


def test_the_clock_moves_only_where_backdating_is_allowed(settings: Any) -> None:
    settings.ALLOW_BACKDATING = False
    with pytest.raises(BackdatingRefused), at(2024, 1, 1):
        pass
