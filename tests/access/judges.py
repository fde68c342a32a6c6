"""The judges of the mutants: each compares the portal with the hand-written oracles on the part a mutant can change.

A judge is given the theatre (tests.access.theatre) and says what is wrong; nothing, while no rule is spoiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Officer
from accounts.roles import Kind
from cases import workflow
from cases.clock import travel
from cases.models import Case, Conflict, Event, Evidence, Letter, Note
from cases.services import locking
from cases.services import move as moving
from cases.services.errors import Refused
from cases.services.identity import answer_identity, ask_identity, keeps_identity
from cases.services.move import move
from portal import permissions
from tests.access.conftest import ORACLE, allowed
from tests.access.stage import EMPLOYEE, scene_of
from tests.access.test_oracle import DESKS
from tests.access.theatre import undone

Judge = Callable[[Any], list[str]]
KINDS = {"b": Kind.BAWASLU, "r": Kind.REVIEWER, "e": Kind.BKPSDM}


def attempt(theatre: Any, step: str, scene: Any, officer: Officer, seen: str | None = None) -> str:
    """What came of the step, by name: ``done`` or the refusal; everything is taken back."""

    case = Case.objects.get(pk=scene.case.pk)
    with undone(), travel(scene.at):
        try:
            move(
                case=case, step=step, actor=officer, seen=case.seen_token if seen is None else seen,
                **theatre.answers_for(step, scene.state),
            )  # fmt: skip
        except Refused as refusal:
            return type(refusal).__name__
        except Exception as error:  # noqa: BLE001 - a mutant may crash: that is noticed too
            return f"crash {type(error).__name__}"
        return "done"


def step_judge(step: str) -> Judge:
    """The row of one step: every desk, at its own states and at one more its desk sees."""

    def judge(theatre: Any) -> list[str]:

        rule = ORACLE["steps"][step]
        extra = [s for s, told in ORACLE["states"].items() if s not in rule["from"] and rule["by"] in told["sees"]]
        wrong = []
        for state in (*rule["from"], *extra):
            scene = theatre.scenes[scene_of(step, state)]
            desks = ORACLE["desks"] if state in rule["from"] else [rule["by"]]
            for desk in desks:
                told = attempt(theatre, step, scene, theatre.people[desk])
                late = state not in rule["from"] and told != "OutOfOrder"  # refused, but for another reason
                if (told == "done") != allowed(step, state, desk) or late:
                    wrong.append(f"{step} × {state} × {desk}: {told}")
        return wrong

    return judge


def eyes_judge(step: str) -> Judge:
    """Whoever took the first step, now at the second desk too, is refused the second."""

    def judge(theatre: Any) -> list[str]:

        wrong = []
        for state in ORACLE["steps"][step]["from"]:
            scene, signatory = theatre.scenes[scene_of(step, state)], theatre.people[ORACLE["steps"][step]["by"]]
            drafter = Event.objects.filter(case=scene.case, name=ORACLE["four_eyes"][step]).latest("seq").actor
            with undone():
                both = Officer.objects.create(
                    user=drafter.user, institution=signatory.institution, role=signatory.role, name=drafter.name,
                    nip=drafter.nip, position="Plh.",
                )  # fmt: skip
                if attempt(theatre, step, scene, both) != "FourEyes":
                    wrong.append(f"{step} × {state}")
        return wrong

    return judge


def walled(theatre: Any) -> dict[str, Officer]:
    """People for whom no case exists: one who declared a conflict in all of them, and the employee."""

    if not hasattr(theatre, "walled"):
        own = theatre.people["bo"]
        theatre.walled = {}
        for name, nip in (("conflicted", "199001012020121001"), ("subject", EMPLOYEE)):
            officer = Officer.objects.create(
                user=theatre.people["ad"].user, institution=own.institution, role=own.role, name=name, nip=nip,
                position="—", is_active=False,
            )  # fmt: skip
            theatre.walled[name] = officer
            own = theatre.people["bs"]
        Conflict.objects.bulk_create(
            Conflict(case=s.case, person="199001012020121001", officer=theatre.walled["conflicted"], reason="x",
                     declared_at=s.at)
            for s in theatre.scenes.values()
        )  # fmt: skip
    return theatre.walled


def sees(theatre: Any) -> list[str]:
    """Which cases each desk sees, by state."""
    wrong = []
    everybody = {**{d: theatre.people[d] for d in ORACLE["desks"]}, **walled(theatre)}
    everybody |= {name: officer for name, officer in theatre.people.items() if name.endswith("@other")}
    au = theatre.people["au"]
    away = au.institution.__class__.objects.filter(kind="AUDITOR").exclude(pk=au.institution_id)[0]
    everybody["au@other"] = Officer(institution=away, role=au.role, user=au.user, name="jauh")
    for name, officer in everybody.items():
        found = set(Case.objects.visible_to(officer).values_list("pk", flat=True))
        for scene in theatre.scenes.values():
            should = name in ORACLE["states"][scene.state]["sees"]
            if (scene.case.pk in found) != should:
                wrong.append(f"{name} × {scene.name}")
    for desk in ("bo", "ro", "eo"):  # and the table's own reading: what nobody carries yet is seen by nobody anyway
        open_to = set(workflow.states_open_to(DESKS[desk][0]))
        if open_to != {state for state, told in ORACLE["states"].items() if desk in told["sees"]}:
            wrong.append(f"{desk} in the table")
    return wrong


def content_judge(http: dict[str, Any], step: str) -> Judge:
    """Who reads what was said in a step."""

    def judge(theatre: Any) -> list[str]:
        readers = {KINDS[letter] for letter in http["content"][step].split()}
        wrong = []
        for desk in ("bo", "ro", "eo"):
            officer = theatre.people[desk]
            rows = Event.objects.filter(name=step, kind="STEP", case__in=Case.objects.visible_to(officer))
            there = rows.count()
            found = rows.filter(pk__in=Event.objects.visible_to(officer).values("pk")).count()
            if found != (there if officer.desk.kind in readers else 0):
                wrong.append(f"{step} × {desk}: {found} of {there}")
        wrong += [  # and the table's own reading, for steps no scene has taken
            f"{step} × {kind} in the table"
            for kind in KINDS.values()
            if (step in workflow.steps_shown_to(kind)) != (kind in readers)
        ]
        return wrong

    return judge


def letters_judge(http: dict[str, Any]) -> Judge:
    """Who reads which kind of letter."""

    def judge(theatre: Any) -> list[str]:
        wrong = []
        for desk in ORACLE["desks"]:
            officer = theatre.people[desk]
            rows = Letter.objects.filter(case__in=Case.objects.visible_to(officer))
            readable = set(Letter.objects.visible_to(officer).values_list("pk", flat=True))
            wrong += [
                f"{letter.kind} × {desk}"
                for letter in rows.only("pk", "kind")
                if (letter.pk in readable) != (desk in http["letters"][letter.kind].split())
            ]
        return sorted(set(wrong))

    return judge


def evidence_judge(http: dict[str, Any]) -> Judge:
    """Whose evidence each house reads; a file of every house is put into one case."""

    def judge(theatre: Any) -> list[str]:

        wrong, scene = [], theatre.scenes["closed"]
        with undone():
            for letter, desk in (("b", "bo"), ("r", "ro"), ("e", "eo")):
                owner = theatre.people[desk]
                row = Evidence.objects.create(
                    report_id=scene.case.report_id, case=scene.case, institution=owner.institution, title="x",
                    media_type="image/png", size=1, sha256="0" * 64, added_at=scene.at, added_by=owner,
                )  # fmt: skip
                for reader, at in (("b", "bo"), ("r", "ro"), ("e", "eo")):
                    found = Evidence.objects.visible_to(theatre.people[at]).filter(pk=row.pk).exists()
                    if found != (letter in http["evidence"][reader].split()):
                        wrong.append(f"{letter} read by {reader}")
        return wrong

    return judge


def notes(theatre: Any) -> list[str]:
    """Notes stay in their house."""

    scene, wrong = theatre.scenes["closed"], []
    with undone():
        for desk in ("bo", "ro", "eo"):
            author = theatre.people[desk]
            note = Note.objects.create(
                case=scene.case, institution=author.institution, author=author, text="x", created_at=scene.at
            )
            for reader in ("bo", "ro", "eo"):
                found = Note.objects.visible_to(theatre.people[reader]).filter(pk=note.pk).exists()
                if found != (reader == desk):
                    wrong.append(f"{desk} read by {reader}")
    return wrong


def closed_desks(theatre: Any) -> list[str]:
    """A desk that is closed acts no more."""
    told = attempt(theatre, "register", theatre.scenes["received"], theatre.people["bo@closed"])
    return [] if told == "WrongDesk" else [told]


def strangers(theatre: Any) -> list[str]:
    """Another institution's officer meets no case."""
    told = attempt(theatre, "register", theatre.scenes["received"], theatre.people["bo@other"])
    return [] if told == "NotVisible" else [told]


