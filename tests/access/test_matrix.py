"""THE MATRIX: every step × every state × everybody, through the service and over HTTP, against the oracle.

Allowed moves do exactly what the oracle says; every other leaves no trace. Both kinds of surprise are reported: moves
nobody expected, and expected moves that did not happen. Each cell runs in a savepoint that is rolled back.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from accounts import prepared
from accounts.models import Officer
from cases.clock import travel
from cases.models import Case, Event, Letter
from cases.services.errors import Refused
from cases.services.move import move
from tests.access.conftest import ORACLE, allowed
from tests.access.stage import Scene, posted, scene_of
from tests.access.theatre import Surprises, Theatre, trace, undone, watched
from tests.desk import signed_in
from tests.screens.browser import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]


def test_through_the_service(theatre: Theatre, say: Callable[[str], None]) -> None:
    surprises = Surprises()
    for step, scene, actor in theatre.cells():
        should = allowed(step, scene.state, actor)
        case, before = scene.case, theatre.before[scene.name]
        did, why = False, ""
        with undone(), travel(scene.at), watched() as written:
            try:
                event = move(
                    case=case, step=step, actor=theatre.people[actor], seen=case.seen_token,
                    **theatre.answers_for(step, scene.state),
                )  # fmt: skip
            except Refused as refusal:
                why = f"{type(refusal).__name__}: {refusal.sentence}"
            else:
                did, why = True, wrong_result(step, scene, event, before)
            traces = not did and bool(written) and trace(case) != before
        cell = f"{step} × {scene.name} × {actor}"
        surprises.note(cell, should=should, did=did and not why, traces=did or traces, why=why)
    surprises.none("service", say)


def wrong_result(step: str, scene: Scene, event: Event, before: tuple[Any, ...]) -> str:
    """What an allowed move did other than the oracle says; empty when nothing."""
    rule = ORACLE["steps"][step]
    target = scene.state if rule["to"] == "same" else rule["to"]
    row = Case.objects.get(pk=scene.case.pk)
    steps = Event.objects.filter(case=row, kind="STEP").count()
    letters = sorted(Letter.objects.filter(event=event).values_list("kind", flat=True))
    told = {
        "state": (row.state, target),
        "event": ((event.from_state, event.to_state), (scene.state, target)),
        "one event": (steps, scene.case.moves + 2),  # intake is one, and the move now
        "one move": (row.moves, scene.case.moves + 1),
        "letters": (letters, sorted(rule.get("letters", []))),
    }
    return "; ".join(f"{what} is {is_}, not {should}" for what, (is_, should) in told.items() if is_ != should)


NOT_FOUND, CONFLICT = 404, 409


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_over_http(theatre: Theatre, say: Callable[[str], None]) -> None:
    surprises = Surprises()
    for step, scene, actor in theatre.cells(strangers_at_home=True):
        should = allowed(step, scene.state, actor)
        case, before = scene.case, theatre.before[scene.name]
        with undone(), travel(scene.at), watched() as written:
            answer = theatre.browsers[actor].post(f"/cases/{case.number}/{step}/", posted(step, case.seen_token))
            did = answer.status_code == 302 and answer["Location"] == f"/cases/{case.number}/"
            after = trace(case) if written else before
        # At the step's own desk, where the case is visible, the person is told; for everybody else nothing is there.
        told = actor == ORACLE["steps"][step]["by"] and actor in ORACLE["states"][scene.state]["sees"]
        why = "" if did or answer.status_code == (CONFLICT if told else NOT_FOUND) else f"HTTP {answer.status_code}"
        cell = f"{step} × {scene.name} × {actor}"
        if should and did and after == before:
            why, did = "says done, but nothing is written", False
        surprises.note(cell, should=should, did=did, traces=after != before or bool(why), why=why)
    surprises.none("HTTP", say)


@pytest.mark.usefixtures("undrawn")
def test_a_stranger_is_sent_to_sign_in(theatre: Theatre, say: Callable[[str], None]) -> None:
    stranger, surprises = Client(), Surprises()
    for step in ORACLE["steps"]:
        for scene in theatre.scenes.values():
            before = theatre.before[scene.name]
            with watched() as written:
                sent_to = f"/cases/{scene.case.number}/{step}/"
                answer = stranger.post(sent_to, posted(step, scene.case.seen_token))
            sent = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            traces = bool(written) and trace(scene.case) != before
            surprises.note(f"{step} × {scene.name}", should=False, did=not sent, traces=traces)
    surprises.none("strangers", say)


def shown(page: str, number: str) -> tuple[set[str], int]:
    """Steps a page offers (links and forms that lead to them), and how many it shows as blocked with a reason."""
    targets = set(re.findall(rf'(?:href|action)="/cases/{number}/([a-z_]+)/', page))
    return targets & set(ORACLE["steps"]), len(re.findall(r'class="blocked"', page))


def test_buttons_shown_are_moves_allowed(theatre: Theatre, say: Callable[[str], None]) -> None:
    """What a page offers is what the service does; what it greys, the service refuses; nothing else is there."""
    wrong: list[str] = []
    offered = greyed = pages = 0
    for scene in theatre.scenes.values():
        for actor, client in theatre.browsers.items():
            with travel(scene.at):
                answer = client.get(f"/cases/{scene.case.number}/")
            sees = actor in ORACLE["states"][scene.state]["sees"]
            if answer.status_code != (200 if sees else NOT_FOUND):
                wrong.append(f"{scene.name} × {actor}: HTTP {answer.status_code}")
                continue
            pages += 1
            if not sees:
                continue
            mine = {step for step in ORACLE["steps"] if allowed(step, scene.state, actor)}
            works = {step for step in mine if succeeds(theatre, scene, step, actor)}
            buttons, blocked = shown(answer.content.decode(), scene.case.number)
            offered, greyed = offered + len(buttons), greyed + blocked
            # A guard that looks at answers cannot speak while there are none: then the form says it.
            if not works <= buttons <= mine or len(mine) - len(buttons) != blocked:
                wrong.append(f"{scene.name} × {actor}: shows {buttons} and {blocked} blocked, works {works} of {mine}")
            wrong += [
                f"{scene.name} × {actor}: {step} offered but refused by a guard that needs no answers"
                for step in buttons - works
                if refused_without_answers(theatre, scene, step, actor)
            ]
    say(f"buttons: {pages} pages, {offered} steps offered, {greyed} greyed")
    assert not wrong, "\n".join(wrong)
    assert offered
    assert greyed


def succeeds(theatre: Theatre, scene: Scene, step: str, actor: str) -> bool:
    """Whether the service takes the step there and then."""
    return attempt(scene, step, theatre.people[actor], theatre.answers_for(step, scene.state)) is None


def refused_without_answers(theatre: Theatre, scene: Scene, step: str, actor: str) -> bool:
    """Whether one of the refusing guards could have spoken before any answer was given."""
    from cases.guards import GUARDS

    refusal = attempt(scene, step, theatre.people[actor], theatre.answers_for(step, scene.state))
    return any(not GUARDS[name].needs for name, _field, _sentence in getattr(refusal, "reasons", []))


def attempt(scene: Scene, step: str, officer: Officer, data: dict[str, Any]) -> Refused | None:
    """Try and take back."""
    case = Case.objects.get(pk=scene.case.pk)
    with undone(), travel(scene.at):
        try:
            move(case=case, step=step, actor=officer, seen=case.seen_token, **data)
        except Refused as refusal:
            return refusal
    return None


Spoil = Callable[[pytest.MonkeyPatch], None]


class TestControl:
    """The matrix sees: with a defence taken away it must find moves nobody expected."""

    def surprised(self, theatre: Theatre, step: str, state: str, actor: str) -> bool:
        assert not allowed(step, state, actor)
        return succeeds(theatre, theatre.scenes[state], step, actor)

    def test_without_the_desk_check(self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
        assert not self.surprised(theatre, "decline", "received", "bo")
        monkeypatch.setattr("cases.services.move.check_desk", lambda *_: None)
        assert self.surprised(theatre, "decline", "received", "bo")

    def test_without_the_door(self, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
        assert not self.surprised(theatre, "register", "received", "bo@other")
        monkeypatch.setattr(
            "cases.services.move.lock", lambda case, actor: Case.objects.select_for_update().get(pk=case.pk)
        )
        assert self.surprised(theatre, "register", "received", "bo@other")


def test_four_eyes_hold_for_every_step_that_has_them(theatre: Theatre) -> None:
    """The person who took the first step, now at the second desk too, may not take the second."""
    for step, first in ORACLE["four_eyes"].items():
        for state in ORACLE["steps"][step]["from"]:
            scene = theatre.scenes[scene_of(step, state)]
            signatory = theatre.people[ORACLE["steps"][step]["by"]]
            drafter = Event.objects.filter(case=scene.case, name=first).latest("seq").actor
            both = Officer.objects.create(
                user=drafter.user, institution=signatory.institution, role=signatory.role, name=drafter.name,
                nip=drafter.nip, position="Pelaksana harian",
            )  # fmt: skip
            refusal = attempt(scene, step, both, theatre.answers_for(step, state))
            assert type(refusal).__name__ == "FourEyes", (step, state, refusal)
            assert attempt(scene, step, signatory, theatre.answers_for(step, state)) is None
            both.delete()


PASSWORD = "Kopi-Pagi-2024-Blitar"
CONFIRM, PROCEED = "/accounts/confirm/?next=%2Faccounts%2Fproceed%2F", "/accounts/proceed/"
#: By hand: the steps with which a signatory puts a name under a letter.
SIGNING = {
    "decline", "dismiss", "forward", "close_unproven", "recommend_sanction", "escalate", "decide_sanction",
    "decide_no_sanction", "replace_decree", "uphold", "annul",
}  # fmt: skip


def long_ago(officer: Officer) -> Client:
    """A browser of somebody who signed in with both keys a quarter of an hour ago. Their password is set here."""
    officer = Officer.objects.select_related("user", "institution").get(pk=officer.pk)
    officer.user.set_password(PASSWORD)
    officer.user.save()
    client = signed_in(officer)
    session = client.session
    session["second_factor"] = officer.user.pk
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 901}]
    session.save()
    return client


@pytest.mark.once
class TestSigning:
    """Before a name is put under a letter the person shows that it is still them; nothing typed is lost."""

    def send(self, theatre: Theatre, step: str, client: Client) -> tuple[Case, dict[str, str], Any]:
        rule = ORACLE["steps"][step]
        case = theatre.scenes[scene_of(step, rule["from"][0])].case
        sent = posted(step, case.seen_token)
        return case, sent, client.post(f"/cases/{case.number}/{step}/", sent)

    @pytest.mark.parametrize("step", sorted(ORACLE["steps"]))
    def test_signing_steps_ask_and_no_other(self, theatre: Theatre, settings: Any, step: str) -> None:
        settings.SECOND_FACTOR = True
        rule = ORACLE["steps"][step]
        officer, scene = theatre.people[rule["by"]], theatre.scenes[scene_of(step, rule["from"][0])]
        with undone(), travel(scene.at):
            client, moves = long_ago(officer), scene.case.moves
            case, sent, answer = self.send(theatre, step, client)
            if step not in SIGNING:
                assert answer["Location"] == f"/cases/{case.number}/"
                return
            assert answer["Location"] == CONFIRM
            assert client.get(PROCEED)["Location"] == CONFIRM, "not to be gone around"
            assert client.post(CONFIRM, {"password": "salah"}).status_code == 200
            assert Case.objects.get(pk=case.pk).moves == moves
            assert client.post(CONFIRM, {"password": PASSWORD})["Location"] == PROCEED
            form = read(client.get(PROCEED)).form(f"/cases/{case.number}/{step}/")
            kept = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}
            assert kept == {name: str(value) for name, value in sent.items()}
            assert client.post(form.action, form.fields)["Location"] == f"/cases/{case.number}/"
            row = Case.objects.get(pk=case.pk)
            assert (row.moves, row.state) == (moves + 1, case.state if rule["to"] == "same" else rule["to"])

    def test_control_without_the_mark_nobody_is_asked(
        self, theatre: Theatre, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.SECOND_FACTOR = True
        monkeypatch.setattr("cases.workflow.Step.signs", False)
        scene = theatre.scenes["examined"]
        with undone(), travel(scene.at):
            case, _sent, answer = self.send(theatre, "decide_sanction", long_ago(theatre.people["es"]))
            assert answer["Location"] == f"/cases/{case.number}/"


def test_mutants_are_killed(theatre: Theatre, say: Callable[[str], None]) -> None:
    """A rule taken away is noticed. A sample, one of each family first; ``MUTANTS=all`` tries every one."""
    from tests.access.mutants import all_mutants

    http = yaml.safe_load((Path(__file__).parent / "http_oracle.yaml").read_text())
    mutants = all_mutants(http)
    wanted = os.environ.get("MUTANTS", "24")
    seed = int(os.environ.get("MUTANTS_SEED", random.randrange(2**32)))
    chosen = mutants if wanted == "all" else sample(mutants, int(wanted), random.Random(seed))
    prejudiced = [found for judge in {mutant.judge for mutant in chosen} if (found := judge(theatre))]
    assert not prejudiced, "the judges must find nothing while nothing is spoiled"
    survived, began = [], time.process_time()
    for mutant in chosen:
        with pytest.MonkeyPatch.context() as patch:
            mutant.spoil(patch)
            prepared.forget()
            with undone():
                found = mutant.judge(theatre)
        prepared.forget()
        if wanted == "all":
            say(f"{'killed  ' if found else 'SURVIVED'} {mutant}")
        if not found:
            survived.append(str(mutant))
    spent = time.process_time() - began
    killed = len(chosen) - len(survived)
    say(f"mutants: {len(chosen)} of {len(mutants)} tried, {killed} killed, {spent:.0f} s, seed {seed}")
    assert not survived, "\n".join(survived)


def sample(mutants: list[Any], count: int, rng: random.Random) -> list[Any]:
    """One of each family, the rest at random."""
    families: dict[str, list[Any]] = {}
    for mutant in mutants:
        families.setdefault(mutant.family, []).append(mutant)
    first = [rng.choice(group) for group in families.values()]
    rest = [mutant for mutant in mutants if mutant not in first]
    return [*first, *rng.sample(rest, max(0, min(len(rest), count - len(first))))]
