"""What pages keep between requests: never somebody else's, never out of date. Each defence is also switched off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.utils.safestring import mark_safe

from accounts import prepared as preparing
from accounts.models import Institution, Officer
from cases import querysets
from cases.catalogue.choices import HolidayKind
from cases.catalogue.models import Holiday
from cases.models import Case, Event, Letter, Notice
from cases.selectors import case_file, rows, tasks
from cases.selectors.notices import unread_count
from cases.selectors.tasks import QueueRow, TaskList
from cases.services.assign import assign
from cases.services.conflict import declare_conflict
from cases.services.notes import add_note
from cases.workdays import load_calendar
from portal import drawn
from tests.fixtures_world import Loaded
from tests.screens.browser import Person, on
from tests.screens.conftest import Told

pytestmark = pytest.mark.django_db
DAY = "2024-11-12"
PEOPLE = ("yuni", "hendra", "galih", "rina", "sekar", "ningsih")


# ---------------------------------------------------------------------- prepared queries


def tasks_of(officer: Officer, query: str) -> TaskList:
    day = dt.date.fromisoformat(DAY)
    return TaskList(QueryDict(query), officer=officer, on=day, calendar=load_calendar(officer.institution.region))


def queue(officer: Officer) -> set[str]:
    return {row.case.number for group in tasks_of(officer, "").groups() for row in group.rows}


def agrees(officer: Officer) -> bool:
    """Whether what the prepared queries give is what the doors give when they are asked anew."""
    seen = Case.objects.visible_to(officer)
    if queue(officer) != set(seen.open().values_list("number", flat=True)):
        return False
    for case in Case.objects.all():
        found = case_file.visible_case(case.number, officer)
        if (found is not None) is not seen.filter(pk=case.pk).exists():
            return False
        readable = set(Event.objects.visible_to(officer).filter(case=case).values_list("pk", flat=True))
        if {event.pk for event in case_file.events_of(officer, case=case.pk) if event.readable} != readable:
            return False
        letters = set(Letter.objects.visible_to(officer).filter(case=case).values_list("pk", flat=True))
        if {letter.pk for letter in case_file.letters_of(officer, case=case.pk)} != letters:
            return False
    unread = Notice.objects.filter(officer=officer, read_at__isnull=True, case__in=seen).count()
    return (
        unread_count(officer) == unread
        and rows.waiting_on(officer, dt.date.fromisoformat(DAY))["count"] == Case.objects.on_desk_of(officer).count()
    )


@pytest.fixture
def stories(world: Loaded, told: Told) -> list[Case]:
    """Cases in several hands, one of them walled off from one person."""
    cases = [told(step) for step in (None, "register", "propose", "forward", "accept", "supply")]
    with on(DAY):
        declare_conflict(case=cases[1], actor=world.officer("yuni"), reason="Saudara kandung.")
        add_note(case=cases[2], actor=world.officer("yuni"), text="Hanya untuk kita.")
    return cases


def test_prepared_queries_agree_with_the_doors(world: Loaded, stories: list[Case]) -> None:
    """Person after person and back again, so that a statement made for one is asked for the next."""
    with on(DAY):
        for _turn in range(2):
            assert [name for name in PEOPLE if not agrees(world.officer(name))] == []
        assert len({frozenset(queue(world.officer(name))) for name in PEOPLE}) > 2, "they do not all see the same"


def test_a_statement_filled_for_another_would_be_found(
    world: Loaded, stories: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with one person's values kept, somebody sees what is not theirs."""
    first = preparing._values_of(world.officer("yuni"))
    monkeypatch.setattr(preparing, "_values_of", lambda _officer: first)
    with on(DAY):
        assert not all(agrees(world.officer(name)) for name in PEOPLE)


