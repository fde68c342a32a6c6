"""The queue and the list of all cases: filters that count, verbs that can be taken, columns, orders, bad addresses."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict

from accounts.models import Officer
from cases.models import Case, ListColumns, SavedView
from cases.selectors.case_list import CaseList
from cases.selectors.facets import FacetedList
from cases.selectors.tasks import TaskList
from cases.services.assign import assign
from cases.workdays import load_calendar
from tests.fixtures_world import Loaded
from tests.play import play
from tests.screens.browser import MOST_QUERIES, Person, on
from tests.screens.conftest import REPORT, STEPS, Told

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 11, 13)


@pytest.fixture
def varied(world: Loaded, told: Told, many: Callable[[int], None]) -> list[Case]:
    """Cases in several states, with and without handler, of two elections, some late."""
    for step in (None, "register", "propose", "forward", "accept", "request_supplement"):
        told(step)
    declined = [{"on": "2024-11-02 09:00", "by": "hendra", "step": "decline",
                 "data": {"reason_code": "FORMAL", "reason": "Tidak lengkap."}}]  # fmt: skip
    play({"report": REPORT | {"election": "pemilu-2024-presiden"}, "steps": declined})
    play({"report": REPORT | {"on": "2024-11-12 09:00"}, "steps": []})
    many(5)
    cases = list(Case.objects.order_by("pk"))
    with on("2024-11-12"):
        assign(case=cases[0], actor=world.officer("yuni"), officer=world.officer("yuni"))
        assign(case=cases[1], actor=world.officer("hendra"), officer=world.officer("galih"))
    return cases


def lists(officer: Officer, query: str) -> list[FacetedList]:
    calendar = load_calendar(officer.institution.region)
    return [
        TaskList(QueryDict(query), officer=officer, on=DAY, calendar=calendar),
        CaseList(QueryDict(query), officer=officer, on=DAY),
    ]


@pytest.mark.parametrize("who", ["yuni", "hendra", "rina", "sekar"])
def test_every_count_is_the_number_of_rows_behind_its_link(
    world: Loaded, varied: list[Case], who: str, say: Callable[[str], None]
) -> None:
    """A seeded walk over the filters: at each stop every number offered is counted again by opening its link."""
    seed = random.SystemRandom().randrange(10**6)
    rng, officer, tried = random.Random(seed), world.officer(who), 0
    for kind in (0, 1):
        query = ""
        for _stop in range(5):
            here = lists(officer, query)[kind]
            assert here.count() == here.qs.count() == len(set(here.qs.values_list("pk", flat=True))), (seed, query)
            links = [choice for facet in here.facets for choice in facet.choices if not choice.current]
            for choice in rng.sample(links, min(5, len(links))):
                there = lists(officer, choice.query)[kind]
                assert there.qs.count() == choice.count == there.count(), (seed, query, choice)
                tried += 1
            query = rng.choice(links).query if links and rng.random() < 0.8 else ""
    say(f"filters {who}: {tried} links counted again, seed {seed}")
    assert tried >= 10


def test_a_wrong_count_would_be_found(world: Loaded, varied: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a filter whose condition and whose value disagree makes the walk fail."""
    here = lists(world.officer("yuni"), "")[1]
    broken = here.filters["stage"]
    monkeypatch.setattr(broken, "of", lambda cell: {"1": "Report"})
    offered = here.facet("stage").choices
    assert any(lists(world.officer("yuni"), choice.query)[1].qs.count() != choice.count for choice in offered)


