"""Who is told what, once; how mail goes out, fails, is given up and retried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import TestCase

from accounts.models import Officer
from cases.models import Case, Mail, Notice
from cases.notices import DIGEST, NOTICE_KINDS, NOW, OFF
from cases.services import daily, notify, outbox
from cases.services.errors import Refused
from cases.services.move import move
from tests.clock.conftest import Wall
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db

Told = Callable[[str], Case]


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def told_to(case: Case, **filters: Any) -> set[tuple[str, str]]:
    rows = Notice.objects.filter(case=case, **filters).select_related("officer")
    return {(row.kind, row.officer.name.split()[0].strip(",")) for row in rows}


def test_playback_tells_the_bell_but_sends_nothing(told: Told) -> None:
    case = told("forward")
    assert ("your_turn", "Rina") in told_to(case, read_at=None)
    assert not Mail.objects.exists()


def test_the_next_desk_is_told_and_what_is_done_is_cleared(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("conclude_clarification")
    wall.at("2024-10-06 10:00")
    form = {
        "facts": "x", "analysis": "x", "conclusion": "x", "proposed_outcome": "FORWARD", "element_act": "x",
        "element_subject": "x", "element_target": "x",
    }  # fmt: skip
    move(case=case, step="propose", actor=world.officer("yuni"), seen=case.seen_token, **form)
    case = again(case)
    assert told_to(case, read_at=None) == {("your_turn", "Hendra"), ("your_turn", "Laras")}
    mails = Mail.objects.filter(officer__in=[world.officer("hendra"), world.officer("laras")])
    assert mails.count() == 2
    for row in mails:
        assert case.number in row.subject
        assert f"/cases/{case.number}/" in row.body
        for name in (case.subject_name, case.subject_nip, case.reported_name, "Hendra"):
            assert name not in row.subject + row.body, "a mail names nobody"
    move(case=case, step="return_assessment", actor=world.officer("hendra"), seen=case.seen_token, reason="Lengkapi")
    assert told_to(case, read_at=None) == {("your_turn", "Yuni"), ("your_turn", "Galih")}


def test_the_other_side_has_answered(told: Told, world: Loaded, wall: Wall) -> None:
    case = told("accept")
    wall.at("2024-10-09 08:00")
    move(
        case=case, step="request_supplement", actor=world.officer("rina"), seen=case.seen_token, missing_items="Rekaman"
    )
    case = again(case)
    assert told_to(case, read_at=None) >= {("your_turn", "Yuni"), ("your_turn", "Galih")}
    wall.at("2024-10-10 08:00")
    move(case=case, step="supply", actor=world.officer("yuni"), seen=case.seen_token, added="Rekaman")
    assert ("answered", "Rina") in told_to(case, read_at=None)
    assert ("your_turn", "Yuni") not in told_to(case, read_at=None)


def test_nobody_outside_learns_of_an_early_case(told: Told, world: Loaded) -> None:
    kinds = {row.officer.institution.kind for row in Notice.objects.filter(case=told("propose"))}
    assert kinds == {"BAWASLU"}


def test_legal_kinds_cannot_be_turned_off(world: Loaded) -> None:
    rina = world.officer("rina")
    for kind in NOTICE_KINDS:
        if kind.legal:
            with pytest.raises(Refused):
                notify.choose(officer=rina, kind=kind.name, delivery=OFF)
            notify.choose(officer=rina, kind=kind.name, delivery=DIGEST)
        else:
            notify.choose(officer=rina, kind=kind.name, delivery=OFF)
    with pytest.raises(Refused):
        notify.choose(officer=rina, kind="spam", delivery=NOW)
    chosen = notify.choices_of(rina)
    assert all(chosen[kind.name] == (DIGEST if kind.legal else OFF) for kind in NOTICE_KINDS)


def _notice(case: Case, officer: Officer, about: str = "x", kind: str = "your_turn") -> Notice:
    found = notify.write_notices(
        case=case, about=about, told=[notify.Told(officer, kind)], facts={"date": "2024-10-14"}
    )
    return found[0]


def test_the_same_notice_is_written_once(told: Told, world: Loaded, wall: Wall) -> None:
    case, rina = told("accept"), world.officer("rina")
    Notice.objects.all().delete()
    wall.at("2024-10-09 08:00")
    for _ in range(10):
        notify.write_notices(case=case, about="x", told=[notify.Told(rina, "your_turn")] * 2, facts={})
    assert Notice.objects.count() == Mail.objects.count() == 1


def test_the_same_message_ten_times_sends_one_mail(told: Told, world: Loaded, wall: Wall) -> None:
    case, rina = told("accept"), world.officer("rina")
    wall.at("2024-10-09 08:00")
    mail = _notice(case, rina).mail
    assert mail is not None
    assert [outbox.send(mail.pk) for _ in range(10)] == [True] + [False] * 9
    assert len(django_mail.outbox) == 1
    sent = django_mail.outbox[0]
    assert sent.to == [rina.user.email]
    assert sent.extra_headers["Message-ID"] == outbox.message_id(mail)
    assert Mail.objects.get(pk=mail.pk).status == Mail.Status.SENT


class Broken(BaseEmailBackend):
    """A server that refuses."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no server")


