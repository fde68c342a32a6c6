"""Eight people press the same button at once: one wins, the others are told, one event and one letter come of it.

Real threads, real connections, real commits, on whichever engine the session runs. The control experiments take the
lock away: then the same race must be found unclean, or the test proves nothing.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import Officer
from cases.clock import travel
from cases.models import Case, Deadline, Election, Event, Letter, NumberSeries, Report
from cases.services import move as service
from cases.services.errors import Refused
from cases.services.intake import take_in
from cases.services.move import move
from tests.access.stage import Scene, answers, posted, set_scenes
from tests.fixtures_world import Loaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]

CLIENTS = 8
PATIENCE = 60
Press = Callable[[int], str]


@pytest.fixture
def scene(world: Loaded) -> Scene:
    """A case whose assessment is to be submitted: a step with an event, a letter and a number."""
    return set_scenes(("assessment",))["assessment"]


def together(press: Press, clients: int = CLIENTS) -> Counter[str]:
    """Let every client press at the same moment; what came of it, by name. A thread that hangs fails the test."""
    gate = threading.Barrier(clients)
    told: list[str] = []

    def client(number: int) -> None:
        try:
            gate.wait(PATIENCE)
            told.append(press(number))
        except Exception as error:  # noqa: BLE001 - whatever a client meets is a result here
            told.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "a client hangs"
    return Counter(told)


def clean(scene: Scene, told: Counter[str], wins: str, loses: str) -> None:
    """One winner, everybody else told, and the traces of exactly one step."""
    assert told == {wins: 1, loses: CLIENTS - 1}
    row = Case.objects.get(pk=scene.case.pk)
    assert (row.state, row.moves) == ("plenary", scene.case.moves + 1)
    assert Event.objects.filter(case=row, name="propose").count() == 1
    assert row.last_seq == Event.objects.filter(case=row).count()
    assert Letter.objects.filter(case=row, kind="assessment").count() == 1
    assert NumberSeries.objects.get(scope="bawaslu-kota-blitar", series="assessment").last == 1
    assert Deadline.objects.filter(case=row, ended_on=None).count() == 1


def by_service(scene: Scene, actor: Officer) -> Press:
    """Each client loads the case and its form before the race, as a browser does."""
    with travel(scene.at):
        data = answers("propose", scene, actor)
    copies = [Case.objects.get(pk=scene.case.pk) for _ in range(CLIENTS)]

    def press(number: int) -> str:
        case = copies[number]
        with travel(scene.at):
            try:
                move(case=case, step="propose", actor=actor, seen=case.seen_token, **data)
            except Refused as refusal:
                return type(refusal).__name__
        return "done"

    return press


def test_one_of_eight_wins(scene: Scene, world: Loaded) -> None:
    clean(scene, together(by_service(scene, world.officer("yuni"))), wins="done", loses="Stale")


def test_one_of_eight_browsers_wins(scene: Scene, world: Loaded) -> None:
    clients = [Client() for _ in range(CLIENTS)]
    for client in clients:
        client.force_login(world.officer("yuni").user)
    sent = posted("propose", scene.case.seen_token)

    def press(number: int) -> str:
        with travel(scene.at):
            return str(clients[number].post(f"/cases/{scene.case.number}/propose/", sent).status_code)

    clean(scene, together(press), wins="302", loses="409")


def test_a_double_click_does_one_thing(scene: Scene, world: Loaded) -> None:
    client = Client()
    client.force_login(world.officer("yuni").user)
    with travel(scene.at):
        sent = posted("propose", scene.case.seen_token)
        codes = [client.post(f"/cases/{scene.case.number}/propose/", sent).status_code for _ in range(2)]
    assert codes == [302, 409]
    assert Letter.objects.filter(case=scene.case, kind="assessment").count() == 1


def test_two_different_endings_do_not_both_happen(world: Loaded) -> None:
    scene = set_scenes(("plenary",))["plenary"]
    choices = [("forward", "hendra"), ("dismiss", "laras")] * (CLIENTS // 2)
    with travel(scene.at):
        given = {step: answers(step, scene, world.officer(name)) for step, name in choices}
    seen = scene.case.seen_token

    def press(number: int) -> str:
        step, name = choices[number]
        with travel(scene.at):
            try:
                move(case=scene.case, step=step, actor=world.officer(name), seen=seen, **given[step])
            except Refused as refusal:
                return type(refusal).__name__
        return "done"

    told = together(press)
    assert told["done"] == 1
    # Whoever comes late meets a case that moved, or, once it has left their institution's hands, one that is stale.
    assert told["Stale"] == CLIENTS - 1
    assert Event.objects.filter(case=scene.case, name__in=("forward", "dismiss")).count() == 1


def test_the_same_filing_sent_at_once_is_one_report(world: Loaded) -> None:
    """Eight clicks on "file" of one page; the one whose number comes first opens the case, all are led to it."""
    actor, page = world.officer("yuni"), uuid.uuid4()
    election = Election.objects.get(code="pilkada-2024")

    def press(_number: int) -> str:
        with travel(dt.datetime(2024, 10, 14, 3, tzinfo=dt.UTC)):
            [case] = take_in(
                actor=actor,
                filing=page,
                origin="FINDING",
                channel="PATROL",
                election=election,
                incident="Membagikan unggahan calon",
                place="Facebook",
                occurred_on=dt.date(2024, 10, 10),
                known_on=dt.date(2024, 10, 11),
                chronology="Terlapor membagikan unggahan calon wali kota.",
                reported=[{"name": "Terlapor Contoh"}],
            )
        return case.number

    assert together(press) == {Case.objects.get().number: CLIENTS}
    assert Report.objects.count() == 1
    assert NumberSeries.objects.get(scope="bawaslu-kota-blitar", series="receipt").last == 1


def test_numbers_have_no_gap_and_no_double(world: Loaded) -> None:
    """Eight different cases of one institution, one letter each, at the same moment."""
    scenes = [set_scenes(("assessment",))["assessment"] for _ in range(CLIENTS)]
    actor = world.officer("yuni")
    with travel(scenes[0].at):
        given = [answers("propose", scene, actor) for scene in scenes]

    def press(number: int) -> str:
        case = scenes[number].case
        with travel(scenes[number].at):
            move(case=case, step="propose", actor=actor, seen=case.seen_token, **given[number])
        return "done"

    assert together(press) == {"done": CLIENTS}
    serials = Letter.objects.filter(kind="assessment").order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, CLIENTS + 1))


class TestControl:
    """Without the lock the same race is unclean."""

    def unclean(self, scene: Scene, world: Loaded) -> Counter[str]:
        told = together(by_service(scene, world.officer("yuni")))
        with pytest.raises(AssertionError):
            clean(scene, told, wins="done", loses="Stale")
        return told

    def test_without_lock_and_second_look(self, scene: Scene, world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "lock", lambda case, _actor: case)
        told = self.unclean(scene, world)
        # Nobody is told that the case moved. What then stops the others is the history's own constraint.
        assert told["Stale"] == 0
        assert told["IntegrityError"] > 0

    def test_with_a_second_look_but_without_the_lock(
        self, scene: Scene, world: Loaded, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if connection.vendor != "postgresql":
            # Here the transaction itself is the lock (IMMEDIATE): clients cannot look at the same time at all.
            assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
            return
        looked = threading.Barrier(CLIENTS)

        def look(case: Case, actor: Officer) -> Case:
            row = Case.objects.visible_to(actor).get(pk=case.pk)
            looked.wait(PATIENCE)
            return row

        monkeypatch.setattr(service, "lock", look)
        assert self.unclean(scene, world)["Stale"] == 0
