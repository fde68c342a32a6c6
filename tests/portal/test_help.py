"""Help: a text for every page, the law of a case for who may see it, words in both languages, keys that can be off."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils.translation import override

from cases import workflow
from cases.catalogue.choices import Confidence
from cases.models import DeadlineRule, StepBasis
from cases.selectors.legal import step_bases
from portal.help.glossary import _rows, glossary
from portal.help.keys import GENERAL, PLACES
from portal.help.texts import HELP, about, topic_of
from tests.fixtures_world import Loaded
from tests.play import play
from tests.screens.conftest import REPORT, STEPS
from tests.screens.pages import ROWS

pytestmark = pytest.mark.django_db


def test_every_page_has_a_help_text() -> None:
    assert {row.view for row in ROWS if not topic_of(row.view)} == set()


def test_topics_are_addresses_of_their_own() -> None:
    topics = [topic_of(view) for view in HELP]
    assert len(topics) == len(set(topics))
    assert all(re.fullmatch(r"[\w-]+", topic) for topic in topics)
    assert about(topic_of("admin:cases_case_changelist")) is HELP["admin:*"]
    assert topic_of("nothing:here") == ""


@pytest.mark.parametrize("view", sorted(HELP))
def test_help_opens_without_javascript_and_without_signing_in(client: Client, view: str) -> None:
    page = client.get(f"/bantuan/{topic_of(view)}/", headers={"accept-language": "en"})
    assert page.status_code == 200
    with override("en"):
        assert str(HELP[view].lines[0]) in page.content.decode().replace("&#x27;", "'")


def test_the_panel_gets_the_body_alone(client: Client) -> None:
    part = client.get("/bantuan/cases-tasks/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert "<kbd>" in part
    assert client.get("/bantuan/cases-tasks/")["Vary"].count("HX-Request") == 1
    assert client.get("/bantuan/no-such-page/").status_code == 404


def test_the_law_of_a_case_is_for_who_may_see_it(world: Loaded, client: Client) -> None:
    case = play({"report": REPORT, "steps": STEPS}).case
    rule = DeadlineRule.objects.get(code="reviewer_review")
    address = f"/bantuan/cases-detail/?case={case.number}"
    client.force_login(world.officer("rina").user)
    text = client.get(address).content.decode()
    assert rule.legal_basis in text
    assert case.violation.sanction_basis in text
    assert f"/bantuan/cases-detail/?case={case.number}" in client.get(f"/cases/{case.number}/").content.decode()
    client.force_login(world.officer("ningsih").user)
    assert client.get(address).status_code == 404
    stranger = Client().get(address)
    assert stranger.status_code == 200
    assert rule.legal_basis not in stranger.content.decode()


@pytest.mark.parametrize("regime", ["PEMILU", "PILKADA"])
@pytest.mark.parametrize("day", ["2022-09-22", "2024-08-23", "2024-08-24", "2024-11-29", "2026-01-05"])
def test_every_step_rests_on_dated_law(world: Loaded, regime: str, day: str) -> None:
    names = {step.name for step in workflow.all_steps()}
    assert set(StepBasis.objects.values_list("step", flat=True)) == names, "rows of steps nobody can take"
    bases = step_bases(names, dt.date.fromisoformat(day), regime)
    assert set(bases) == names
    assert all(re.search(r"\d", text) for text in bases.values()), "each names a law"


def test_the_help_beside_a_case_tells_the_law_of_its_steps_and_follows_the_table(world: Loaded, client: Client) -> None:
    case = play({"report": REPORT, "steps": STEPS}).case
    client.force_login(world.officer("rina").user)
    address = f"/bantuan/cases-detail/?case={case.number}"
    client.get(address, headers={"accept-language": "en"})
    row = StepBasis.objects.get(step="propose_review", valid_to=None)
    text = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Step “Propose the review result”" in text
    assert row.legal_basis in text
    row.legal_basis, row.confidence = "UU 1/2030 Ps 9", Confidence.MEMORY
    row.save()
    text = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "UU 1/2030 Ps 9 (From memory, to be checked)" in text
    every = Client().get("/bantuan/", headers={"accept-language": "en"}).content.decode()
    assert "UU 1/2030 Ps 9" in every
    assert all(step.label in every.replace("&#x27;", "'") for step in workflow.all_steps())


def test_words_have_both_languages() -> None:
    assert len(_rows()) >= 15
    assert all(len(row) == 4 and all(row) for row in _rows())
    with override("en"):
        english = glossary()
    with override("id"):
        indonesian = glossary()
    assert len(english) == len(indonesian) == len(dict(english)) == len(dict(indonesian))
    assert [word for word, _meaning in indonesian] == sorted((w for w, _m in indonesian), key=str.casefold)


def test_no_key_means_two_things() -> None:
    keys = [*(key for key, _what in GENERAL), *PLACES.values()]
    assert len(keys) == len(set(keys))
    assert all(len(key) == 1 for key in keys)


def test_single_keys_can_be_switched_off(client: Client) -> None:
    answer = client.post("/bantuan/tombol/", {"keys": "off", "next": "/bantuan/"})
    assert (answer.status_code, answer["Location"]) == (302, "/bantuan/")
    assert 'data-keys="off"' in client.get("/bantuan/").content.decode()
    assert client.post("/bantuan/tombol/", {"keys": "on", "next": "https://example.org/"})["Location"] == "/"
    assert "data-keys" not in client.get("/bantuan/").content.decode()
    assert client.get("/bantuan/tombol/").status_code == 405