def test_a_wall_that_looked_at_the_person_while_preparing_would_be_found(
    world: Loaded, stories: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a door that asks the database about the person when the query is built is built for one person."""
    known: dict[int, list[int]] = {}

    def frozen(officer: Any, prefix: str) -> Q:
        if not known:
            walled = Case.objects.filter(conflicts__person=world.officer("yuni").person_key)
            known[0] = list(walled.values_list("pk", flat=True))
        return Q() if isinstance(officer.person_key, preparing.Late) else ~Q(**{f"{prefix}pk__in": known[0]})

    monkeypatch.setattr(querysets, "_not_walled_off", frozen)
    with on(DAY):
        assert not agrees(world.officer("yuni"))


def test_nothing_of_a_person_can_shape_a_query(world: Loaded) -> None:
    officer = world.officer("yuni")
    with pytest.raises(TypeError):
        rows.of_group(officer, officer, 0, on=dt.date(2024, 11, 12), limit=dt.date(2024, 11, 15))
    reader = preparing.Reader(officer.desk, has_nip=True, has_region=True)
    late = (reader.pk, reader.institution_id, reader.person_key, reader.nip, reader.institution.region)
    assert all(isinstance(value, preparing.Late) for value in late)
    with pytest.raises(AttributeError):
        reader.name  # noqa: B018


def test_pages_of_a_group_follow_one_another(
    world: Loaded, stories: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rows, tasks):
        monkeypatch.setattr(module, "PAGE_ROWS", 2)
    person, officer = Person(world.officer("hendra")), world.officer("hendra")
    with on(DAY):
        group = next(one for one in tasks_of(officer, "").groups() if one.count > 2)
        wanted = [row.case.number for row in group.rows]
        found: list[str] = []
        for page in range(1, group.count // 2 + group.count % 2 + 1):
            shown = tasks_of(officer, f"group={group.key}").groups(str(page))[0]
            found += [row.case.number for row in shown.rows]
        assert found == wanted
        first = person.get("/", group=group.key)
        assert f"1–2 of {group.count}" in first.text
        assert [link for link in first.links if link.endswith("page=2")]


# ---------------------------------------------------------------------- drawings


def test_equal_to_python_is_not_equal_on_a_page() -> None:
    pairs: list[tuple[Any, Any]] = [
        (1, True), (0, False), (1, 1.0), ("<b>", mark_safe("<b>")), (["a"], ["b"]), ({"a": 1}, {"a": 2}),
        (("a", None), ("a", "")), (dt.date(2024, 1, 1), "2024-01-01"),
    ]  # fmt: skip
    for one, other in pairs:
        assert drawn.key_of(one) != drawn.key_of(other), (one, other)
    with pytest.raises(TypeError):
        drawn.key_of(object())


def test_marked_text_does_not_open_the_door_for_unmarked() -> None:
    shown = drawn.draw("components/badge.html", {"text": mark_safe("<b>x</b>"), "tone": "info", "icon": ""})
    other = drawn.draw("components/badge.html", {"text": "<b>x</b>", "tone": "info", "icon": ""})
    assert "<b>x</b>" in shown
    assert "<b>x</b>" not in other


def test_a_hole_is_filled_anew_and_escaped() -> None:
    def menu(token: str, here: str) -> str:
        values = {"person_name": "Yuni", "desk": "", "house": "", "theme": ""}
        return drawn.draw("components/account_menu.html", values, {"csrf_token": token, "here": here})

    first, second = menu("aaa", "/?x=1"), menu("bbb", '/"><script>')
    assert 'value="aaa"' in first
    assert 'value="bbb"' not in first
    assert 'value="bbb"' in second
    assert 'value="aaa"' not in second
    assert "<script>" not in second
    assert "/?x=1" not in second


Change = Callable[[Loaded, Case], object]


def _holiday(_world: Loaded, _case: Case) -> object:
    return Holiday.objects.create(date=dt.date(2024, 11, 13), name="Libur bersama", kind=HolidayKind.values[0])


def _assigned(world: Loaded, case: Case) -> object:
    return assign(case=case, actor=world.officer("rina"), officer=world.officer("rina"))


#: What somebody or time does to a case on Rina's desk, and which pages must read differently afterwards.
CHANGES: dict[str, tuple[Change, bool, bool]] = {
    "the deadline is moved": (
        lambda _w, case: Case.objects.filter(pk=case.pk).update(due_on=dt.date(2024, 12, 24)), True, True,
    ),
    "the clock is paused": (lambda _w, case: Case.objects.filter(pk=case.pk).update(clock_paused=True), True, True),
    "a day off is entered": (_holiday, True, True),
    "somebody is made responsible": (_assigned, True, True),
    "the name is mended": (
        lambda _w, case: Case.objects.filter(pk=case.pk).update(subject_name="Nama Baru"), True, True,
    ),
    "the supervisor is renamed": (
        lambda _w, case: Institution.objects.filter(pk=case.bawaslu_id).update(short_name="Nama Lain"), True, True,
    ),
    "a note is written": (lambda w, case: add_note(case=case, actor=w.officer("rina"), text="Catatan"), False, True),
    "a letter fails": (lambda _w, case: Letter.objects.filter(case=case).update(status="FAILED"), False, True),
    "notices are read": (
        lambda w, _c: Notice.objects.filter(officer=w.officer("rina")).update(read_at=dt.datetime.now(dt.UTC)),
        True, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_at_once(world: Loaded, told: Told, name: str) -> None:
    case = told("accept")
    Notice.objects.create(officer=world.officer("rina"), case=case, kind="your_turn", facts={"number": case.number},
                          created_at=dt.datetime(2024, 11, 11, tzinfo=dt.UTC))  # fmt: skip
    if name == "somebody is made responsible":
        told("accept")  # among several cases the queue says who has how many
    change, in_queue, in_case = CHANGES[name]
    person = Person(world.officer("rina"))
    pages = (("/", in_queue), (f"/cases/{case.number}/", in_case))
    with on(DAY):
        before = [person.get(address).text for address, _moved in pages]
        assert [person.get(address).text for address, _moved in pages] == before, "a page drawn twice reads the same"
        change(world, case)
        after = [person.get(address).text for address, _moved in pages]
        drawn.forget()
        fresh = [person.get(address).text for address, _moved in pages]
    assert after == fresh, "what was kept reads like what is drawn anew"
    for (address, moved), old, new in zip(pages, before, after, strict=True):
        assert (old != new) is moved, address


def test_a_step_and_time_and_language_show_at_once(world: Loaded, told: Told) -> None:
    case = told("accept")
    rina, address = world.officer("rina"), None
    address = f"/cases/{case.number}/"
    english, indonesian = Person(rina), Person(rina, language="id")
    with on(DAY):
        queue_en, case_en = english.get("/").text, english.get(address).text
        assert "My tasks" in queue_en
        assert "Tugas saya" in indonesian.get("/").text
        assert indonesian.get(address).text != case_en
        assert english.get("/").text == queue_en, "the other language left nothing behind"
    with on("2024-11-13"):
        assert english.get("/").text != queue_en
        assert english.get(address).text != case_en
    with on(DAY):
        assert 'data-theme="dark"' not in english.get("/").html
        english.client.cookies["theme"] = "dark"
        assert 'data-theme="dark"' in english.get("/").html
        step = english.take(case.number, "request_supplement", missing_items="Layar utuh")
        assert step.status == 200
        assert english.get("/").text != queue_en
        assert "asked Bawaslu for a supplement" in english.get(address).text


def test_rights_lost_are_lost_at_once(world: Loaded, told: Told) -> None:
    case = told("accept")
    rina = world.officer("rina")
    person, address = Person(rina), f"/cases/{case.number}/"
    with on(DAY):
        for _turn in range(2):
            assert case.subject_name in person.get("/").text
            assert person.get(address).status == 200
        declare_conflict(case=case, actor=rina, reason="Saudara kandung.")
        assert case.subject_name not in person.get("/").text
        assert person.get(address).status == 404
        Officer.objects.filter(pk=rina.pk).update(is_active=False)
        assert "You hold no desk" in person.get("/").text


def test_a_row_kept_under_too_little_would_be_found(world: Loaded, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a row kept under its case alone still says the old deadline."""
    case = told("accept")
    monkeypatch.setattr(QueueRow, "drawn_from", property(lambda row: (row.case.number,)))
    person = Person(world.officer("rina"))
    with on(DAY):
        before = person.get("/").html
        Case.objects.filter(pk=case.pk).update(subject_name="Nama Baru")
        assert "Nama Baru" not in person.get("/").html
        assert case.subject_name in before