def test_a_failing_server_is_tried_again_later_then_given_up_then_retried(
    told: Told, world: Loaded, wall: Wall, settings: Any
) -> None:
    case, rina = told("accept"), world.officer("rina")
    moment = wall.at("2024-10-09 08:00")
    mail = _notice(case, rina).mail
    assert mail is not None
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    waits = []
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        assert outbox.sweep_mail() == 0
        mail.refresh_from_db()
        assert mail.attempts == attempt
        waits.append((mail.next_try_at - moment).total_seconds())
        assert outbox.sweep_mail() == 0
        mail.refresh_from_db()
        assert mail.attempts == attempt, "not before its time"
        moment = wall.at(mail.next_try_at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(), dt.UTC)
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280]
    assert (mail.status, mail.error) == (Mail.Status.DEAD, "ConnectionRefusedError: no server")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.sweep_mail() == 0, "a mail given up waits for a person"
    outbox.retry_mail(mail)
    assert outbox.sweep_mail() == 1
    assert len(django_mail.outbox) == 1


def test_a_worker_that_dies_while_sending_loses_its_lease(told: Told, world: Loaded, wall: Wall) -> None:
    case, rina = told("accept"), world.officer("rina")
    moment = wall.at("2024-10-09 08:00")
    mail = _notice(case, rina).mail
    assert mail is not None
    Mail.objects.filter(pk=mail.pk).update(leased_until=moment + outbox.LEASE, attempts=1)
    assert not outbox.send(mail.pk), "in another worker's hands"
    assert dt.timedelta(seconds=30) > outbox.LEASE
    wall.at("2024-10-09 08:00:20")
    assert outbox.sweep_mail() == 1


def test_the_wake_up_comes_after_the_commit_and_may_be_lost(
    told: Told, world: Loaded, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, rina = told("accept"), world.officer("rina")
    wall.at("2024-10-09 08:00")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("no broker")

    monkeypatch.setattr("cases.services.outbox.current_app.send_task", broken)
    with TestCase.captureOnCommitCallbacks() as callbacks:
        _notice(case, rina)
    assert len(callbacks) == 1
    with pytest.raises(OSError, match="no broker"):
        callbacks[0]()  # robust: Django logs it and goes on
    assert outbox.sweep_mail() == 1


def test_digest_gathers_once_a_day_what_is_unread(told: Told, world: Loaded, wall: Wall) -> None:
    case, rina = told("accept"), world.officer("rina")
    Notice.objects.all().delete()
    wall.at("2024-10-09 06:00")
    notify.choose(officer=rina, kind="your_turn", delivery=DIGEST)
    first, second = _notice(case, rina, "1"), _notice(case, rina, "2")
    third = _notice(case, rina, "3")
    notify.mark_read(officer=rina, ids=[third.pk])
    assert not Mail.objects.exists()
    assert daily.send_digests() == 0, "not before seven"
    wall.at("2024-10-09 07:00")
    assert [daily.send_digests() for _ in range(3)] == [1, 0, 0]
    mail = Mail.objects.get()
    assert set(mail.notices.all()) == {first, second}
    assert mail.body.count(f"/cases/{case.number}/") == 2
    fourth = _notice(case, rina, "4")
    assert daily.send_digests() == 0, "one a day"
    wall.at("2024-10-10 07:00")
    assert daily.send_digests() == 1
    assert Notice.objects.get(pk=fourth.pk).mail not in (None, mail)


def test_the_bell_counts_what_is_unread_and_visible(told: Told, world: Loaded, wall: Wall) -> None:
    case, rina = told("accept"), world.officer("rina")
    wall.at("2024-10-09 08:00")
    Notice.objects.all().delete()
    _notice(case, rina)
    assert notify.unread_count(rina) == 1
    foreign = world.officer("ningsih")
    _notice(case, foreign)
    assert notify.unread_count(foreign) == 0
    assert notify.mark_read(officer=rina) == 1
    assert notify.unread_count(rina) == 0
