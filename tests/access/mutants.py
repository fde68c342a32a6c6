"""Every rule about who may do and see what, taken away or turned round, and the judges who must notice.

``all_mutants`` lists them; each is applied with a MonkeyPatch to the running portal. A judge compares the portal with
the hand-written oracles on the part a mutant can change; the full comparisons are tests of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import models
from django.db.models import Q

from accounts.models import Officer
from accounts.roles import DESK_LABELS, Desk, Kind
from cases import querysets, workflow
from cases.clock import travel
from cases.machine import method_name
from cases.models import Case, Conflict, Event, Evidence, Letter, Note
from cases.services import move as moving
from cases.services.errors import Refused
from cases.services.move import move
from cases.workflow import STEP, Step
from portal import permissions
from tests.access.conftest import ORACLE, allowed
from tests.access.test_oracle import DESKS

Judge = Callable[[Any], list[str]]
KINDS = {"b": Kind.BAWASLU, "r": Kind.REVIEWER, "e": Kind.BKPSDM}


@dataclass(frozen=True)
class Mutant:
    """One rule changed: how, and who judges."""

    family: str
    name: str
    spoil: Callable[[pytest.MonkeyPatch], None]
    judge: Judge

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def all_mutants(http: dict[str, Any]) -> list[Mutant]:
    """Every mutant, in order."""
    found: list[Mutant] = []
    for step in workflow.STEPS:
        found += _desks(step)
        found += _eyes(step)
        found += _sources(step)
    found += _visibility()
    found += _contents(http)
    found += _doors(http)
    found += _code()
    found += _permissions(http)
    found += _sealed()
    return found


# ---------------------------------------------------------------------- the table


def put(patch: pytest.MonkeyPatch, step: Step, **differs: Any) -> None:
    """The table with one step changed."""
    new = replace(step, **differs)
    patch.setitem(STEP, step.name, new)
    patch.setattr(workflow, "STEPS", tuple(new if one.name == step.name else one for one in workflow.STEPS))
    if workflow.INTAKE.name == step.name:
        patch.setattr(workflow, "INTAKE", new)


def _desks(step: Step) -> Iterator[Mutant]:
    kind_other = next(desk for desk in DESK_LABELS if desk.role == step.by.role and desk.kind != step.by.kind)
    role_other = next(desk for desk in DESK_LABELS if desk.kind == step.by.kind and desk.role != step.by.role)
    for other in (kind_other, role_other):

        def spoil(patch: pytest.MonkeyPatch, other: Desk = other) -> None:
            put(patch, step, by=other)

        yield Mutant("desk", f"{step.name} by {other}", spoil, step_judge(step.name))


def _eyes(step: Step) -> Iterator[Mutant]:
    for name in step.four_eyes:

        def spoil(patch: pytest.MonkeyPatch) -> None:
            put(patch, step, four_eyes=())

        yield Mutant("four eyes", f"{step.name} without {name}", spoil, eyes_judge(step.name))


def _sources(step: Step) -> Iterator[Mutant]:
    for state in step.source:

        def less(patch: pytest.MonkeyPatch, state: str = state) -> None:
            put(patch, step, source=tuple(one for one in step.source if one != state))

        yield Mutant("source", f"{step.name} not from {state}", less, step_judge(step.name))
    # One more that its desk can see, so that only the table's source stands between.
    more = [s.name for s in workflow.STATES if s.name not in step.source and step.by.kind in s.open_to]
    for state in more[:1]:

        def wider(patch: pytest.MonkeyPatch, state: str = state) -> None:
            put(patch, step, source=(*step.source, state))
            transitions = getattr(Case, method_name(step))._django_fsm.transitions
            patch.setitem(transitions, state, next(iter(transitions.values())))

        yield Mutant("source", f"{step.name} also from {state}", wider, step_judge(step.name))


def _visibility() -> Iterator[Mutant]:
    for state in workflow.STATES:
        for kind in workflow.ALL_THREE:
            there = kind in state.open_to
            kinds = tuple(k for k in state.open_to if k != kind) if there else (*state.open_to, kind)

            def spoil(patch: pytest.MonkeyPatch, state: Any = state, kinds: Any = kinds) -> None:
                new = replace(state, open_to=kinds)
                patch.setitem(workflow.STATE, state.name, new)
                patch.setattr(workflow, "STATES", tuple(new if s.name == state.name else s for s in workflow.STATES))

            yield Mutant("visibility", f"{state.name} {'hidden from' if there else 'shown to'} {kind}", spoil, sees)


def _contents(http: dict[str, Any]) -> Iterator[Mutant]:
    for step in workflow.all_steps():
        for kind in workflow.ALL_THREE:
            if kind == step.by.kind:
                continue
            there = kind in step.shown_to
            kinds = tuple(k for k in step.shown_to if k != kind) if there else (*step.shown_to, kind)

            def spoil(patch: pytest.MonkeyPatch, step: Step = step, kinds: Any = kinds) -> None:
                put(patch, step, shown_to=kinds)

            words = f"{step.name} {'kept from' if there else 'shown to'} {kind}"
            yield Mutant("content", words, spoil, content_judge(http, step.name))
    for kind, kinds in workflow.EVIDENCE_OPEN_TO.items():
        for other in workflow.ALL_THREE:
            if other == kind:
                continue
            new = tuple(k for k in kinds if k != other) if other in kinds else (*kinds, other)

            def change(patch: pytest.MonkeyPatch, kind: Kind = kind, new: Any = new) -> None:
                patch.setitem(workflow.EVIDENCE_OPEN_TO, kind, new)

            yield Mutant("content", f"evidence of {other} for {kind} turned round", change, evidence_judge(http))


# ---------------------------------------------------------------------- the doors


def _doors(http: dict[str, Any]) -> Iterator[Mutant]:
    everything = Q()

    def door(name: str, function: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
        return lambda patch: patch.setattr(querysets, name, function)

    def method(owner: type, name: str, function: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
        return lambda patch: patch.setattr(owner, name, function)

    real = querysets._not_walled_off

    def without(place: int) -> Callable[[Officer, str], Q]:
        def wall(officer: Officer, prefix: str) -> Q:
            whole = real(officer, prefix)
            parts = [whole] if whole.negated else list(whole.children)
            return Q(*parts[:place], *parts[place + 1 :])

        return wall

    yield Mutant("door", "no wall at all", door("_not_walled_off", lambda *_: everything), sees)
    yield Mutant("door", "conflict forgotten", door("_not_walled_off", without(0)), sees)
    yield Mutant("door", "the reported employee let in", door("_not_walled_off", without(1)), sees)
    yield Mutant("door", "every case for everybody", door("_case_door", lambda *_: everything), sees)
    yield Mutant("door", "every state open", door("states_open_to", lambda _: [s.name for s in workflow.STATES]), sees)
    yield Mutant("door", "any institution of the kind", _any_institution, sees)
    yield Mutant("door", "auditors of every region", _any_region, sees)
    yield Mutant(
        "door", "notes of every house",
        method(querysets.NoteQuerySet, "visible_to", lambda self, officer: self.in_visible_cases(officer)), notes,
    )  # fmt: skip
    yield Mutant(
        "door", "letters of every house",
        method(querysets.LetterQuerySet, "visible_to", lambda self, officer: self.in_visible_cases(officer)),
        letters_judge(http),
    )  # fmt: skip
    yield Mutant(
        "door", "sealed letters unsealed",
        lambda patch: patch.setattr(
            querysets.LetterQuerySet, "filter", _unsealed, raising=False
        ),
        letters_judge(http),
    )  # fmt: skip
    yield Mutant(
        "door", "events of every house",
        method(querysets.EventQuerySet, "visible_to", lambda self, officer: self.in_visible_cases(officer)),
        content_judge(http, "record_examination"),
    )  # fmt: skip
    yield Mutant(
        "door", "evidence of every house",
        method(querysets.EvidenceQuerySet, "visible_to", lambda self, officer: self.filter(
            case__in=Case.objects.visible_to(officer))),
        evidence_judge(http),
    )  # fmt: skip


def _any_institution(patch: pytest.MonkeyPatch) -> None:
    real = querysets._case_door

    def door(officer: Officer | None, prefix: str = "") -> Q:
        whole = real(officer, prefix)
        kept = [child for child in whole.children if not (isinstance(child, tuple) and child[0].endswith("_id"))]
        return Q(*kept)

    patch.setattr(querysets, "_case_door", door)


def _any_region(patch: pytest.MonkeyPatch) -> None:
    real = querysets._case_door

    def door(officer: Officer | None, prefix: str = "") -> Q:
        whole = real(officer, prefix)
        return Q(*[c for c in whole.children if not (isinstance(c, tuple) and c[0].endswith("bawaslu__region"))])

    patch.setattr(querysets, "_case_door", door)


def _unsealed(rows: Any, *conditions: Any, **named: Any) -> Any:
    """``filter`` that has forgotten what *sealed* means."""
    named.pop("sealed", None)
    return models.QuerySet.filter(rows, *[_forget(condition) for condition in conditions], **named)


def _forget(condition: Any) -> Any:
    if not isinstance(condition, Q):
        return condition
    kept = [_forget(child) for child in condition.children if child != ("sealed", False)]
    return Q(*kept, _connector=condition.connector, _negated=condition.negated)


# ---------------------------------------------------------------------- the code


def _code() -> Iterator[Mutant]:
    def gone(name: str, instead: Any = lambda *_: None) -> Callable[[pytest.MonkeyPatch], None]:
        return lambda patch: patch.setattr(moving, name, instead)

    def unlocked(case: Case, actor: Officer) -> Case:
        return Case.objects.visible_to(actor).get(pk=case.pk)

    yield Mutant("code", "no desk is asked for", gone("check_desk"), step_judge("decline"))
    yield Mutant("code", "a closed desk still acts", gone("check_holding"), closed_desks)
    yield Mutant("code", "nobody looks who came first", gone("check_four_eyes"), eyes_judge("forward"))
    yield Mutant("code", "answers and guards are not asked", gone("check_answers"), guards)
    yield Mutant("code", "the door is not asked", gone("lock", lambda case, _: Case.objects.get(pk=case.pk)), strangers)
    yield Mutant("lock", "the row is not locked", gone("lock", unlocked), locked)
    yield Mutant(
        "lock", "no second look",
        lambda patch: patch.setattr(Case, "seen_token", property(lambda self: _Any())), stale,
    )  # fmt: skip


class _Any(str):
    """Equal to every token."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


