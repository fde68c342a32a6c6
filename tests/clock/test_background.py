"""What fails for good is kept, shown to the administrator, tried again, and crossed out once it has run."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.test import Client

from cases.clock import real_now
from cases.models import GivenUpTask, Heartbeat, Letter, Mail
from cases.selectors.work import forget
from cases.services import background, letters, notify, outbox
from cases.services.daily import beat
from cases.services.errors import Refused, WrongDesk
from cases.tasks import daily_work, render_letter, send_mails
from portal import watchdog
from portal.watchdog import Ear, Watchdog
from tests.clock.conftest import Wall, tell
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, str]]:
    """Messages given to the broker."""
    found: list[tuple[str, Any, str]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args=(), queue="", **kwargs: found.append((name, list(args), queue))
    )
    return found


def fail(text: str = "secret words about somebody") -> ValueError:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_a_failure_is_kept_once_counted_and_quotes_nobody() -> None:
    for _ in range(3):
        row = background.note_failure(task="cases.tasks.daily_work", args=["2024-10-14"], queue="mail", error=fail())
    background.note_failure(task="cases.tasks.daily_work", args=[], queue="mail", error=fail())
    assert GivenUpTask.objects.count() == 2
    row.refresh_from_db()
    assert (row.times, row.queue) == (3, "mail")
    assert row.error.startswith("ValueError (test_background.py:")
    assert "secret" not in row.error


def test_success_crosses_out_and_the_next_failure_is_a_new_row() -> None:
    background.note_failure(task="t", args=[1], queue="mail", error=fail())
    background.note_success(task="t", args=[2])
    assert GivenUpTask.objects.get().done_at is None
    background.note_success(task="t", args=[1])
    assert GivenUpTask.objects.get().done_at is not None
    background.note_failure(task="t", args=[1], queue="mail", error=fail())
    assert GivenUpTask.objects.filter(done_at=None).count() == 1


def test_a_task_that_keeps_failing_is_retried_with_growing_pauses_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Celery's own retries, without its waiting; afterwards the row, and a run that works crosses it out."""
    runs: list[int] = []

    def broken(_on: Any) -> None:
        runs.append(1)
        raise ConnectionError("down")

    monkeypatch.setattr("cases.services.daily.run", broken)
    assert daily_work.apply(args=["2024-10-14"]).failed()
    assert len(runs) == 1 + daily_work.max_retries == 6
    assert (daily_work.retry_backoff, daily_work.retry_backoff_max) == (5, 300)
    row = GivenUpTask.objects.get()
    assert (row.task, row.args, row.times) == ("cases.tasks.daily_work", ["2024-10-14"], 1)
    monkeypatch.setattr("cases.services.daily.run", lambda _on: None)
    daily_work.apply(args=["2024-10-14"])
    assert GivenUpTask.objects.get().done_at is not None


def test_every_task_goes_to_a_queue_somebody_reads_and_has_a_limit() -> None:
    from portal.celery import QUEUES

    plan = current_app.conf.beat_schedule.values()
    assert {entry["options"]["queue"] for entry in plan} <= set(QUEUES)
    assert {render_letter.max_retries, send_mails.max_retries} == {5}
    assert 0 < current_app.conf.task_soft_time_limit < current_app.conf.task_time_limit


def test_what_a_dead_worker_had_in_hand_is_looked_for_within_half_a_minute() -> None:
    """The longest way: taken just before the death, and the sweep just missed. ``make crash`` measures it."""
    plan = {entry["task"]: entry["schedule"] for entry in current_app.conf.beat_schedule.values()}
    room = 5.0  # to do the work itself
    assert outbox.LEASE.total_seconds() + plan["cases.tasks.sweep_mail"] + room <= 30
    assert letters.BACKOFF[0].total_seconds() + plan["cases.tasks.sweep_letters"] + room <= 30


def test_the_watchdog_ends_a_worker_whose_task_hangs_and_no_other() -> None:
    ends: list[int] = []
    dog = Watchdog(end=lambda: ends.append(1))
    dog.begun("a", "quick", 60)
    dog.begun("b", "hangs", 0.05)
    dog.look()
    assert ends == []
    time.sleep(0.1)
    dog.look()
    assert ends == [1]
    dog.ended("b")
    dog.look()
    assert ends == [1]


