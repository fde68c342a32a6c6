"""The deadline card, and the acts on a deadline over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cases.models import Case
from tests.clock.conftest import Wall, tell, wall  # noqa: F401

pytestmark = pytest.mark.django_db


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_the_days_of_a_deadline_are_told(sit: Callable[[str], Client], wall: Wall) -> None:  # noqa: F811
    case = tell("accept")
    wall.at("2024-10-10 08:00")
    text = sit("rina").get(f"/cases/{case.number}/").content.decode()
    assert "Bagaimana tenggat ini dihitung?" in text or "How is this deadline counted?" in text
    assert text.count('<li class="day ') == 8
    assert "day-start" in text
    assert "day-due" in text
    assert "day-today" in text


def test_receipt_is_confirmed_on_the_case_page(sit: Callable[[str], Client], wall: Wall) -> None:  # noqa: F811
    case = tell("recommend_sanction")
    wall.at("2024-10-18 08:00")
    address = f"/cases/{case.number}/deadline/acknowledge_receipt/"
    assert address in sit("agus").get(f"/cases/{case.number}/").content.decode()
    for name in ("wahyu", "rina", "yuni"):
        assert address not in sit(name).get(f"/cases/{case.number}/").content.decode()
        assert sit(name).post(address, {"seen": case.seen_token, "received_on": "2024-10-17"}).status_code == 404
    client = sit("agus")
    assert client.post(address, {"seen": "forwarded.1", "received_on": "2024-10-17"}).status_code == 409
    wrong = client.post(address, {"seen": case.seen_token, "received_on": "2024-10-30"})
    assert wrong.status_code == 422
    assert 'value="2024-10-30"' in wrong.content.decode()
    assert client.post(address, {"seen": case.seen_token, "received_on": "2024-10-17"}).status_code == 302
    assert again(case).due_on.isoformat() == "2024-10-31"
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert address not in page, "once"
    assert client.post(address, {"seen": case.seen_token, "received_on": "2024-10-17"}).status_code == 404


def test_extension_pause_and_resume_on_the_case_page(sit: Callable[[str], Client], wall: Wall) -> None:  # noqa: F811
    case, later = tell("register"), tell("accept")
    wall.at("2024-10-05 08:00")
    extend = f"/cases/{case.number}/deadline/extend_deadline/"
    assert sit("hendra").post(extend, {"seen": case.seen_token, "reason": ""}).status_code == 422
    assert sit("hendra").post(extend, {"seen": case.seen_token, "reason": "Saksi sakit"}).status_code == 302
    page = sit("yuni").get(f"/cases/{case.number}/").content.decode()
    assert "Saksi sakit" in page
    wall.at("2024-10-09 08:00")
    client = sit("rina")
    for act, paused in (("pause_deadline", True), ("resume_deadline", False)):
        address = f"/cases/{later.number}/deadline/{act}/"
        assert address in client.get(f"/cases/{later.number}/").content.decode()
        assert client.post(address, {"seen": later.seen_token, "reason": "Sistem mati"}).status_code == 302
        assert again(later).clock_paused is paused
    assert client.post(f"/cases/{later.number}/deadline/nonsense/", {"seen": later.seen_token}).status_code == 404


def test_auditors_read_the_computation_and_are_offered_nothing(
    sit: Callable[[str], Client],
    wall: Wall,  # noqa: F811
) -> None:
    case = tell("recommend_sanction")
    wall.at("2024-10-18 08:00")
    text = sit("sekar").get(f"/cases/{case.number}/").content.decode()
    assert '<li class="day ' in text
    assert "/deadline/" not in text
