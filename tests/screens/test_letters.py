"""One letter at the screen: withdrawn, replaced, delivered, read by those who hold it and by nobody else."""

from __future__ import annotations

import pytest

from cases.models import Case, Delivery, Event, Letter, Notice, NumberSeries
from cases.services.delivery import record_delivery
from cases.services.errors import OutOfOrder, Refused, WrongDesk
from cases.services.letters import render_letter_now
from cases.services.notify import choose
from cases.services.outbox import sentence_of
from cases.services.withdraw import replace_letter, withdraw_letter
from tests.audit.history import look
from tests.fixtures_world import Loaded
from tests.screens.browser import Person, on
from tests.screens.conftest import Told

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(world: Loaded, told: Told) -> Letter:
    """The supervisor's recommendation, made, at the reviewer's."""
    told("accept")
    found = Letter.objects.get(kind="bawaslu_recommendation")
    return render_letter_now(str(found.pk))


def whole() -> list[str]:
    """What verification of the whole history finds."""
    return [finding.sentence() for finding in look().findings]


# ---------------------------------------------------------------------- withdraw and replace
def test_a_signatory_withdraws_and_the_number_stays_void(world: Loaded, letter: Letter) -> None:
    before = NumberSeries.objects.get(scope="bawaslu-kota-blitar", series="letter").last
    person = Person(world.officer("hendra"))
    with on("2024-11-12"):
        page = person.get(f"/letters/{letter.pk}/")
        told = person.send(page, "/withdraw/", why="Salah alamat.", then="withdraw")
        assert told.status == 200
        assert "It is no longer in force" in told.text
        assert "Salah alamat." in told.text
    letter.refresh_from_db()
    assert letter.is_void
    assert letter.successor is None
    assert letter.voided_by == world.officer("hendra")
    assert NumberSeries.objects.get(scope="bawaslu-kota-blitar", series="letter").last == before
    event = Event.objects.get(name="withdraw_letter")
    assert (event.reason, event.data["number"], event.actor) == (
        "Salah alamat.",
        letter.number,
        world.officer("hendra"),
    )
    assert "Withdrawn" in Person(world.officer("rina")).get(f"/letters/{letter.pk}/").text, "whoever holds it sees it"
    assert "Withdrawn" in Person(world.officer("rina")).get("/letters/").text


def test_a_corrected_letter_takes_its_place(world: Loaded, letter: Letter) -> None:
    person = Person(world.officer("hendra"))
    with on("2024-11-12"):
        page = person.get(f"/letters/{letter.pk}/")
        told = person.send(
            page, "/withdraw/", why="Simpulan keliru.", then="replace", conclusion="Simpulan yang benar.",
            copies="Kepala Satu\n\nKepala Dua\n",
        )  # fmt: skip
    letter.refresh_from_db()
    successor = letter.successor
    assert successor is not None
    assert told.url == f"/letters/{successor.pk}/"
    assert "Takes the place of" in told.text
    assert successor.context["conclusion"] == "Simpulan yang benar."
    assert successor.context["copies"] == ["Kepala Satu", "Kepala Dua"]
    assert successor.context["person"] == letter.context["person"]
    assert letter.number in successor.context["replaces"]
    assert successor.number != letter.number
    assert (successor.serial, successor.dated_on.isoformat()) == (letter.serial + 2, "2024-11-12")
    assert set(successor.addressees.all()) == set(letter.addressees.all())
    assert render_letter_now(str(successor.pk)).status == "READY"
    assert letter.context["conclusion"] != "Simpulan yang benar.", "the withdrawn one stays as it was"
    assert Event.objects.get(name="replace_letter").letters_issued[0]["number"] == successor.number
    assert whole() == []


@pytest.mark.parametrize("then", ["withdraw", "replace"])
def test_whoever_holds_it_is_told_that_it_lost_its_force(world: Loaded, letter: Letter, then: str) -> None:
    Notice.objects.all().delete()
    if then == "withdraw":
        withdraw_letter(letter=letter, actor=world.officer("hendra"), reason="Keliru.")
    else:
        replace_letter(letter=letter, actor=world.officer("hendra"), reason="Keliru.", texts={})
    kind = "letter_withdrawn" if then == "withdraw" else "letter_replaced"
    rows = Notice.objects.select_related("officer__institution", "mail")
    assert {row.kind for row in rows} == {kind}
    assert {row.officer.institution.kind for row in rows} == {"REVIEWER"}, "not the issuer; nobody else holds it yet"
    assert {row.officer.role for row in rows} == {"OFFICER", "SIGNATORY"}
    letter.refresh_from_db()
    told = rows.get(officer=world.officer("rina"))
    assert letter.number in sentence_of(told)
    assert told.mail is not None
    for words in (sentence_of(told), told.mail.subject, told.mail.body):
        assert letter.case.subject_name not in words, "no personal data"
        assert "Keliru" not in words
    with pytest.raises(Refused):
        choose(officer=told.officer, kind=kind, delivery="OFF")
    assert letter.number in Person(told.officer).get("/notices/").text


