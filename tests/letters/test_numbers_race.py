"""Twenty clients number five hundred letters across New Year: 1..n in each series and year, none missing, none double.

Real threads, connections and commits on the session's engine. The year is that of the institution's own clock. Control:
without the lock the same race is unclean.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
import uuid
from collections import defaultdict

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

from accounts.models import Institution
from cases.clock import today, travel
from cases.letters.kinds import KINDS
from cases.models import Case, Event, Letter, NumberSeries
from cases.services import numbers
from cases.services.letters import Reserved, write_letter
from cases.services.numbers import take_number
from tests.access.stage import set_scenes
from tests.fixtures_world import Loaded

pytestmark = [pytest.mark.django_db(transaction=True)]

CLIENTS, LETTERS = 20, 500
PATIENCE = 120
#: Midnight of New Year in WIB; in Papua (WIT) the year is two hours old by then.
MIDNIGHT = dt.datetime(2024, 12, 31, 17, tzinfo=dt.UTC)
KIND_NAMES = ("review_memo", "supplement_request", "examination_order")


class Race:
    """A case to hang letters on, two institutions in two time zones, and what became of every attempt."""

    def __init__(self, world: Loaded) -> None:
        self.case: Case = set_scenes(("assessment",))["assessment"].case
        self.event = Event.objects.filter(case=self.case).latest("seq")
        self.west = world.institutions["bkpsdm-kota-blitar"]
        self.east = world.institutions["bawaslu-kota-blitar"]
        Institution.objects.filter(pk=self.east.pk).update(timezone="Asia/Jayapura")
        self.east.refresh_from_db()
        self.before = Letter.objects.count()
        self.counted = {(row.scope, row.series, row.year): row.last for row in NumberSeries.objects.all()}
        self.places = iter(range(1000, 32000))
        self.problems: list[str] = []
        self.lock = threading.Lock()

    def issue(self, rng: random.Random, moment: dt.datetime, *, fail: bool = False) -> None:
        """One letter, numbered and written in one transaction, at a moment; with ``fail`` it is rolled back."""
        kind, institution = KINDS[rng.choice(KIND_NAMES)], rng.choice((self.west, self.east))
        with self.lock:
            place = next(self.places)
        with travel(moment), transaction.atomic():
            on = today(institution.timezone)
            taken = take_number(institution, kind.series, on, nature="R")
            reserved = Reserved(uuid.uuid4(), kind, "", None, place, institution, taken)
            write_letter(reserved, case=self.case, event=self.event, on=on, context={"subject": "Lomba nomor"})
            if fail:
                transaction.set_rollback(True)

    def client(self, number: int, gate: threading.Barrier, each: int) -> None:
        rng = random.Random(number)
        try:
            gate.wait(PATIENCE)
            for index in range(each):
                moment = MIDNIGHT + dt.timedelta(seconds=(index - each / 2) * 600 + number)
                self.issue(rng, moment)
                if index % 8 == 0:
                    self.issue(rng, moment, fail=True)
        except (IntegrityError, OperationalError) as error:
            with self.lock:
                self.problems.append(type(error).__name__)
        finally:
            connections.close_all()

    def run(self, letters: int = LETTERS, clients: int = CLIENTS) -> None:
        """All clients at once."""
        gate = threading.Barrier(clients)
        threads = [
            threading.Thread(target=self.client, args=(number, gate, letters // clients), daemon=True)
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in threads), "a client hangs"

    def check(self, letters: int = LETTERS) -> None:
        """Nothing went wrong on the way, and each series and year counts 1..n."""
        assert self.problems == []
        assert Letter.objects.count() - self.before == letters
        given: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for row in Letter.objects.filter(position__gte=1000).select_related("institution"):
            given[row.institution.code, row.series, row.year].append(row.serial)
            assert row.year == row.dated_on.year
        for key, serials in given.items():
            first = self.counted.get(key, 0) + 1
            assert sorted(serials) == list(range(first, first + len(serials))), key
            last = NumberSeries.objects.get(scope=key[0], series=key[1], year=key[2]).last
            assert last == first + len(serials) - 1, key
        assert {year for _scope, _series, year in given} == {2024, 2025}, "the race crossed New Year"


def test_five_hundred_letters_across_new_year(world: Loaded) -> None:
    race = Race(world)
    race.run()
    race.check()
    edge = Letter.objects.filter(position__gte=1000, created_at__gte=MIDNIGHT - dt.timedelta(hours=2))
    edge = edge.filter(created_at__lt=MIDNIGHT)
    years = set(edge.values_list("institution__timezone", "year"))
    assert years == {("Asia/Jakarta", 2024), ("Asia/Jayapura", 2025)}, "the year is that of the institution's clock"


def test_without_the_lock_numbers_are_double(world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the counter read without lock or transaction."""

    def unlocked(scope: str, series: str, year: int) -> int:
        counter, _made = NumberSeries.objects.get_or_create(scope=scope, series=series, year=year)
        time.sleep(0.01)
        NumberSeries.objects.filter(pk=counter.pk).update(last=counter.last + 1)
        return counter.last + 1

    race = Race(world)
    monkeypatch.setattr(numbers, "next_serial", unlocked)
    monkeypatch.setattr(transaction, "atomic", lambda *_, **__: _Open())
    monkeypatch.setattr(transaction, "set_rollback", lambda *_: None)
    try:
        race.run(letters=80, clients=8)
    finally:
        monkeypatch.undo()
    with pytest.raises(AssertionError):
        race.check(letters=80)


class _Open:
    """Stands where a transaction was."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None
