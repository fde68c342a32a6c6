"""Who handles a case, what a leaving officer leaves behind, the load, the calendar feed, the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar as ICalendar

from accounts.models import Officer
from cases.models import Assignment, CalendarFeed, Case, Event, Notice
from cases.selectors.team import NOBODY, team_cases, team_load
from cases.services import assign as duties
from cases.services import calendar_feed
from cases.services.errors import NotVisible, Refused, WrongDesk
from cases.workdays import load_calendar
from tests.clock.conftest import Wall, tell
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db
ON = dt.date(2024, 10, 9)


def handler(case: Case, officer: Officer) -> str | None:
    row = Assignment.objects.filter(case=case, institution=officer.institution, to_on=None).first()
    return row.officer.name if row else None


def test_a_signatory_gives_an_officer_takes(world: Loaded, wall: Wall) -> None:
    case = tell("accept")
    wall.at("2024-10-09 08:00")
    rina, ardi, pramono = (world.officer(name) for name in ("rina", "ardi", "pramono"))
    with pytest.raises(WrongDesk):
        duties.assign(case=case, actor=rina, officer=ardi)
    duties.assign(case=case, actor=rina, officer=rina)
    assert handler(case, rina) == rina.name
    with pytest.raises(WrongDesk):
        duties.assign(case=case, actor=ardi, officer=ardi, reason="Sudah ditangani")
    duties.assign(case=case, actor=pramono, officer=ardi, reason="Rina cuti")
    duties.assign(case=case, actor=pramono, officer=ardi, reason="Sekali lagi")
    assert handler(case, rina) == ardi.name
    events = list(Event.objects.filter(case=case, kind=Event.Kind.DUTY).order_by("seq"))
    assert [event.changes["handler"] for event in events] == [[None, rina.name], [rina.name, ardi.name]]
    assert Notice.objects.filter(kind="assigned", officer=ardi).count() == 1
    seen = Event.objects.visible_to(world.officer("yuni")).filter(case=case, kind=Event.Kind.DUTY)
    assert not seen.exists(), "an institution's own matter"
    duties.assign(case=case, actor=ardi, officer=None)
    assert handler(case, rina) is None


def test_only_ones_own_officers_who_hold_the_desk_and_are_not_concerned(world: Loaded, wall: Wall) -> None:
    case = tell("accept")
    wall.at("2024-10-09 08:00")
    pramono, ardi = world.officer("pramono"), world.officer("ardi")
    for wrong in ("yuni", "maya", "agus"):
        with pytest.raises(Refused):
            duties.assign(case=case, actor=pramono, officer=world.officer(wrong))
    with pytest.raises(NotVisible):
        duties.assign(case=case, actor=world.officer("wahyu"), officer=world.officer("agus"))
    with pytest.raises(WrongDesk):
        duties.assign(case=case, actor=world.officer("sekar"), officer=ardi)
    Officer.objects.filter(pk=ardi.pk).update(nip=case.subject_nip)
    with pytest.raises(Refused):
        duties.assign(case=case, actor=pramono, officer=world.officer("ardi").__class__.objects.get(pk=ardi.pk))
    Officer.objects.filter(pk=ardi.pk).update(nip="", valid_to=dt.date(2024, 10, 8))
    with pytest.raises(Refused):
        duties.assign(case=case, actor=pramono, officer=ardi)


def test_an_officer_who_leaves_hands_everything_over(world: Loaded, wall: Wall) -> None:
    cases = [tell("accept"), tell("accept"), tell("recommend_sanction")]
    wall.at("2024-10-15 08:00")
    rina, ardi, pramono = (world.officer(name) for name in ("rina", "ardi", "pramono"))
    for case in cases:
        duties.assign(case=case, actor=pramono, officer=rina)
    answers: dict[str, Any] = {"officer": rina, "last_day": dt.date(2024, 10, 15), "reason": "Mutasi"}
    with pytest.raises(WrongDesk):
        duties.officer_left(actor=ardi, successor=ardi, **answers)
    with pytest.raises(WrongDesk):
        duties.officer_left(actor=world.officer("hendra"), successor=None, **answers)
    with pytest.raises(Refused):
        duties.officer_left(actor=pramono, successor=rina, **answers)
    found = duties.officer_left(actor=pramono, successor=ardi, **answers)
    assert (len(found.done), found.refused) == (3, [])
    assert {handler(case, rina) for case in cases} == {ardi.name}
    assert Officer.objects.get(pk=rina.pk).valid_to == dt.date(2024, 10, 15)
    assert not Officer.objects.holding(dt.date(2024, 10, 16)).filter(pk=rina.pk).exists()


def test_the_load_counts_what_the_lists_show(world: Loaded, wall: Wall) -> None:
    first, second, third = tell("accept"), tell("accept"), tell("recommend_sanction")
    wall.at("2024-10-16 08:00")
    pramono, rina = world.officer("pramono"), world.officer("rina")
    duties.assign(case=first, actor=pramono, officer=rina)
    duties.assign(case=third, actor=pramono, officer=rina)
    on, calendar = dt.date(2024, 10, 16), load_calendar()
    loads = {load.officer.name if load.officer else None: load for load in team_load(pramono, on, calendar)}
    assert (loads[rina.name].mine, loads[rina.name].late, loads[rina.name].elsewhere) == (1, 1, 1)
    assert (loads[None].mine, loads[None].late) == (1, 1)
    assert sum(load.total for load in loads.values()) == Case.objects.visible_to(pramono).open().count() == 3
    assert [row["case"].pk for row in team_cases(pramono, NOBODY, on, calendar)] == [second.pk]
    assert {row["case"].pk for row in team_cases(pramono, str(rina.pk), on, calendar)} == {first.pk, third.pk}


def test_the_feed_is_secret_revocable_and_names_nobody(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    case = tell("accept")
    wall.at("2024-10-09 08:00")
    rina = world.officer("rina")
    token = calendar_feed.make_feed(officer=rina)
    assert len(token) >= 43
    assert token not in str(CalendarFeed.objects.values_list())
    answer = Client().get(f"/calendar/{token}.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = ICalendar.from_ical(answer.content).walk("VEVENT")
    assert [event["dtstart"].dt for event in events] == [case.due_on]
    assert case.number in events[0]["summary"]
    text = answer.content.decode()
    for name in (case.subject_name, case.subject_nip, rina.name, case.registration_number):
        assert name not in text
    other = calendar_feed.make_feed(officer=rina)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert Client().get(f"/calendar/{other}.ics").status_code == 200
    Officer.objects.filter(pk=rina.pk).update(is_active=False)
    assert Client().get(f"/calendar/{other}.ics").status_code == 404
    Officer.objects.filter(pk=rina.pk).update(is_active=True)
    client = sit("rina")
    assert "/calendar/feed/" in client.get("/calendar/").content.decode()
    made = client.post("/calendar/feed/", {"do": "make"})
    assert ".ics" in made.content.decode()
    assert ".ics" not in client.get("/calendar/").content.decode(), "shown once"
    client.post("/calendar/feed/", {"do": "revoke"})
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()
    assert Client().get(f"/calendar/{'x' * 43}.ics").status_code == 404


def test_the_calendar_page(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    case = tell("accept")
    wall.at("2024-10-09 08:00")
    text = sit("rina").get("/calendar/").content.decode()
    assert f"/cases/{case.number}/" in text
    assert f"/cases/{case.number}/" not in sit("rina").get("/calendar/?month=2024-12").content.decode()
    assert sit("rina").get("/calendar/?month=nonsense").status_code == 200
    assert sit("sekar").get("/calendar/").status_code == 404


def test_notices_are_read_chosen_and_counted(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    case = tell("forward")
    wall.at("2024-10-08 08:00")
    client = sit("rina")
    page = client.get("/notices/").content.decode()
    notice = Notice.objects.get(officer=world.officer("rina"), read_at=None)
    assert str(notice.pk) in page
    assert 'class="count count-overdue" aria-hidden="true">1<' in client.get("/").content.decode()
    opened = client.post("/notices/read/", {"notice": str(notice.pk)})
    assert opened.headers["Location"] == f"/cases/{case.number}/"
    assert 'class="count count-overdue" aria-hidden="true"' not in client.get("/").content.decode()
    assert client.post("/notices/read/", {"notice": "1"}).status_code == 404
    assert sit("ardi").post("/notices/read/", {"notice": str(notice.pk)}).status_code == 404, "somebody else's"
    assert client.post("/notices/choices/", {"informed": "OFF", "overdue": "DIGEST"}).status_code == 302
    from cases.services.notify import choices_of

    chosen = choices_of(world.officer("rina"))
    assert (chosen["informed"], chosen["overdue"]) == ("OFF", "DIGEST")
    client.post("/notices/choices/", {"overdue": "OFF"})
    assert choices_of(world.officer("rina"))["overdue"] == "DIGEST"


def test_the_team_page_gives_on_and_hands_over(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    case = tell("accept")
    wall.at("2024-10-09 08:00")
    rina, ardi = world.officer("rina"), world.officer("ardi")
    assert sit("rina").get("/team/").status_code == 404
    client = sit("pramono")
    assert case.number in client.get("/team/").content.decode()
    assert client.post("/team/give/", {"reason": "x"}).status_code == 422
    given = {"cases": [case.number], "officer": rina.pk, "reason": "Beban"}
    assert client.post("/team/give/", given).status_code == 302
    assert handler(case, rina) == rina.name
    foreign = {"cases": [case.number], "officer": world.officer("yuni").pk, "reason": "x"}
    assert client.post("/team/give/", foreign).status_code == 422
    assert sit("tomi").post("/team/give/", {"cases": [case.number], "officer": "", "reason": "x"}).status_code == 422
    left = {"officer": rina.pk, "last_day": "2024-10-09", "successor": ardi.pk, "reason": "Mutasi"}
    assert client.post("/team/left/", {**left, "reason": ""}).status_code == 422
    assert client.post("/team/left/", left).status_code == 302
    assert handler(case, rina) == ardi.name
    assert case.number in client.get(f"/team/?officer={ardi.pk}").content.decode()
    assert "/cases/" + case.number not in client.get("/team/?officer=none").content.decode()


def test_everything_shown_is_given_on_at_once(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    cases = [tell("accept") for _ in range(3)]
    wall.at("2024-10-09 08:00")
    pramono, rina, ardi = (world.officer(name) for name in ("pramono", "rina", "ardi"))
    duties.assign(case=cases[0], actor=pramono, officer=rina)
    client = sit("pramono")
    given = {"everything": "1", "only": str(rina.pk), "officer": ardi.pk, "reason": "Cuti"}
    client.post("/team/give/", given)
    assert [handler(case, ardi) for case in cases] == [ardi.name, None, None], "only what the page showed"
    client.post("/team/give/", {**given, "only": "none", "officer": rina.pk})
    assert [handler(case, ardi) for case in cases] == [ardi.name, rina.name, rina.name]
    client.post("/team/give/", {**given, "only": "", "officer": ""})
    assert [handler(case, ardi) for case in cases] == [None, None, None]


def test_the_administration_retries_what_was_given_up_and_recomputes_after_a_day_off(
    world: Loaded, wall: Wall, sit: Callable[[str], Client]
) -> None:
    from cases.models import Mail
    from cases.services import notify

    case = tell("register")
    wall.at("2024-10-04 12:00")
    notify.write_notices(case=case, about="x", told=[notify.Told(world.officer("yuni"), "your_turn")], facts={})
    Mail.objects.update(status=Mail.Status.DEAD, attempts=8, error="no server")
    client = sit("admin")
    page = client.get("/admin/cases/mail/")
    assert page.status_code == 200
    assert case.subject_name not in page.content.decode()
    row = Mail.objects.get()
    client.post("/admin/cases/mail/", {"action": "try_again", "_selected_action": [str(row.pk)]})
    assert Mail.objects.get().status == Mail.Status.PENDING
    assert sit("rina").get("/admin/cases/mail/").status_code in (302, 403, 404)
    day_off = {
        "date": "2024-10-07", "name": "Hari jadi", "kind": "LOCAL", "region": "35.72", "source": "SK 1/2024",
        "confidence": "sourced", "legal_basis": "", "note": "", "added_by": "",
    }  # fmt: skip
    assert client.post("/admin/cases/holiday/add/", day_off).status_code == 302
    assert Case.objects.get(pk=case.pk).due_on == dt.date(2024, 10, 7), "calendar days run through days off"


def test_a_signatory_sees_the_load_on_the_first_page(world: Loaded, wall: Wall, sit: Callable[[str], Client]) -> None:
    tell("accept")
    wall.at("2024-10-09 08:00")
    assert 'id="team-load"' in sit("pramono").get("/").content.decode()
    for name in ("rina", "sekar"):
        assert 'id="team-load"' not in sit(name).get("/").content.decode()