def test_only_the_signatory_of_the_issuer_withdraws(world: Loaded, letter: Letter) -> None:
    for name in ("yuni", "rina", "pramono", "sekar"):
        person = Person(world.officer(name))
        page = person.get(f"/letters/{letter.pk}/")
        assert not [target for target in page.post_targets if "withdraw" in target], name
        code = person.client.post(f"/letters/{letter.pk}/withdraw/", {"why": "x", "then": "withdraw"}).status_code
        assert code == 404, name
        with pytest.raises(WrongDesk), on("2024-11-12"):
            withdraw_letter(letter=letter, actor=world.officer(name), reason="x")
    letter.refresh_from_db()
    assert not letter.is_void


def test_a_letter_is_withdrawn_once_and_a_late_click_is_told(world: Loaded, letter: Letter) -> None:
    person = Person(world.officer("hendra"))
    with on("2024-11-12"):
        page = person.get(f"/letters/{letter.pk}/")
        person.send(page, "/withdraw/", why="Satu.", then="withdraw")
        second = person.send(page, "/withdraw/", why="Dua.", then="replace")
    assert second.status == 409
    assert "was withdrawn already" in second.text
    letter.refresh_from_db()
    assert letter.void_reason == "Satu."
    assert Letter.objects.filter(kind="bawaslu_recommendation").count() == 1


def test_a_reason_is_asked_and_nothing_typed_is_lost(world: Loaded, letter: Letter) -> None:
    person = Person(world.officer("hendra"))
    page = person.get(f"/letters/{letter.pk}/")
    told = person.send(page, "/withdraw/", why="  ", then="replace", conclusion="Sudah diketik.")
    assert told.status == 422
    assert "Sudah diketik." in told.html
    letter.refresh_from_db()
    assert not letter.is_void


def test_a_failed_letter_can_be_withdrawn(world: Loaded, letter: Letter) -> None:
    Letter.objects.filter(pk=letter.pk).update(status="FAILED", error="time")
    with on("2024-11-12"):
        withdraw_letter(letter=letter, actor=world.officer("hendra"), reason="Tidak jadi.")
    letter.refresh_from_db()
    assert letter.is_void


def test_history_notices_a_letter_put_back_in_force(world: Loaded, letter: Letter) -> None:
    """Control of the clean verifications above: the rows are really compared with the acts."""
    with on("2024-11-12"):
        withdraw_letter(letter=letter, actor=world.officer("hendra"), reason="Keliru.")
    assert whole() == []
    Letter.objects.filter(pk=letter.pk).update(voided_at=None, void_reason="", voided_by=None)
    assert any(letter.number in sentence for sentence in whole())


# ---------------------------------------------------------------------- the decree
@pytest.fixture
def replaced(world: Loaded) -> Case:
    """A case whose decree was delivered, revoked and replaced."""
    from cases.scenario.player import perform
    from cases.scenario.schema import read_text
    from tests.letters.conftest import HERE
    from tests.play import SCENARIOS

    file = HERE / "scenarios" / "replaced.yaml"
    (done,) = perform(read_text(file.read_text(encoding="utf-8"), file=str(file), folder=SCENARIOS))
    return Case.objects.get(pk=done.case_ids[0])


def test_a_replaced_decree_is_void_and_names_its_successor(world: Loaded, replaced: Case) -> None:
    old, new = Letter.objects.filter(case=replaced, kind="sanction_decree").order_by("created_at")
    assert old.is_void
    assert old.successor == new
    assert not new.is_void
    assert old.void_reason == replaced.decisions.order_by("pk").first().void_reason
    delivery = Delivery.objects.get(letter=old)
    assert delivery.recipient == "Yang bersangkutan"
    assert delivery.delivered_on == replaced.decisions.order_by("pk").first().delivered_on
    assert whole() == []


