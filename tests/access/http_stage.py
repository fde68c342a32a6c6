"""THE HTTP ORACLE's stage: everybody at a browser, every scene, and what the hand-written file says of an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client

from accounts.models import Officer, User
from cases.models import Conflict, Evidence, Letter
from tests.access.conftest import ORACLE
from tests.access.stage import EMPLOYEE, NEIGHBOURS, PEOPLE, Scene, set_scenes
from tests.fixtures_world import load_world

HTTP: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "http_oracle.yaml").read_text())
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
FULL = os.environ.get("HTTP_ORACLE") == "full"


@dataclass(frozen=True)
class Actor:
    """Somebody at a browser: the oracle's desk, how they stand to the case, and their browser."""

    name: str
    desk: str
    relation: str
    client: Client


@dataclass
class Stage:
    scenes: dict[str, Scene]
    actors: list[Actor]
    letters: dict[str, list[Letter]]
    evidence: dict[str, Evidence]
    sent: int = 0


def twin(officer: Officer, mark: str, **differs: Any) -> Officer:
    """Another person at the same desk."""
    email = f"{mark}.{officer.user.email}"
    user = User.objects.create_user(email, email)
    values = {"name": f"{mark} Contoh", "position": "—", "nip": "", **differs}
    return Officer.objects.create(user=user, institution=officer.institution, role=officer.role, **values)


def browser(officer: Officer | None, user: User | None = None) -> Client:
    client = Client()
    if officer is not None or user is not None:
        client.force_login(officer.user if officer is not None else user)
    return client


def built() -> Iterator[Stage]:
    """The stage, and nothing of it afterwards. Use where the database may be asked."""
    with transaction.atomic():
        world = load_world()
        scenes = set_scenes()
        own = {desk: world.officer(name) for desk, name in PEOPLE.items()}
        actors = [Actor(desk, desk, "own", browser(officer)) for desk, officer in own.items()]
        actors.append(Actor("stranger", "", "stranger", browser(None)))
        actors.append(Actor("-", "", "closed", browser(None, User.objects.create_user("k", "k@kantor.example"))))
        neighbours = {desk: world.officer(name) for desk, name in NEIGHBOURS.items()}
        inspectorate = own["au"].institution.__class__.objects.exclude(pk=own["au"].institution_id)
        away = inspectorate.filter(kind="AUDITOR").first()
        neighbours["au"] = twin(own["au"], "jauh")
        Officer.objects.filter(pk=neighbours["au"].pk).update(institution=away)
        # The other reviewing body ended before these days (a dated record): its people hold no desk any more.
        ended = {"ro", "rs"}
        actors += [
            Actor(f"{desk}@other", desk, "closed" if desk in ended else "other", browser(officer))
            for desk, officer in neighbours.items()
        ]
        for desk, officer in own.items():
            if desk == "ad":
                continue
            actors.append(Actor(f"{desk}@colleague", desk, "colleague", browser(twin(officer, "rekan"))))
            subject = twin(officer, "terlapor", nip=EMPLOYEE)
            actors.append(Actor(f"{desk}@subject", desk, "subject", browser(subject)))
            aside = twin(officer, "mundur")
            Conflict.objects.bulk_create(
                Conflict(case=scene.case, person=aside.person_key, officer=aside, reason="x", declared_at=scene.at)
                for scene in scenes.values()
            )
            actors.append(Actor(f"{desk}@conflicted", desk, "conflicted", browser(aside)))
            closed = twin(officer, "ditutup", is_active=False)
            actors.append(Actor(f"{desk}@closed", desk, "closed", browser(closed)))
        letters, evidence = {}, {}
        for name, scene in scenes.items():
            found = list(Letter.objects.filter(case=scene.case).order_by("created_at", "position", "pk"))
            letters[name] = [found[0], *found[-1:]] if len(found) > 1 else found
            for letter in letters[name]:
                letter.file.save(f"letters/{letter.pk.hex}", ContentFile(b"%PDF-1.7 x"), save=False)
                letter.status = Letter.Status.READY
                letter.save(update_fields=["file", "status"])
            evidence[name] = Evidence.objects.filter(report=scene.case.report_id).order_by("pk")[0]
        yield Stage(scenes, actors, letters, evidence)
        transaction.set_rollback(True)


def expected(route: dict[str, Any], actor: Actor, method: str, state: str, only: str) -> set[int]:
    """What the oracle says; ``only`` names the desks the row itself is for."""
    if actor.relation == "stranger":
        return {302}
    if HTTP["relations"][actor.relation] == "nobody" or actor.desk not in route["desks"].split():
        return {404}
    if method not in route["methods"]:
        return {405}
    sees = actor.desk in ORACLE["states"][state]["sees"] and HTTP["relations"][actor.relation] == "in"
    return set(route["methods"][method]) if sees and actor.desk in only.split() else {404}


def step_in(state: str) -> tuple[str, str]:
    """A step and its desk that is at home in this state; in a final one, any."""
    for step, rule in ORACLE["steps"].items():
        if state in rule["from"]:
            return step, rule["by"]
    return "register", "bo"


ISSUERS = {"BAWASLU": "bo bs", "REVIEWER": "ro rs", "BKPSDM": "eo es"}


def cells(stage: Stage) -> Iterator[tuple[str, dict[str, Any], Scene, str, str]]:
    """Every route on every scene: name, route, scene, address, the desks the row is for."""
    for name, scene in stage.scenes.items():
        step, by = step_in(scene.state)
        for view, route in HTTP["case_routes"].items():
            only = route.get("only", "")
            for letter in stage.letters[name] if "{letter}" in route["address"] else [None]:
                address = route["address"].format(
                    number=scene.case.number, step=step, evidence=stage.evidence[name].pk,
                    letter=letter.pk if letter else "",
                )  # fmt: skip
                desks = {
                    "": route["desks"],
                    "step": by,
                    "nobody": "",
                    "letter": HTTP["letters"][letter.kind] if letter else "",
                    "issuer": ISSUERS[letter.institution.kind] if letter else "",
                }[only]
                yield view, route, scene, address, desks


def ask(stage: Stage, actor: Actor, method: str, address: str) -> int:
    """The status; 599 for a crash. Whatever was written is taken back."""
    stage.sent += 1
    mark = transaction.savepoint()
    try:
        return int(actor.client.generic(method, address).status_code)
    except Exception:  # noqa: BLE001 - a crash is an answer nobody expects
        return 599
    finally:
        transaction.savepoint_rollback(mark)
