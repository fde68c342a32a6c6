"""Before signing: the letter as it will be, without a number; what is missing; what changed since it was sent back."""

from __future__ import annotations

import base64
import re

import pytest

from cases.letters.compare import GONE, NEW, SAME, changes
from cases.models import Case, Event, Letter, NumberSeries
from cases.services import preview as service
from cases.services.preview import draft_letters
from tests.fixtures_world import Loaded
from tests.screens.browser import Page, Person, on
from tests.screens.conftest import Told

pytestmark = pytest.mark.django_db

PROPOSE = {
    "facts": "Unggahan ada.", "element_subject": "PNS.", "element_act": "Mengunggah.", "element_target": "Calon.",
    "analysis": "Memenuhi unsur.", "conclusion": "Terbukti.", "proposed_outcome": "FORWARD",
}  # fmt: skip


def previewed(person: Person, case: Case, step: str, **answers: str) -> Page:
    """The page after a click on "Preview" in the step's form, without JavaScript."""
    page = person.get(f"/cases/{case.number}/{step}/")
    assert f'formaction="/cases/{case.number}/{step}/preview/"' in page.html
    form = page.form(f"/cases/{case.number}/{step}/")
    form.action = f"/cases/{case.number}/{step}/preview/"
    return person.send(page, form.action, **answers)


def rows() -> tuple[int, ...]:
    counted = sum(NumberSeries.objects.values_list("last", flat=True))
    return Event.objects.count(), Letter.objects.count(), counted, *Case.objects.values_list("last_seq", flat=True)


def test_the_draft_is_the_letter_without_its_number(world: Loaded, told: Told) -> None:
    case = told("propose")
    person = Person(world.officer("hendra"))
    before = rows()
    with on("2024-11-08", "09:00"):
        page = previewed(person, case, "forward", plenary_number="12/BA/2024")
        assert page.status == 200
        pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page.html)
        assert pictures
        assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)
        assert "Bawaslu recommendation" in page.text
        assert "Every answer the step needs is given." in page.text
        assert page.html.count("btn-primary") == 1
        assert rows() == before, "a preview leaves nothing behind"
        assert Case.objects.get(pk=case.pk).state == "plenary"
        answers = page.form(f"/cases/{case.number}/forward/").fields
        assert answers["plenary_number"] == "12/BA/2024"
        drafted = draft_letters(
            case=case, step="forward", actor=world.officer("hendra"),
            answers={**_cleaned(person, case, page)},
        )  # fmt: skip
        person.send(page, f"/cases/{case.number}/forward/")
    signed = Letter.objects.get(kind="bawaslu_recommendation")
    draft = next(one.context for one in drafted.drafts if one.kind.name == signed.kind)
    assert draft.pop("draft") is True
    assert "………" in draft.pop("number")
    frozen = dict(signed.context)
    frozen.pop("seal")
    assert frozen.pop("number") == signed.number
    assert draft == frozen, "the same builder, the same content"


def _cleaned(person: Person, case: Case, page: Page) -> dict[str, object]:
    from django.http import QueryDict

    from cases.selectors.case_file import visible_case
    from cases.selectors.case_page import CasePage
    from cases.views.common import local_day
    from cases.workflow import STEP

    officer = case.events.last() and person.officer
    found = visible_case(case.number, officer)
    data = QueryDict(mutable=True)
    data.update(page.form(f"/cases/{case.number}/forward/").fields)
    form = CasePage(found, officer, on=local_day(officer), step="forward").build_form(STEP["forward"], data)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_what_is_missing_is_listed_and_the_draft_shows_dots(world: Loaded, told: Told) -> None:
    case = told("waive_clarification")
    page = previewed(Person(world.officer("yuni")), case, "propose", **{**PROPOSE, "analysis": ""})
    assert page.status == 200
    assert "Missing:" in page.text
    assert "Every answer the step needs is given." not in page.text
    assert 'class="preview-page"' in page.html, "a missing text does not hide the page"
    assert "Unggahan ada." in page.html


def test_without_an_answer_the_letter_rests_on_there_is_a_list_but_no_page(world: Loaded, told: Told) -> None:
    case = told("waive_clarification")
    page = previewed(Person(world.officer("yuni")), case, "propose", **{**PROPOSE, "proposed_outcome": ""})
    assert page.status == 200
    assert "The draft appears as soon as" in page.text
    assert 'class="preview-page"' not in page.html


def test_what_changed_since_it_was_sent_back(world: Loaded, told: Told) -> None:
    case = told("propose")
    with on("2024-11-08"):
        Person(world.officer("hendra")).take(case.number, "return_assessment", reason="Uraian kurang tegas.")
    with on("2024-11-09"):
        page = previewed(Person(world.officer("yuni")), case, "propose", **{**PROPOSE, "analysis": "Kini tegas."})
    assert "Uraian kurang tegas." in page.text
    assert "<del>Memenuhi unsur.</del>" in page.html
    assert "<ins>Kini tegas.</ins>" in page.html
    assert "<del>Unggahan ada.</del>" not in page.html


def test_a_preview_belongs_to_the_step_s_desk(world: Loaded, told: Told) -> None:
    case = told("propose")
    address = f"/cases/{case.number}/forward/preview/"
    for name in ("yuni", "rina", "agus", "ningsih", "sekar"):
        assert Person(world.officer(name)).client.post(address, {}).status_code == 404, name
    signatory = Person(world.officer("hendra"))
    assert signatory.client.get(address).status_code == 302, "opened by its address it leads to the form"
    assert signatory.client.post(f"/cases/{case.number}/return_assessment/preview/", {}).status_code == 404, "no letter"
    assert signatory.client.post(f"/cases/{case.number}/no_such/preview/", {}).status_code == 404


def test_a_step_no_longer_possible_is_told(world: Loaded, told: Told) -> None:
    case = told("accept")
    answer = Person(world.officer("hendra")).client.post(f"/cases/{case.number}/forward/preview/", {})
    assert answer.status_code == 409


def test_a_draft_that_cannot_be_laid_out_says_why(world: Loaded, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    from cases.letters.press import Press
    from cases.letters.rendering import RenderingFailed

    def fail(*_: object, **__: object) -> None:
        raise RenderingFailed("not done", code="time")

    monkeypatch.setattr(Press, "print", fail)
    page = previewed(Person(world.officer("yuni")), told("waive_clarification"), "propose", **PROPOSE)
    assert "Laying it out took too long." in page.text


def test_only_a_few_letters_are_drafted(world: Loaded, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_LETTERS", 1)
    case = told("propose")
    drafted = draft_letters(case=case, step="dismiss", actor=world.officer("hendra"), answers={"reason": "x"})
    assert len(drafted.drafts) <= 1


def test_changes_are_shown_with_their_neighbours_only() -> None:
    found = changes(["a", "b", "c", "d", "e"], ["a", "b", "x", "d", "e"])
    assert [(one.how, one.text) for one in found] == [(SAME, "b"), (GONE, "c"), (NEW, "x"), (SAME, "d")]
    assert changes(["a"], ["a"]) == []