def guards(theatre: Any) -> list[str]:
    """An answer that is missing is asked for."""

    scene = theatre.scenes["registered"]
    case = Case.objects.get(pk=scene.case.pk)
    with undone(), travel(scene.at):
        try:
            move(case=case, step="waive_clarification", actor=theatre.people["bo"], seen=case.seen_token, reason=" ")
        except Refused:
            return []
    return ["done without its answer"]


def stale(theatre: Any) -> list[str]:
    """A page from before is told so."""
    told = attempt(theatre, "register", theatre.scenes["received"], theatre.people["bo"], seen="received.99")
    return [] if told == "Stale" else [told]


def locked(theatre: Any) -> list[str]:
    """The row is taken with a lock (what it prevents is shown by the races in test_race)."""
    taken: list[bool] = []
    real = models.QuerySet.select_for_update

    def noted(rows: Any, *args: Any, **named: Any) -> Any:
        taken.append(rows.model is Case)
        return real(rows, *args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.QuerySet, "select_for_update", noted)
        patch.setattr(locking, "_CASE", locking.door_for(Case.objects))  # put together anew, so that it is seen
        moving.lock(theatre.scenes["received"].case, theatre.people["bo"])
    return [] if any(taken) else ["no lock"]


def map_judge(view: str, desks: str) -> Judge:
    """Whom the outer door lets in."""

    def judge(theatre: Any) -> list[str]:
        rule, wrong = permissions.PERMISSIONS[view], []
        for desk in ORACLE["desks"]:
            user = theatre.people[desk].user
            user.is_staff = desk in ("eo", "au", "ad")
            should = desks in ("any", "public") or desk in desks.split()
            if rule.admits(user=user, desk=DESKS.get(desk, theatre.people[desk].desk)) != should:
                wrong.append(f"{view} × {desk}")
        if rule.admits(user=AnonymousUser(), desk=None) != (desks == "public"):
            wrong.append(f"{view} × stranger")
        return wrong

    return judge


def identity(theatre: Any) -> list[str]:
    """Nobody releases to themselves."""

    with undone():
        yuni = theatre.people["bo"]
        request = ask_identity(case=theatre.scenes["received"].case, actor=yuni, reason="x")
        try:
            answer_identity(request=request, actor=yuni, release=True)
        except Refused:
            return []
    return ["released alone"]


def identity_desks(theatre: Any) -> list[str]:
    """Only the supervisor's desks may ask."""

    scene = theatre.scenes["closed"]
    case = Case.objects.select_related("report").get(pk=scene.case.pk)
    asks = {desk for desk in ORACLE["desks"] if keeps_identity(case, theatre.people[desk])}
    return [] if asks == {"bo", "bs"} else [str(asks)]