def test_a_decree_is_taken_out_of_force_by_its_step_only(world: Loaded, replaced: Case) -> None:
    decree = Letter.objects.filter(case=replaced, kind="sanction_decree", voided_at=None).get()
    signatory = replaced.events.get(name="replace_decree").actor
    page = Person(signatory).get(f"/letters/{decree.pk}/")
    assert "Revoke and replace the decree" in page.text
    assert not [target for target in page.post_targets if "withdraw" in target]
    for act in (withdraw_letter, replace_letter):
        with pytest.raises(OutOfOrder):
            act(letter=decree, actor=signatory, reason="x", **({"texts": {}} if act is replace_letter else {}))


# ---------------------------------------------------------------------- delivery
def test_each_copy_is_put_on_record_once(world: Loaded, letter: Letter) -> None:
    person = Person(world.officer("yuni"))
    sent = {"place": "0", "manner": "SENT", "delivered_on": "2024-11-12", "received_by": "Rina, resepsionis"}
    with on("2024-11-12"):
        page = person.get(f"/letters/{letter.pk}/")
        assert "Not on record yet" in page.text
        told = person.send(page, "/delivery/", **sent)
        assert "Rina, resepsionis" in told.text
        again = person.send(page, "/delivery/", **sent)
    assert again.status == 409
    assert "on record already" in again.text
    row = Delivery.objects.get(letter=letter)
    assert (row.place, row.manner, row.recorded_by) == (0, "SENT", world.officer("yuni"))
    assert row.event.name == "record_delivery"
    assert whole() == []
    Delivery.objects.update(received_by="Orang lain")
    assert any(letter.number in sentence for sentence in whole()), "a changed delivery is noticed"


@pytest.mark.parametrize("day", ["2024-11-07", "2024-11-13"])
def test_a_delivery_lies_between_the_letter_and_today(world: Loaded, letter: Letter, day: str) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-12"):
        page = person.get(f"/letters/{letter.pk}/")
        told = person.send(page, "/delivery/", place="0", manner="SENT", delivered_on=day, received_by="Rina")
    assert told.status == 422
    assert "lies between" in told.text
    assert not Delivery.objects.exists()


def test_only_the_issuer_records_and_never_for_a_void_letter(world: Loaded, letter: Letter) -> None:
    import datetime as dt

    facts = {"place": 0, "manner": "SENT", "delivered_on": dt.date(2024, 11, 12), "received_by": "Rina"}
    posted = {**facts, "delivered_on": "2024-11-12"}
    with on("2024-11-12"):
        for name in ("rina", "sekar"):
            person = Person(world.officer(name))
            assert person.client.post(f"/letters/{letter.pk}/delivery/", posted).status_code == 404
        with pytest.raises(WrongDesk):
            record_delivery(letter=letter, actor=world.officer("rina"), **facts)
        withdraw_letter(letter=letter, actor=world.officer("hendra"), reason="Keliru.")
        with pytest.raises(OutOfOrder):
            record_delivery(letter=letter, actor=world.officer("yuni"), **facts)


def test_the_issuer_sees_who_opened_it(world: Loaded, letter: Letter) -> None:
    reader = Person(world.officer("rina"))
    issuer = Person(world.officer("yuni"))
    assert "has not opened it in this portal yet" in issuer.get(f"/letters/{letter.pk}/").text
    with on("2024-11-12"):
        b"".join(reader.client.get(f"/letters/{letter.pk}/pdf/").streaming_content)
    assert "first opened it in this portal on 12 November 2024" in issuer.get(f"/letters/{letter.pk}/").text


# ---------------------------------------------------------------------- who reads a letter
def test_letters_have_walls(world: Loaded, told: Told) -> None:
    """By kind: issuer, addressee, copies, auditors; what speaks to or of the reporter stays with the issuer."""
    told("request_supplement")
    for row in Letter.objects.all():
        render_letter_now(str(row.pk))
    readers = {"yuni": "issuer", "rina": "reviewer", "sekar": "auditor", "agus": "employer", "ningsih": "elsewhere"}
    may = {
        "report_receipt": {"issuer"}, "status_notice": {"issuer"},
        "assessment": {"issuer", "reviewer", "auditor"},
        "bawaslu_recommendation": {"issuer", "reviewer", "auditor"},
        "supplement_request": {"reviewer", "issuer", "auditor"},
    }  # fmt: skip
    assert set(may) == set(Letter.objects.values_list("kind", flat=True))
    for row in Letter.objects.all():
        for name, part in readers.items():
            client = Person(world.officer(name)).client
            expected = 200 if part in may[row.kind] else 404
            for address in (f"/letters/{row.pk}/", f"/letters/{row.pk}/pdf/", f"/letters/{row.pk}/pdf/?download"):
                assert client.get(address).status_code == expected, (row.kind, name, address)
