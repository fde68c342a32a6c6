"""Every page for every desk: what is shown, what is not, what answers 404."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.http import QueryDict
from django.test import Client

from cases.models import Event, Evidence, Letter
from cases.selectors.tasks import TaskList
from cases.services.letters import render_letter_now
from cases.services.notes import add_note
from cases.workdays import load_calendar
from portal.templatetags.ui import spaced_nip
from tests.fixtures_world import Loaded
from tests.screens.browser import Person, on
from tests.screens.conftest import Told

pytestmark = pytest.mark.django_db

#: Desk by officer: what the case page, the list and the letters answer while the case is with the reviewer.
READERS = {"yuni": 200, "hendra": 200, "rina": 200, "pramono": 200, "sekar": 200}
OTHERS = {"agus": 404, "suryo": 404, "ningsih": 404, "dewi": 404, "bondan": 404, "admin": 404}


@pytest.mark.parametrize(("name", "status"), [*READERS.items(), *OTHERS.items()])
def test_the_case_page_by_desk(world: Loaded, told: Told, name: str, status: int) -> None:
    case = told("accept")
    person = Person(world.officer(name))
    with on("2024-11-11", "11:00"):
        assert person.get(f"/cases/{case.number}/").status == status
        landing = person.get("/")
        assert landing.status == 200
        assert (case.subject_name in landing.text) == (status == 200)
        if name != "admin":
            assert (case.subject_name in person.get("/cases/").text) == (status == 200)


@pytest.mark.parametrize("address", ["/", "/cases/", "/cases/new/", "/letters/"])
def test_strangers_sign_in_first(db: None, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert "next=" in response["Location"]


@pytest.mark.parametrize("name", ["hendra", "rina", "agus", "sekar", "admin"])
def test_only_the_intake_desk_files(world: Loaded, name: str) -> None:
    assert Person(world.officer(name)).get("/cases/new/").status == 404


@pytest.mark.parametrize("name", ["yuni", "hendra", "rina", "pramono", "sekar"])
def test_the_reporter_is_on_no_page(world: Loaded, told: Told, name: str) -> None:
    case = told("supply")
    person = Person(world.officer(name))
    with on("2024-11-13"):
        for tab in ("timeline", "evidence", "letters", "notes"):
            html = person.get(f"/cases/{case.number}/", tab=tab).html
            assert "Sukarti" not in html
            assert "Rahasia 7" not in html


def test_witnesses_are_the_supervisors(world: Loaded, told: Told) -> None:
    case = told("accept")
    assert "Paiman Saksi" in Person(world.officer("yuni")).get(f"/cases/{case.number}/").text
    for name in ("rina", "sekar"):
        assert "Paiman Saksi" not in Person(world.officer(name)).get(f"/cases/{case.number}/").text


def test_an_auditor_is_offered_nothing_to_change(world: Loaded, told: Told) -> None:
    case = told("accept")
    auditor = Person(world.officer("sekar"))
    for tab in ("timeline", "evidence", "letters", "notes"):
        page = auditor.get(f"/cases/{case.number}/", tab=tab)
        assert not [target for target in page.post_targets if case.number in target]


def test_a_step_of_another_desk_does_not_exist(world: Loaded, told: Told) -> None:
    case = told("accept")
    for name, step in (("yuni", "propose_review"), ("rina", "recommend_sanction"), ("rina", "no_such_step")):
        person = Person(world.officer(name))
        address = f"/cases/{case.number}/{step}/"
        assert person.get(address).status == 404
        assert person.client.post(address, {"seen": case.seen_token}).status_code == 404


def test_a_blocked_step_says_why(world: Loaded, told: Told) -> None:
    case = told("propose")
    Evidence.objects.all().delete()
    page = Person(world.officer("hendra")).get(f"/cases/{case.number}/")
    assert "Add at least one item of evidence before forwarding." in page.text
    assert f"/cases/{case.number}/forward/" not in page.post_targets


def test_the_same_person_is_told_about_four_eyes(world: Loaded, told: Told) -> None:
    case = told("propose")
    officer, signatory = world.officer("yuni"), world.officer("hendra")
    type(signatory).objects.filter(pk=signatory.pk).update(nip=officer.nip)
    page = Person(signatory).get(f"/cases/{case.number}/")
    assert "another person must do this" in page.text
    assert f"/cases/{case.number}/dismiss/" not in page.links


def test_consequences_are_said_before_the_click(world: Loaded, told: Told) -> None:
    case = told("propose")
    with on("2024-11-08"):
        page = Person(world.officer("hendra")).get(f"/cases/{case.number}/forward/")
    assert "The case becomes “Forwarded”." in page.text
    assert "Letter: Bawaslu recommendation" in page.text
    assert "A new deadline starts" in page.text


def test_the_timeline_has_walls(world: Loaded, told: Told) -> None:
    case = told("request_supplement")
    own = Person(world.officer("yuni")).get(f"/cases/{case.number}/").text
    assert "asked Bawaslu for a supplement" in own
    readable = Event.objects.visible_to(world.officer("rina")).filter(case=case)
    assert "decline" not in {event.name for event in readable}
    loop = Person(world.officer("rina")).get(f"/cases/{case.number}/").text
    assert "Supplement requested: 11" in loop, "the loop back stands over the stages"


def test_the_queue_adds_up(world: Loaded, told: Told) -> None:
    told("accept")
    for name in ("yuni", "hendra", "rina", "sekar"):
        officer = world.officer(name)
        with on("2024-11-25"):
            calendar = load_calendar(officer.institution.region)
            groups = TaskList(QueryDict(), officer=officer, on=dt.date(2024, 11, 25), calendar=calendar).groups()
            page = Person(officer).get("/")
        for group in groups:
            assert group.count == len(group.rows)
        assert page.html.count('class="case-row"') == sum(group.count for group in groups)
    with on("2024-11-25"):
        page = Person(world.officer("rina")).get("/")
    assert "Overdue" in page.text
    assert page.html.count("btn-primary") == 1


def test_search_goes_to_the_one_it_names(world: Loaded, told: Told) -> None:
    case = told("forward")
    person = Person(world.officer("yuni"))
    letter = Letter.objects.get(kind="bawaslu_recommendation")
    for text in (case.number, case.registration_number, "19740612 199903 1 903", letter.number):
        assert person.get("/cases/", q=text).url == f"/cases/{case.number}/", text
    assert case.subject_name in person.get("/cases/", q="bambang").text
    assert "No case fits" in person.get("/cases/", q="nobody of this name").text
    other = Person(world.officer("ningsih"))
    assert "No case fits" in other.get("/cases/", q=case.number).text


def test_search_by_letter_needs_the_right_to_the_letter(world: Loaded, told: Told) -> None:
    told("forward")
    notice = Letter.objects.get(kind="status_notice")
    assert "No case fits" in Person(world.officer("rina")).get("/cases/", q=notice.number).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stage": "4"}, True), ({"stage": "1"}, False), ({"state": "under_review"}, True), ({"violation": "B6"}, True),
        ({"violation": "A1"}, False), ({"election": "pilkada-2024"}, True), ({"election": "pilkada-2020"}, False),
        ({"institution": "bkn-kanreg-2"}, True), ({"outcome": "dismissed"}, False), ({"overdue": "on"}, False),
    ],
)  # fmt: skip
def test_filters(world: Loaded, told: Told, query: dict[str, str], found: bool) -> None:
    case = told("accept")
    with on("2024-11-11", "12:00"):
        page = Person(world.officer("rina")).get("/cases/", **query)
    assert page.status == 200
    assert (case.subject_name in page.text) is found


def test_letters_and_their_bytes(world: Loaded, told: Told) -> None:
    told("forward")
    letter = Letter.objects.get(kind="bawaslu_recommendation")
    person = Person(world.officer("rina"))
    assert letter.number in person.get("/letters/").text
    assert person.client.get(f"/letters/{letter.pk}/pdf/").status_code == 404
    assert "being made" in person.get(f"/letters/{letter.pk}/").text
    Letter.objects.filter(pk=letter.pk).update(status="FAILED", error="paper jam")
    assert not [t for t in person.get(f"/letters/{letter.pk}/").post_targets if "retry" in t]
    issuer = Person(world.officer("yuni"))
    issuer.send(issuer.get(f"/letters/{letter.pk}/"), "/retry/")
    letter.refresh_from_db()
    assert letter.status == "PENDING"
    assert render_letter_now(str(letter.pk)).status == "READY"
    response = person.client.get(f"/letters/{letter.pk}/pdf/")
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    page = person.client.get(f"/letters/{letter.pk}/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert f'src="/letters/{letter.pk}/pdf/#' in page.content.decode()
    for name in ("agus", "ningsih", "bondan"):
        stranger = Person(world.officer(name)).client
        assert stranger.get(f"/letters/{letter.pk}/").status_code == 404
        assert stranger.get(f"/letters/{letter.pk}/pdf/").status_code == 404


def test_evidence_is_handed_out_and_never_run(world: Loaded, told: Told) -> None:
    told("accept")
    evidence = Evidence.objects.get()
    response = Person(world.officer("rina")).client.get(f"/evidence/{evidence.pk}/")
    assert b"".join(response.streaming_content)[:4] == b"\x89PNG"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"
    for name in ("agus", "ningsih", "bondan", "dewi"):
        assert Person(world.officer(name)).client.get(f"/evidence/{evidence.pk}/").status_code == 404


def test_the_timeline_is_narrowed_by_its_address(world: Loaded, told: Told) -> None:
    case = told("supply")
    with on("2024-11-13"):
        add_note(case=case, actor=world.officer("rina"), text="Diperiksa.")
    person = Person(world.officer("sekar"))
    address = f"/cases/{case.number}/"
    whole = person.get(address)
    assert 'class="entry ' in whole.html
    total = whole.html.count('id="event-')
    steps = person.get(address, show="steps").html.count('id="event-')
    assert 0 < steps < total
    house = Event.objects.filter(case=case, name="accept").values_list("institution_name", flat=True)[0]
    one = person.get(address, by=house)
    assert 0 < one.html.count('id="event-') < total
    both = person.get(address, show="steps", by=house)
    assert both.html.count('id="event-') <= steps
    assert person.get(address, show="nonsense", by="nobody").html.count('id="event-') == total


def test_numbers_can_be_copied(world: Loaded, told: Told) -> None:
    case = told("accept")
    html = Person(world.officer("rina")).get(f"/cases/{case.number}/").html
    marked = re.findall(r'data-copies="(nip|number)">([^<]+)<', html)
    assert ("number", case.number) in marked
    assert ("number", case.registration_number) in marked
    assert ("nip", spaced_nip(case.subject_nip)) in marked
    assert '<template id="copy-button"' in html
