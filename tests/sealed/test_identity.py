"""Seeing who reported: two persons, fifteen minutes, on record; and nobody else, anywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import Officer
from cases.clock import real_now
from cases.models import Case, Event, IdentityRequest, Reporter
from cases.sealed.reporter import open_identity
from cases.sealed.store import Shredded
from cases.services import errors
from cases.services.checkpoint import checkpoint
from cases.services.identity import answer_identity, ask_identity, read_identity, shred_identity
from tests.fixtures_world import Loaded
from tests.play import play

NAME, PHONE = "Kenari Rahasia Contoh", "081200007777"
REPORT = {
    "by": "yuni", "on": "2024-11-01 09:00", "origin": "REPORT", "election": "pilkada-2024", "channel": "COUNTER",
    "incident": "Mengunggah ajakan", "place": "Facebook", "occurred_on": "2024-10-30", "known_on": "2024-10-31",
    "chronology": "Terlapor mengunggah.", "reported": [{"name": "Terlapor Satu"}, {"name": "Terlapor Dua"}],
    "reporter": {"name": NAME, "address": "Gang Kenari 77", "phone": PHONE},
}  # fmt: skip


@pytest.fixture(autouse=True)
def history(settings: Any, tmp_path: Any) -> None:
    settings.HISTORY_DIR = tmp_path / "history"
    settings.HISTORY_KEY_FILE = str(tmp_path / "keys" / "history.pem")


@pytest.fixture
def case(world: Loaded) -> Case:
    return play({"report": REPORT}).cases[0]


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def released(case: Case, asker: Officer, other: Officer) -> IdentityRequest:
    request = ask_identity(case=case, actor=asker, reason="Menghubungi pelapor untuk klarifikasi.")
    return answer_identity(request=request, actor=other, release=True)


def test_asked_released_read(case: Case, world: Loaded) -> None:
    yuni, hendra = world.officer("yuni"), world.officer("hendra")
    asker, releaser = browser(yuni), browser(hendra)
    page, read = f"/cases/{case.number}/identity/", f"/cases/{case.number}/identity/read/"
    assert page in asker.get(case.get_absolute_url()).content.decode()
    assert asker.get(read).status_code == 302
    assert asker.post(page, {"reason": "  "}).status_code == 422
    assert asker.post(page, {"reason": "Menghubungi pelapor."}).status_code == 302
    assert "Menghubungi pelapor." in releaser.get(page).content.decode()
    row = IdentityRequest.objects.get()
    asker.post(page, {"request": row.pk, "answer": "release"})  # nobody releases to themselves
    assert IdentityRequest.objects.get().open_until is None
    assert releaser.post(page, {"request": row.pk, "answer": "release"}).status_code == 302
    answer = asker.get(read)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert NAME in text
    assert PHONE in text
    assert text.count(yuni.name) > 3  # whose copy it is
    assert releaser.get(read).status_code == 302  # released to the asker, not to the house
    names = list(Event.objects.filter(case=case, kind="SEALED").values_list("name", "actor_name"))
    assert names == [("ask_identity", yuni.name), ("release_identity", hendra.name)]
    reading = Event.objects.get(name="identity_read")
    assert (reading.actor, reading.case_number, reading.stream) == (yuni, case.number, f"access:{yuni.pk}")
    timeline = browser(world.officer("sekar")).get(case.get_absolute_url()).content.decode()
    assert hendra.name in timeline  # the auditor sees that, and who
    assert NAME not in timeline
    told = str(list(Event.objects.values_list("data", "changes", "reason")))
    assert NAME not in told
    assert PHONE not in told


def test_the_minutes_end(case: Case, world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    yuni = world.officer("yuni")
    released(case, yuni, world.officer("hendra"))
    later = real_now() + dt.timedelta(minutes=14, seconds=50)
    monkeypatch.setattr("cases.services.identity.real_now", lambda: later)
    assert read_identity(case=case, reader=yuni)[1]["name"] == NAME
    monkeypatch.setattr("cases.services.identity.real_now", lambda: later + dt.timedelta(seconds=15))
    with pytest.raises(errors.WrongDesk):
        read_identity(case=case, reader=yuni)


@pytest.mark.parametrize("who", ["rina", "agus", "wahyu", "sekar", "admin", "ningsih", "tomi"])
def test_nobody_else_asks_answers_or_reads(case: Case, world: Loaded, who: str) -> None:
    other = world.officer(who)
    request = ask_identity(case=case, actor=world.officer("yuni"), reason="Perlu.")
    for act in (
        lambda: ask_identity(case=case, actor=other, reason="Perlu."),
        lambda: answer_identity(request=request, actor=other, release=True),
        lambda: read_identity(case=case, reader=other),
    ):
        with pytest.raises((errors.WrongDesk, errors.NotVisible)):
            act()
    client = browser(other)
    for path in ("", "read/"):
        assert client.get(f"/cases/{case.number}/identity/{path}").status_code == 404


def test_the_second_person_is_another_person_not_another_account(case: Case, world: Loaded) -> None:
    yuni, hendra = world.officer("yuni"), world.officer("hendra")
    Officer.objects.filter(pk=hendra.pk).update(nip=yuni.nip)
    hendra.refresh_from_db()
    request = ask_identity(case=case, actor=yuni, reason="Perlu.")
    with pytest.raises(errors.FourEyes):
        answer_identity(request=request, actor=hendra, release=True)


def test_refused_stays_closed_and_answered_once(case: Case, world: Loaded) -> None:
    yuni, hendra = world.officer("yuni"), world.officer("hendra")
    request = ask_identity(case=case, actor=yuni, reason="Perlu.")
    with pytest.raises(errors.Refused):  # one at a time
        ask_identity(case=case, actor=yuni, reason="Sekali lagi.")
    answer_identity(request=request, actor=hendra, release=False)
    with pytest.raises(errors.WrongDesk):
        read_identity(case=case, reader=yuni)
    with pytest.raises(errors.Refused):
        answer_identity(request=request, actor=hendra, release=True)
    assert ask_identity(case=case, actor=yuni, reason="Sekali lagi.")


def test_shredding_takes_two_persons_and_the_history_still_verifies(case: Case, world: Loaded) -> None:
    yuni, hendra = world.officer("yuni"), world.officer("hendra")
    with pytest.raises(errors.FourEyes):
        shred_identity(case=case, actor=hendra, second=hendra, reason="Permintaan subjek data.")
    with pytest.raises(errors.WrongDesk):
        shred_identity(case=case, actor=yuni, second=hendra, reason="Permintaan subjek data.")
    for wrong in ("sekar", "ningsih"):
        with pytest.raises((errors.WrongDesk, errors.NotVisible)):
            shred_identity(case=case, actor=hendra, second=world.officer(wrong), reason="x")
    assert Reporter.objects.get().salt
    with pytest.raises(CommandError):
        call_command(
            "shred_identity", case.number, by=hendra.user.email, second=hendra.user.email, reason="Permintaan."
        )
    call_command("shred_identity", case.number, by=hendra.user.email, second=yuni.user.email, reason="Permintaan.")
    assert Event.objects.filter(kind="SEALED", name="shred").count() == 2  # one on each case of the report
    with pytest.raises(errors.Refused):
        ask_identity(case=case, actor=yuni, reason="Perlu.")
    with pytest.raises(Shredded):
        open_identity(Reporter.objects.get())
    checkpoint()
    call_command("verify_history")