def _permissions(http: dict[str, Any]) -> Iterator[Mutant]:
    rows = {**http["case_routes"], **http["routes"]}
    for view, row in rows.items():
        rule = permissions.PERMISSIONS[view]
        for new in (permissions.PUBLIC, permissions.SIGNED_IN, permissions.Rule(desks=frozenset({DESKS["rs"]}))):
            if new == rule:
                continue

            def spoil(patch: pytest.MonkeyPatch, view: str = view, new: Any = new) -> None:
                patch.setitem(permissions.PERMISSIONS, view, new)

            how = "public" if not new.signed_in else "any desk" if not new.desks else "one wrong desk"
            yield Mutant("permission map", f"{view}: {how}", spoil, map_judge(view, row["desks"]))


def _sealed() -> Iterator[Mutant]:
    ask, release = workflow.SEALED_ACT["ask_identity"], workflow.SEALED_ACT["release_identity"]
    yield Mutant(
        "identity", "released alone",
        lambda patch: patch.setitem(workflow.SEALED_ACT, release.name, replace(release, second=False)), identity,
    )  # fmt: skip
    yield Mutant(
        "identity", "asked by other desks",
        lambda patch: patch.setitem(workflow.SEALED_ACT, ask.name, replace(ask, by=(DESKS["ro"], DESKS["bs"]))),
        identity_desks,
    )  # fmt: skip


