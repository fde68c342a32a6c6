"""The auditor's pages: find, compare, check; nobody else gets in and nothing can be changed."""

from __future__ import annotations

import re

import pytest

from cases.models import Case, Event
from tests.audit.history import make_history
from tests.audit.test_access import auditor_of, signed_in
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: Loaded) -> Case:
    make_history(letters=1)
    return Case.objects.order_by("pk")[0]


def test_an_auditor_finds_events_by_person_case_and_kind(case: Case) -> None:
    client = signed_in(auditor_of(case))
    page = client.get("/history/")
    assert page.status_code == 200
    assert len(page.context["rows"]) > 10
    for asked in ({"q": case.number}, {"q": case.subject_name.split()[0]}, {"q": case.subject_nip, "kind": "STEP"}):
        found = client.get("/history/", asked).context["rows"]
        assert found
        assert case.number in {row["event"].case_number for row in found}
    assert not client.get("/history/", {"q": "nobody-of-this-name"}).context["rows"]
    assert not client.get("/history/", {"until": "2001-01-01"}).context["rows"]
    body = client.get("/history/", {"q": case.number}).content.decode()
    assert "<del>" in body
    # Nothing on the page changes anything but language, look, desk and session.
    posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', body)
    assert not [action for action in posts if "/history" in action or "/cases" in action]
    assert client.post("/history/").status_code in (404, 405)


def test_checking_says_the_result_in_words(case: Case) -> None:
    client = signed_in(auditor_of(case))
    whole = client.get(f"/history/check/{case.number}/")
    assert whole.status_code == 200
    assert whole.context["result"].whole
    Case.objects.filter(pk=case.pk).update(recommended_level="MINOR")
    broken = client.get(f"/history/check/{case.number}/")
    assert not broken.context["result"].whole
    assert "recommended_level" in broken.content.decode()
    assert client.get("/history/check/1999-00001/").status_code == 404


def test_heads_can_be_taken_away_and_that_is_on_record(case: Case) -> None:
    response = signed_in(auditor_of(case)).get("/history/heads/")
    assert b'"sig":"' in b"".join(response.streaming_content)
    assert Event.objects.get(stream="system:exports").name == "heads"


def test_only_auditors_and_only_of_their_region(case: Case, world: Loaded) -> None:
    assert signed_in(world.officer("yuni")).get("/history/").status_code == 404
    elsewhere = Case.objects.exclude(bawaslu__region=case.bawaslu.region).first()
    if elsewhere is not None:
        assert signed_in(auditor_of(case)).get(f"/history/check/{elsewhere.number}/").status_code == 404