def test_the_groups_add_up_under_a_filter(world: Loaded, varied: list[Case]) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-13"):
        page = person.get("/", stage="1")
        shown = lists(world.officer("yuni"), "stage=1")[0]
    assert isinstance(shown, TaskList)
    groups = shown.groups()
    assert sum(group.count for group in groups) == shown.qs.count() > 0
    assert page.html.count('class="case-row"') == sum(len(group.rows) for group in groups)
    for group in groups:
        with on("2024-11-13"):
            alone = person.get("/", **QueryDict(group.query).dict())
        assert alone.html.count('class="case-row"') == group.count


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "9"}, {"stage": "x"}, {"group": "never"}, {"handler": "999999999999999999999"}, {"handler": "-1"},
        {"handler": "abc"}, {"institution": "nowhere"}, {"election": "x" * 300}, {"stage": "1\x00"}, {"page": "minus"},
        {"state": "gone"}, {"outcome": "?"}, {"year": "20245"}, {"year": "٢٠٢٤"}, {"overdue": "maybe"}, {"q": "\x00"},
        {"violation": "Z9"}, {"order": "password"}, {"q": "x" * 500}, {"page": "99999999999999999999"},
    ],
)  # fmt: skip
def test_a_filter_nobody_knows_is_left_out_and_said(world: Loaded, told: Told, query: dict[str, str]) -> None:
    told("accept")
    person = Person(world.officer("yuni"))
    for address in ("/", "/cases/"):
        with on("2024-11-13"):
            page = person.get(address, **query)
        if "\x00" in "".join(query.values()):
            assert page.status == 400, "such a character comes from no form"
            continue
        assert page.status == 200
        assert "Bambang" in page.text
        here = lists(world.officer("yuni"), "")[address == "/cases/"]
        if set(query) & set(here.filters):
            assert "does not exist; it was left out" in page.text, (address, query)


def test_a_known_value_without_rows_stays(world: Loaded, told: Told) -> None:
    told("accept")
    with on("2024-11-13"):
        page = Person(world.officer("yuni")).get("/cases/", election="pilkada-2020")
    assert "No case fits" in page.text
    assert "left out" not in page.text


@pytest.mark.parametrize("who", ["yuni", "hendra", "rina", "sekar"])
def test_both_lists_stay_within_their_queries(world: Loaded, varied: list[Case], who: str) -> None:
    person = Person(world.officer(who))
    SavedView.objects.create(officer=world.officer(who), page="tasks", label="Satu", query="stage=1",
                             created_at="2024-11-01T00:00:00Z")  # fmt: skip
    for address in ("/", "/?group=later", "/?stage=1&election=pilkada-2024&handler=none", "/cases/?stage=4&year=2024"):
        with on("2024-11-25"):
            page = person.get(address)
        assert page.status == 200
        assert page.queries <= MOST_QUERIES, (who, address, page.queries)


def test_a_saved_view_counts_what_it_shows(world: Loaded, varied: list[Case]) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-13"):
        page = person.get("/", stage="1", handler="none")
        assert person.send(page, "/views/save/", label="Belum dipegang").status == 200
        page = person.get("/")
        shown = lists(world.officer("yuni"), "stage=1&handler=none")[0]
    assert f"Belum dipegang {shown.qs.count()}" in page.text
    assert "/?stage=1&handler=none" in page.links


# ------------------------------------------------------------------ verbs
CLARIFYING: list[dict[str, Any]] = [
    STEPS[0],
    {"on": "2024-11-04 10:00", "by": "yuni", "step": "invite", "data": {
        "people": [{"role": "REPORTED", "name": ""}], "scheduled_on": "2024-11-06", "scheduled_at": "09:00",
        "place": "Kantor"}},
    {"on": "2024-11-06 09:00", "by": "yuni", "step": "record_clarification", "data": {
        "person_role": "WITNESS", "person_name": "Paiman Saksi", "held_on": "2024-11-06", "place": "Kantor",
        "oath": "TAKEN", "statement": "Saya melihatnya."}},
]  # fmt: skip


def test_a_row_names_no_step_that_is_blocked(world: Loaded) -> None:
    """Concluding comes after hearing, but the reported person was not heard: the row offers what can be done."""
    play({"report": REPORT, "steps": CLARIFYING})
    case = Case.objects.get()
    person = Person(world.officer("yuni"))
    with on("2024-11-06", "10:00"):
        row = person.get("/")
        blocked = person.get(f"/cases/{case.number}/")
    assert f"/cases/{case.number}/conclude_clarification/" not in row.links
    assert f"/cases/{case.number}/invite/" in row.links
    assert "Conclude" in blocked.text