def test_a_worker_that_hears_nothing_although_messages_wait_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no other: not one whose hands are full, not one with nothing to hear, not one that hears."""
    clock, ends, there = [0.0], [0], {"waiting": 1, "free": True}
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: clock[0])
    ear = Ear(lambda: there["waiting"], lambda: bool(there["free"]), lambda: ends.__setitem__(0, ends[0] + 1))

    def pass_by(**now: Any) -> int:
        there.update({"waiting": 1, "free": True} | now)
        ends[0] = 0
        for _ in range(10):
            clock[0] += watchdog.LISTEN_EVERY
            ear.look()
            if now.get("hears"):
                ear.heard()
        return ends[0]

    assert pass_by(waiting=0) == pass_by(free=False) == pass_by(hears=True) == 0
    assert pass_by() > 0


def _mail(world: Loaded, wall: Wall) -> Mail:
    case = tell("accept")
    wall.at("2024-10-09 08:00")
    told = [notify.Told(world.officer("rina"), "your_turn")]
    mail = notify.write_notices(case=case, about="x", told=told, facts={"date": "2024-10-14"})[0].mail
    assert mail is not None
    return mail


def test_a_mail_that_kills_its_workers_is_given_up(world: Loaded, wall: Wall) -> None:
    mail = _mail(world, wall)
    Mail.objects.filter(pk=mail.pk).update(attempts=outbox.MAX_ATTEMPTS)
    assert not outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.status == Mail.Status.DEAD


def test_a_slow_server_does_not_hold_the_sweep(world: Loaded, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    _mail(world, wall)
    tried: list[Any] = []

    def slowly(pk: Any) -> bool:
        tried.append(pk)
        time.sleep(0.02)
        return False

    template = Mail.objects.get()
    for n in range(5):
        Mail.objects.create(
            officer=template.officer, to=template.to, subject=f"{n}", body="", next_try_at=template.next_try_at,
            created_at=template.created_at,
        )  # fmt: skip
    monkeypatch.setattr(outbox, "send", slowly)
    outbox.sweep_mail(within=0.03)
    assert 1 <= len(tried) < 6


def test_the_page_shows_what_was_given_up_and_has_it_tried_again(
    world: Loaded, wall: Wall, sit: Callable[[str], Client], sent: list[tuple[str, Any, str]]
) -> None:
    mail = _mail(world, wall)
    Mail.objects.filter(pk=mail.pk).update(status=Mail.Status.DEAD, attempts=8, error="ConnectionRefusedError: no")
    letter = Letter.objects.filter(case=mail.notices.get().case).first()
    assert letter is not None
    Letter.objects.filter(pk=letter.pk).update(
        status=Letter.Status.FAILED, attempts=3, error="ValueError: Budi menyukai unggahan"
    )
    background.note_failure(task="cases.tasks.daily_work", args=["2024-10-14"], queue="mail", error=fail())
    client = sit("admin")
    text = client.get("/background/").content.decode()
    for there in (mail.subject, letter.number, "ConnectionRefusedError", "ValueError"):
        assert there in text
    for nobody in ("Budi", "secret words", letter.case.subject_name, letter.subject):
        assert nobody not in text
    for name in ("rina", "pramono", "sekar"):
        assert sit(name).get("/background/").status_code == 404
        assert sit(name).post("/background/retry/", {"kind": "mail"}).status_code == 404

    assert client.post("/background/retry/", {"kind": "mail", "key": str(mail.pk)}).status_code == 302
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (Mail.Status.PENDING, 0)
    again = client.post("/background/retry/", {"kind": "mail", "key": str(mail.pk)}, follow=True).content.decode()
    assert "note-warn" in again, "clicked twice: explained"
    client.post("/background/retry/", {"kind": "letter"})
    letter.refresh_from_db()
    assert letter.status == Letter.Status.PENDING
    client.post("/background/retry/", {"kind": "task", "key": str(GivenUpTask.objects.get().pk)})
    assert ("cases.tasks.daily_work", ["2024-10-14"], "mail") in sent
    assert GivenUpTask.objects.get().done_at is None, "open until it has run"
    assert client.get("/health/").json()["given_up"] == 1
    assert "portal_tasks_given_up 1.0" in client.get("/metrics/").content.decode()
    for nonsense in ({"kind": "x"}, {}):
        assert client.post("/background/retry/", nonsense).status_code == 404
    for key in ("x", "9" * 40, "\x00"):
        for kind in background.KINDS:
            assert client.post("/background/retry/", {"kind": kind, "key": key}).status_code == 302


def test_only_the_administrator_has_things_tried_again(world: Loaded) -> None:
    with pytest.raises(WrongDesk):
        background.try_again(actor=world.officer("sekar"), kind="mail", key="1")
    with pytest.raises(Refused):
        background.try_all_again(actor=world.officer("admin"), kind="nothing")


def test_the_page_says_when_work_is_behind_or_the_broker_is_gone(
    world: Loaded, sit: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sit("admin")
    beat("mail")
    forget()
    assert "note-good" in client.get("/background/").content.decode()
    Heartbeat.objects.update(at=real_now() - dt.timedelta(minutes=5))
    forget()
    text = client.get("/background/").content.decode()
    assert text.count("note-warn") == 2, "the headline, and what every page says"
    assert "5 menit yang lalu" in text
    monkeypatch.setattr("portal.background.broker_answers", lambda: False)
    assert "note-danger" in client.get("/background/").content.decode()