# ---------------------------------------------------------------------- the judges


def attempt(theatre: Any, step: str, scene: Any, officer: Officer, seen: str | None = None) -> str:
    """What came of the step, by name: ``done`` or the refusal; everything is taken back."""
    from tests.access.test_matrix import undone

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
        from tests.access.stage import scene_of

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
        from tests.access.stage import scene_of
        from tests.access.test_matrix import undone

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
    from tests.access.stage import EMPLOYEE

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
        from tests.access.test_matrix import undone

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
    from tests.access.test_matrix import undone

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
    from tests.access.test_matrix import undone

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
        from django.contrib.auth.models import AnonymousUser

        if rule.admits(user=AnonymousUser(), desk=None) != (desks == "public"):
            wrong.append(f"{view} × stranger")
        return wrong

    return judge


def identity(theatre: Any) -> list[str]:
    """Nobody releases to themselves."""
    from cases.services.identity import answer_identity, ask_identity
    from tests.access.test_matrix import undone

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
    from cases.services.identity import keeps_identity

    scene = theatre.scenes["closed"]
    case = Case.objects.select_related("report").get(pk=scene.case.pk)
    asks = {desk for desk in ORACLE["desks"] if keeps_identity(case, theatre.people[desk])}
    return [] if asks == {"bo", "bs"} else [str(asks)]
