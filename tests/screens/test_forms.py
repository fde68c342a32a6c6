"""What is sent back: wrong answers, stale pages, second clicks, files, notes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.guards import GUARDS
from cases.models import Case, Event, Evidence, Letter, Note, Report
from cases.workflow import STEP
from tests.fixtures_world import Loaded
from tests.screens.browser import Person, on
from tests.screens.conftest import Told
from tests.screens.test_travel import picture

pytestmark = pytest.mark.django_db


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, Report, Event, Letter, Evidence, Note))


def test_a_missing_answer_comes_back_with_the_rest(world: Loaded, told: Told) -> None:
    case = told("accept")
    before = written()
    person = Person(world.officer("rina"))
    page = person.take(case.number, "propose_review", analysis="Panjang sekali", finding="DISCIPLINE", level="MORAL")
    assert page.status == 422
    assert "Panjang sekali" in page.html
    assert 'href="#id_level"' in page.html, "the summary leads to the field the guard names"
    assert written() == before


def test_a_stale_page_says_what_changed_and_keeps_the_text(world: Loaded, told: Told) -> None:
    case = told("accept")
    first, second = Person(world.officer("rina")), Person(world.officer("ardi"))
    with on("2024-11-12"):
        old = first.get(f"/cases/{case.number}/propose_review/")
        second.take(case.number, "request_supplement", missing_items="Layar utuh")
        before = written()
        page = first.send(
            old, "/propose_review/", analysis="Analisis yang lama ditulis", finding="DISCIPLINE", level="MINOR"
        )
    assert page.status == 409
    assert "Analisis yang lama ditulis" in page.text
    assert "asked Bawaslu for a supplement" in page.text
    assert "Ardiansyah Nugraha" in page.text
    assert "Supplement requested" in page.text
    assert written() == before


def test_a_stale_form_that_still_fits_can_be_sent_again(world: Loaded, told: Told) -> None:
    case = told("register")
    first, second = Person(world.officer("yuni")), Person(world.officer("galih"))
    with on("2024-11-05"):
        invited = {"people-0-role": "REPORTED", "scheduled_on": "2024-11-07", "place": "Ruang A"}
        second.take(case.number, "invite", **invited)
        old = first.get(f"/cases/{case.number}/invite/")
        second.take(case.number, "invite", **invited | {"scheduled_on": "2024-11-08"})
        page = first.send(old, "/invite/", **invited | {"people-0-role": "WITNESS", "people-0-name": "Paiman"})
        assert page.status == 409
        assert page.form("/invite/").fields["people-0-name"] == "Paiman"
        assert first.send(page, "/invite/").status == 200
    assert case.summonses.count() == 3


def test_the_same_button_twice_does_one_thing(world: Loaded, told: Told) -> None:
    case = told("forward")
    person = Person(world.officer("rina"))
    page = person.get(f"/cases/{case.number}/accept/")
    assert person.send(page, "/accept/").status == 200
    before = written()
    assert person.send(page, "/accept/").status == 409
    assert written() == before


def test_an_address_of_a_step_that_is_over_leads_to_the_case(world: Loaded, told: Told) -> None:
    case = told("accept")
    page = Person(world.officer("rina")).get(f"/cases/{case.number}/accept/")
    assert page.url == f"/cases/{case.number}/"
    assert "is not possible while" in page.text


def test_a_forged_step_out_of_order_does_nothing(world: Loaded, told: Told) -> None:
    case = told("accept")
    before = written()
    response = Person(world.officer("rina")).client.post(f"/cases/{case.number}/accept/", {"seen": case.seen_token})
    assert response.status_code == 409
    assert written() == before


def test_cautions_are_said_afterwards(world: Loaded, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    case = told("forward")
    cautious = replace(STEP["accept"], cautions=("summons_notice",))
    monkeypatch.setitem(STEP, "accept", cautious)
    monkeypatch.setitem(GUARDS, "summons_notice", replace(GUARDS["summons_notice"], check=lambda s: "Short notice."))
    page = Person(world.officer("rina")).take(case.number, "accept")
    assert page.status == 200
    assert page.text.count("Short notice.") == 2, "once on top, once in the timeline"


# ------------------------------------------------------------------ beside the steps
def test_evidence_is_added_on_its_tab(world: Loaded, told: Told) -> None:
    case = told("accept")
    person = Person(world.officer("rina"))
    page = person.get(f"/cases/{case.number}/", tab="evidence")
    after = person.send(page, "/evidence/", title="Berita daring", file=picture())
    assert "Berita daring" in after.text
    bad = person.send(page, "/evidence/", title="Naskah", file=SimpleUploadedFile("a.png", b"text"))
    assert bad.status == 422
    assert "Naskah" in bad.html
    assert Evidence.objects.filter(case=case).count() == 1


def test_a_note_stays_inside(world: Loaded, told: Told) -> None:
    case = told("accept")
    person = Person(world.officer("rina"))
    page = person.get(f"/cases/{case.number}/", tab="notes")
    assert "Tanya kepala dinas" in person.send(page, "/notes/", text="Tanya kepala dinas").text
    assert person.send(page, "/notes/", text=" ").status == 422
    assert "Tanya kepala dinas" in Person(world.officer("sekar")).get(f"/cases/{case.number}/", tab="notes").text
    assert "Tanya kepala dinas" not in Person(world.officer("yuni")).get(f"/cases/{case.number}/", tab="notes").text


@pytest.mark.parametrize("what", ["evidence", "notes"])
def test_an_auditor_adds_nothing(world: Loaded, told: Told, what: str) -> None:
    case = told("accept")
    response = Person(world.officer("sekar")).client.post(f"/cases/{case.number}/{what}/", {"text": "x", "title": "x"})
    assert response.status_code == 404
