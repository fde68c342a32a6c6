"""Two beats at once, ten workers with one message: real commits, real threads, on both engines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connection, connections

from cases.models import Event, Letter, Mail, Notice, Reminder
from cases.notices import DIGEST
from cases.services import daily, letters, notify, outbox
from tests.clock.conftest import Wall, tell
from tests.fixtures_world import Loaded, load_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told_world(transactional_db: None) -> Iterator[Loaded]:
    """The world with real commits."""
    yield load_world()
    connections.close_all()


def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run ``work`` in so many threads, all starting together."""
    barrier = Barrier(count)

    def one(_index: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_beats_at_once_give_each_reminder_once(told_world: Loaded, wall: Wall) -> None:
    case = tell("accept")
    for officer in ("rina", "ardi"):
        notify.choose(officer=told_world.officer(officer), kind="overdue", delivery=DIGEST)
    Notice.objects.all().delete()
    wall.at("2024-10-18 08:00")
    done = at_once(4, lambda: daily.run(dt.date(2024, 10, 18)))
    assert sum(one.reminders for one in done) == 6
    assert Reminder.objects.count() == 6
    counts = Counter(Notice.objects.filter(case=case).values_list("kind", "officer_id"))
    assert set(counts.values()) == {1}
    assert len(counts) == 2 + 2 + 2 + 2 + 4 + 3  # four reminders, late to four, elsewhere to three
    now_mails = Notice.objects.filter(delivery="NOW").count()
    assert sum(one.digests for one in done) == 2, "one for each of the two who wanted the late ones gathered"
    assert Mail.objects.count() == now_mails + 2
    unsent = Notice.objects.filter(mail=None)
    assert {(n.kind, n.delivery, n.read_at is None) for n in unsent} == {("half_time", DIGEST, False)}, "overtaken"


def test_ten_workers_with_one_message_send_one_mail(told_world: Loaded, wall: Wall) -> None:
    case, rina = tell("accept"), told_world.officer("rina")
    wall.at("2024-10-09 08:00")
    from django.db import transaction

    with transaction.atomic():
        told = [notify.Told(rina, "your_turn")]
        mail = notify.write_notices(case=case, about="x", told=told, facts={"date": "2024-10-14"})[0].mail
    assert mail is not None
    found = at_once(10, lambda: outbox.send(mail.pk))
    assert sorted(found) == [False] * 9 + [True]
    assert len(django_mail.outbox) == 1


def test_ten_workers_with_one_message_make_one_letter(told_world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tell("forward")
    letter = Letter.objects.filter(case=case).order_by("created_at").last()
    assert letter is not None
    made = letters._make(letter)
    monkeypatch.setattr(letters, "_make", lambda _letter: made)  # all ten have rendered when the first one stores
    found = at_once(10, lambda: letters.render_letter_now(str(letter.pk)))
    assert {row.status for row in found} == {Letter.Status.READY}
    assert {row.sha256 for row in found} == {made.sha256}
    assert Event.objects.filter(case=case, name="letter_made", data__letter=str(letter.pk)).count() == 1
    folder = letter.file.storage.listdir(f"letters/{letter.pk.hex[:2]}")[1]
    assert len([name for name in folder if name.startswith(letter.pk.hex)]) == 1