def test_a_row_with_nothing_open_says_why(world: Loaded, told: Told) -> None:
    """Whoever proposed cannot decide: neither way out is open, and the row says so instead of naming one."""
    case = told("propose")
    Officer.objects.filter(pk=world.officer("hendra").pk).update(nip=world.officer("yuni").nip)
    with on("2024-11-11"):
        page = Person(world.officer("hendra")).get("/")
    assert "another person must do this" in page.text
    assert "See what is missing" in page.text
    assert f"/cases/{case.number}/dismiss/" not in page.links
    assert page.html.count("btn-primary") == 0


def test_waiting_rows_say_for_whom_and_since_when(world: Loaded, told: Told) -> None:
    told("accept")
    with on("2024-11-13"):
        page = Person(world.officer("yuni")).get("/", group="waiting")
    assert "Waiting for BKN Kanreg II since 11 Nov 2024" in page.text or "since 11 Nov 2024" in page.text


def test_a_day_is_told_by_the_institutions_clock(world: Loaded, told: Told) -> None:
    """23.30 WIB is the next day in Makassar."""
    case = told("accept")
    Case.objects.filter(pk=case.pk).update(moved_at=dt.datetime(2024, 11, 11, 16, 30, tzinfo=dt.UTC))
    officer = world.officer("yuni")
    for zone, day in (("Asia/Jakarta", "11 Nov 2024"), ("Asia/Makassar", "12 Nov 2024")):
        type(officer.institution).objects.filter(pk=officer.institution_id).update(timezone=zone)
        with on("2024-11-13"):
            assert f"since {day}" in Person(officer).get("/", group="waiting").text


# ------------------------------------------------------------------ the list
def test_columns_are_kept_for_each_officer(world: Loaded, told: Told) -> None:
    told("accept")
    yuni, galih = Person(world.officer("yuni")), Person(world.officer("galih"))
    with on("2024-11-13"):
        page = yuni.get("/cases/", stage="4")
        yuni.client.post("/cases/columns/", {"column": ["opened", "handler", "no such"], "query": "stage=4"})
        mine, other = yuni.get("/cases/"), galih.get("/cases/")
    assert 'data-label="Opened"' not in page.html
    assert 'data-label="Opened"' in mine.html
    assert 'data-label="Violation"' not in mine.html
    assert 'data-label="Opened"' not in other.html
    assert ListColumns.objects.get().columns == ["handler", "opened"]
    yuni.client.post("/cases/columns/", {})
    assert not ListColumns.objects.exists()


@pytest.mark.parametrize("order", ["name", "opened", "due", "moved"])
def test_a_heading_sorts_both_ways_and_pages_keep_their_place(
    world: Loaded, many: Callable[[int], None], order: str
) -> None:
    many(60)
    officer = world.officer("yuni")
    up = [case.pk for case in CaseList(QueryDict(f"order={order}"), officer=officer, on=DAY).ordered()]
    down = [case.pk for case in CaseList(QueryDict(f"order=-{order}"), officer=officer, on=DAY).ordered()]
    assert up == down[::-1]
    person, seen = Person(officer), []
    with on("2024-11-13"):
        for number in ("1", "2", "3"):
            page = person.get("/cases/", order=order, stage="1", page=number)
            seen += [link for link in page.links if link.startswith("/cases/2024-")]
    assert len(seen) == len(set(seen)) == 60


def test_a_nip_with_dots_and_a_report_number_open_the_case(world: Loaded, told: Told) -> None:
    case = told("forward")
    for text in ("19740612.199903.1.903", case.report.number):
        assert Person(world.officer("yuni")).get("/cases/", q=text).url == f"/cases/{case.number}/"
    # one of them: the neighbour sees neither the case nor that it exists
    assert "No case fits" in Person(world.officer("ningsih")).get("/cases/", q=case.report.number).text
