"""What takes two administrators: one asks, another person decides, the person concerned is told, history knows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import proposals
from accounts.models import Officer, Proposal, User
from accounts.proposals import NotPossible
from accounts.roles import ADMIN_DESK, BAWASLU_OFFICER, BKPSDM_OFFICER
from cases.models import Assignment, Case, Event
from cases.services.assign import assign
from tests.access.stage import set_scenes
from tests.accounts.conftest import institution, sent
from tests.accounts.test_second_factor import with_app
from tests.audit.history import look
from tests.fixtures_world import Loaded

GRANT = {
    "role": "OFFICER", "email": "Baru@Kantor.Example", "name": "Baru Contoh, S.H.", "nip": "199203112016012901",
    "position": "Analis", "rank": "III/b", "reason": "Mengganti yang pensiun",
}  # fmt: skip


@pytest.fixture
def two(seat: Any) -> tuple[Officer, Officer, Any]:
    """Two administrators of the whole portal, and an institution."""
    first = seat(ADMIN_DESK, "satu@kantor.example", name="Satu", nip="198001012005011001")
    second = seat(ADMIN_DESK, "dua@kantor.example", name="Dua", nip="198001012005011002")
    return first, second, institution("BKPSDM")


def names() -> list[str]:
    return list(Event.objects.filter(kind=Event.Kind.ACCOUNT).order_by("seq").values_list("name", flat=True))


def test_a_desk_is_asked_for_approved_and_told(two: Any) -> None:
    first, second, place = two
    asked = proposals.ask_grant(actor=first, institution=place, **GRANT)
    assert not Officer.objects.filter(institution=place).exists()
    assert sent() == []
    proposals.decide(actor=second, proposal=asked, approve=True)
    officer = Officer.objects.get(institution=place)
    assert (officer.user.email, officer.role, officer.nip) == ("baru@kantor.example", "OFFICER", GRANT["nip"])
    assert not officer.user.has_usable_password()
    assert sent()[0].to == ["baru@kantor.example"]
    assert names() == ["desk_asked", "desk_approved"]
    link = re.search(r"http\S+/accounts/password/new/\S+", sent()[0].body)
    assert link is not None
    path = link[0].partition("localhost:8000")[2]
    client = Client()
    form = client.get(path, follow=True)
    password = "Teh-Sore-2025-Malang"
    answer = client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})
    assert answer.status_code == 302
    officer.user.refresh_from_db()
    assert officer.user.check_password(password)
    again = Client().get(path, follow=True).content.decode()
    assert "password1" not in again  # it works once


def test_nobody_decides_alone_or_about_themselves(two: Any, seat: Any) -> None:
    first, second, place = two
    asked = proposals.ask_grant(actor=first, institution=place, **GRANT)
    with pytest.raises(NotPossible):
        proposals.decide(actor=first, proposal=asked, approve=True)
    # the same person at another account and desk, known by the NIP
    other = seat(ADMIN_DESK, "satu-lagi@kantor.example", code="lain", name="Satu", nip=first.nip)
    with pytest.raises(NotPossible):
        proposals.decide(actor=other, proposal=asked, approve=True)
    # the person who would get the desk
    Officer.objects.filter(pk=second.pk).update(nip=GRANT["nip"])
    second.refresh_from_db()
    with pytest.raises(NotPossible):
        proposals.decide(actor=second, proposal=asked, approve=True)
    asked.refresh_from_db()
    assert asked.waits
    with pytest.raises(NotPossible):
        proposals.ask_grant(actor=first, institution=place, **GRANT | {"email": "SATU@kantor.example", "nip": ""})


def test_an_institutions_administrator_keeps_only_its_own(two: Any, seat: Any) -> None:
    _first, second, place = two
    elsewhere = institution("BAWASLU")
    bound = seat(ADMIN_DESK, "terikat@kantor.example", name="Terikat", nip="198001012005011003", administers=place)
    asked = proposals.ask_grant(actor=bound, institution=place, **GRANT)
    assert asked.waits
    with pytest.raises(NotPossible):
        proposals.ask_grant(actor=bound, institution=elsewhere, **GRANT)
    client = Client()
    client.force_login(bound.user)
    assert client.get("/admin/").status_code == 404
    assert client.get("/accounts/people/").status_code == 200
    assert client.get("/accounts/people/succession/").status_code == 404
    outsider = seat(BAWASLU_OFFICER, "luar@kantor.example", name="Luar")
    assert client.get(f"/accounts/people/{outsider.pk}/").status_code == 404
    assert client.post(f"/accounts/people/{outsider.pk}/close/", {"reason": "x"}).status_code == 404
    assert client.get("/accounts/people/?institution=bawaslu").content.decode().count("Luar") == 0
    proposals.decide(actor=second, proposal=asked, approve=False, answer="Belum")
    assert Proposal.objects.get(pk=asked.pk).status == "REFUSED"
    assert not Officer.objects.filter(institution=place).exists()


def test_a_reset_takes_the_key_and_the_sessions(two: Any, seat: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    first, second, _place = two
    officer = with_app(seat(BKPSDM_OFFICER, "hilang@kantor.example", name="Hilang"))
    from tests.accounts.test_second_factor import enter

    client = Client()
    enter(client, "hilang@kantor.example")
    assert client.get("/").status_code == 200
    asked = proposals.ask_reset(actor=first, officer=officer, reason="Ponsel hilang")
    assert Authenticator.objects.filter(user=officer.user).count() == 2
    proposals.decide(actor=second, proposal=asked, approve=True)
    assert not Authenticator.objects.filter(user=officer.user).exists()
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert [message.to for message in sent()] == [["hilang@kantor.example"]]
    assert names()[-2:] == ["reset_asked", "reset_approved"]


def test_closing_a_desk_works_on_the_next_request(two: Any, seat: Any) -> None:
    first, _second, _place = two
    officer = seat(BKPSDM_OFFICER, "pergi@kantor.example", name="Pergi")
    client = Client()
    client.force_login(officer.user)
    assert client.get("/employees/").status_code == 200
    proposals.close_desk(actor=first, officer=officer, reason="Pindah tugas")
    assert client.get("/employees/").status_code == 404
    assert names() == ["desk_closed"]


def test_over_http(two: Any) -> None:
    first, second, place = two
    asking, deciding = Client(), Client()
    asking.force_login(first.user)
    deciding.force_login(second.user)
    answer = asking.post("/accounts/people/ask/", {**GRANT, "institution": place.pk, "nip": "12"})
    assert answer.status_code == 422
    assert "Baru Contoh" in answer.content.decode()  # nothing typed is lost
    answer = asking.post("/accounts/people/ask/", {**GRANT, "institution": place.pk})
    assert answer["Location"] == "/accounts/people/"
    row = Proposal.objects.get()
    asking.post(f"/accounts/people/waiting/{row.pk}/", {"decision": "approve"})
    row.refresh_from_db()
    assert row.waits
    assert deciding.post(f"/accounts/people/waiting/{row.pk}/", {"decision": "nonsense"}).status_code == 404
    deciding.post(f"/accounts/people/waiting/{row.pk}/", {"decision": "approve", "answer": "Baik"})
    row.refresh_from_db()
    assert row.status == "APPROVED"
    assert deciding.post(f"/accounts/people/waiting/{row.pk}/", {"decision": "approve"}).status_code == 302
    assert Officer.objects.filter(institution=place).count() == 1


def test_the_administration_gives_no_desk_alone(two: Any, seat: Any) -> None:
    first, _second, place = two
    officer = seat(BKPSDM_OFFICER, "tetap@kantor.example", name="Tetap")
    client = Client()
    client.force_login(first.user)
    assert client.get("/admin/accounts/officer/add/").status_code == 403
    assert client.get("/admin/accounts/user/add/").status_code == 403
    assert client.get(f"/admin/accounts/user/{officer.user_id}/password/").status_code == 404
    changed = {"name": "Tetap Contoh", "position": "Ketua", "role": "SIGNATORY", "nip": "1" * 18, "institution": 1}
    assert client.post(f"/admin/accounts/officer/{officer.pk}/change/", changed).status_code == 302
    officer.refresh_from_db()
    assert (officer.position, officer.role, officer.nip) == ("Ketua", "OFFICER", "")
    User.objects.filter(pk=officer.user_id).update(is_active=False)
    client.post(f"/admin/accounts/user/{officer.user_id}/change/", {"first_name": "A", "is_active": "on"})
    assert not User.objects.get(pk=officer.user_id).is_active
    assert place is not None


def test_an_institution_that_ends_hands_its_open_cases_on(world: Loaded) -> None:
    set_scenes(("examination", "received"))
    case = Case.objects.get(state="examination")
    agus, old = world.officer("agus"), case.employer
    assert case.employer_id == agus.institution_id
    assign(case=case, actor=agus, officer=agus)
    admins = world.officer("admin"), world.officer("admin2")
    new = institution("BKPSDM", "badan-baru", name="Badan Baru", region=old.region, letterhead=["BADAN BARU"])
    newcomer = Officer.objects.create(
        user=User.objects.create_user("b@b.example", "b@b.example"), institution=new, role="OFFICER", name="Penerus",
        position="Analis",
    )  # fmt: skip
    assert Case.objects.visible_to(agus).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(newcomer).exists()
    seen = set(Event.objects.visible_to(agus).filter(case=case).values_list("pk", flat=True))
    asked = proposals.ask_succession(
        actor=admins[0], institution=old, successor=new, last_day=case.opened_on, reason="Perda 1/2026"
    )
    with pytest.raises(NotPossible):
        proposals.decide(actor=admins[0], proposal=asked, approve=True)
    proposals.decide(actor=admins[1], proposal=asked, approve=True)
    case = Case.objects.get(pk=case.pk)
    old.refresh_from_db()
    assert (case.employer_id, old.successor_id) == (new.pk, new.pk)
    event = Event.objects.filter(case=case).latest("seq")
    assert (event.kind, event.name, event.actor_name) == ("DUTY", "succeed", "Retno Wulandari")
    assert event.data["asked_by"] == "Jati Kurniawan"
    assert not Case.objects.visible_to(agus).exists()
    assert Case.objects.visible_to(newcomer).get() == case
    assert seen <= set(Event.objects.visible_to(newcomer).filter(case=case).values_list("pk", flat=True))
    assert not Assignment.objects.filter(case=case, institution=old, to_on__isnull=True).exists()
    assert look().findings == []
