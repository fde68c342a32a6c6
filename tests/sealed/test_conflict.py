"""Whoever stands aside, and whoever a case is about, no longer meets it: at no desk, in no list, by no notice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Officer, User
from cases.clock import today
from cases.models import Assignment, Case, Event, Evidence, Letter, Notice
from cases.scenario.pictures import screenshot
from cases.services import errors
from cases.services.assign import assign
from cases.services.conflict import declare_conflict
from cases.services.evidence import attach
from cases.services.move import move
from cases.services.notes import add_note
from cases.services.notify import People
from tests.access.stage import answers, set_scenes
from tests.desk import signed_in
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(world: Loaded) -> Any:
    return set_scenes(("clarification",))["clarification"]


def meets(officer: Officer, case: Case) -> list[str]:
    """Every way in which this person still meets the case."""
    from django.utils import translation

    client, found = signed_in(officer), []
    with translation.override("id"):
        for page in ("/", "/cases/", "/letters/", "/notices/", "/calendar/"):
            text = client.get(page, follow=True).content.decode()
            if case.number in text or case.subject_name in text:
                found.append(page)
        # A search says back what was typed, here and in its links; nothing may lead to the case.
        page = f"/cases/?q={case.number}"
        text = client.get(page, follow=True).content.decode()
        if f"/cases/{case.number}/" in text or case.subject_name in text:
            found.append(page)
    letter, file = Letter.objects.filter(case=case).first(), Evidence.objects.filter(report=case.report_id).first()
    own = f"/cases/{case.number}/"
    for page in (own, f"{own}identity/", f"{own}conflict/", f"{own}propose/", f"/letters/{letter.pk}/",
                 f"/letters/{letter.pk}/pdf/", f"/evidence/{file.pk}/"):  # fmt: skip
        found += [page] * (client.get(page).status_code != 404)
    for rows in (Case.objects.visible_to(officer), Case.objects.on_desk_of(officer)):
        found += ["rows"] * rows.filter(pk=case.pk).exists()
    return found


def second_desk(officer: Officer, role: str) -> Officer:
    """The same person (by NIP) with another account at another desk of the house."""
    email = f"lain.{officer.user.email}"
    return Officer.objects.create(
        user=User.objects.create_user(email, email), institution=officer.institution, role=role, name=officer.name,
        nip=officer.nip, position="Plh.",
    )  # fmt: skip


def test_declared_and_walled_off(scene: Any, world: Loaded) -> None:
    case, yuni = scene.case, world.officer("yuni")
    assert yuni.nip
    twin = second_desk(yuni, "SIGNATORY")
    assign(case=case, actor=yuni, officer=yuni)
    client = signed_in(yuni)
    assert client.get(f"/cases/{case.number}/conflict/").status_code == 200
    assert client.post(f"/cases/{case.number}/conflict/", {"reason": " "}).status_code == 422
    assert len(meets(yuni, case)) > 5
    answer = client.post(f"/cases/{case.number}/conflict/", {"reason": "Saudara kandung terlapor."})
    assert answer.status_code == 302
    assert meets(yuni, case) == []
    assert meets(twin, case) == []
    assert meets(world.officer("hendra"), case)  # nobody else is walled off
    event = Event.objects.get(case=case, kind="SEALED", name="declare_conflict")
    assert (event.actor, event.reason) == (yuni, "Saudara kandung terlapor.")
    assert not Assignment.objects.filter(case=case, to_on=None).exists()
    with pytest.raises(errors.Refused):
        assign(case=case, actor=world.officer("hendra"), officer=yuni)
    told = {officer.pk for officer in People(Case.objects.get(pk=case.pk)).officers}
    assert not told & {yuni.pk, twin.pk}
    assert not Notice.objects.filter(officer=twin, case=case).exists()


def refused_everything(officer: Officer, case: Case) -> None:
    upload = SimpleUploadedFile("x.png", screenshot("x"))
    for act in (
        lambda: move(case=case, step="conclude_clarification", actor=officer, seen=case.seen_token),
        lambda: add_note(case=case, actor=officer, text="x"),
        lambda: attach(case=case, actor=officer, title="x", upload=upload),
        lambda: declare_conflict(case=case, actor=officer, reason="x"),
        lambda: assign(case=case, actor=officer, officer=officer),
    ):
        with pytest.raises(errors.NotVisible):
            act()


def test_the_reported_employee_neither_acts_nor_sees(scene: Any, world: Loaded) -> None:
    """At whichever desk, also an auditor's; and nobody named with them in one report sees the other's case."""
    case = scene.case
    for name in ("yuni", "hendra", "sekar"):
        officer = world.officer(name)
        before = officer.nip
        assert meets(officer, case)
        Officer.objects.filter(pk=officer.pk).update(nip=case.subject_nip)
        officer.refresh_from_db()
        assert meets(officer, case) == []
        if name != "sekar":
            refused_everything(officer, case)
        Officer.objects.filter(pk=officer.pk).update(nip=before)
    assert today("Asia/Jakarta")


def test_a_colleague_named_in_the_same_report(world: Loaded) -> None:
    from tests.access.stage import EMPLOYEE, REPORT
    from tests.play import play

    other = next(nip for nip in world.employees if nip != EMPLOYEE)
    cases = play({"report": {**REPORT, "reported": [{"nip": EMPLOYEE}, {"nip": other}]}}).cases
    yuni = world.officer("yuni")
    Officer.objects.filter(pk=yuni.pk).update(nip=other)
    yuni.refresh_from_db()
    assert not Case.objects.visible_to(yuni).filter(pk__in=[case.pk for case in cases]).exists()


def test_the_person_without_nip_is_the_account(scene: Any, world: Loaded) -> None:
    hendra = world.officer("hendra")
    Officer.objects.filter(pk=hendra.pk).update(nip="")
    hendra.refresh_from_db()
    assert Case.objects.visible_to(hendra).filter(pk=scene.case.pk).exists()  # an empty NIP is nobody's
    declare_conflict(case=scene.case, actor=hendra, reason="Kerabat.")
    assert not Case.objects.visible_to(hendra).filter(pk=scene.case.pk).exists()
    assert Case.objects.visible_to(world.officer("laras")).filter(pk=scene.case.pk).exists()


def test_registering_oneself_is_refused(world: Loaded) -> None:
    scene = set_scenes(("received",))["received"]
    yuni = world.officer("yuni")
    from cases.clock import travel

    with travel(scene.at):
        data = answers("register", scene, yuni)
        Officer.objects.filter(pk=yuni.pk).update(nip=data["employee"].nip)
        yuni.refresh_from_db()
        Case.objects.filter(pk=scene.case.pk).update(subject_nip="")  # reported without a NIP
        case = Case.objects.get(pk=scene.case.pk)
        with pytest.raises(errors.GuardsFailed):
            move(case=case, step="register", actor=yuni, seen=case.seen_token, **data)
