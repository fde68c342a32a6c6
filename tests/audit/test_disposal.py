"""At the end of its retention a case's contents go, in two steps by two persons; the history verifies and says so."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from accounts.models import Officer
from cases.catalogue.retention import RetentionRule
from cases.clock import travel
from cases.models import Case, Disposal, Event, Evidence, Letter, Note
from cases.models.file import private_storage
from cases.services.access import evidence_read
from cases.services.checkpoint import checkpoint
from cases.services.disposal import ask_disposal, decide_disposal, due_cases, term_of, years_later
from cases.services.errors import FourEyes, OutOfOrder, Refused, WrongDesk
from cases.services.letters import render_letter_now
from cases.workflow import DISPOSAL_APPROVED_BY, DISPOSAL_ASKED_BY, STATES
from tests.audit.history import look
from tests.desk import signed_in
from tests.fixtures_world import Loaded
from tests.play import play

pytestmark = pytest.mark.django_db
LATE = dt.datetime(2040, 1, 2, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def case(world: Loaded) -> Case:
    case = Case.objects.get(pk=play("scenarios/04-dilengkapi-lalu-tidak-terbukti.yaml").case.pk)
    for letter in Letter.objects.filter(case=case).order_by("pk")[:2]:
        render_letter_now(str(letter.pk))
    checkpoint()
    return case


def keeper(case: Case, desk: Any, *, other_than: str = "") -> Officer:
    rows = Officer.objects.select_related("institution", "user").filter(institution=case.bawaslu, role=desk.role)
    return next(row for row in rows if row.person_key != other_than)


def both(case: Case) -> tuple[Officer, Officer]:
    asker = keeper(case, DISPOSAL_ASKED_BY)
    return asker, keeper(case, DISPOSAL_APPROVED_BY, other_than=asker.person_key)


def test_every_final_state_has_one_class_on_every_day(world: Loaded) -> None:
    outcomes = {state.outcome for state in STATES if state.final}
    rules = RetentionRule.objects.in_force(dt.date(2024, 1, 1))
    assert sorted(rule.code for rule in rules) == sorted(outcomes)
    assert all(rule.legal_basis and rule.years for rule in rules)


def test_years_are_counted_by_the_calendar() -> None:
    assert years_later(dt.date(2024, 2, 29), 5) == dt.date(2029, 3, 1)
    assert years_later(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)


def test_nothing_is_due_before_its_day_and_everything_on_it(case: Case) -> None:
    asker, _approver = both(case)
    term = term_of(case)
    assert term is not None
    assert not due_cases(asker, term.due_on - dt.timedelta(days=1))
    assert [found.pk for found, _term in due_cases(asker, term.due_on)] == [case.pk]
    with pytest.raises(OutOfOrder):
        ask_disposal(case=case, actor=asker, reason="too early")
    assert not Disposal.objects.exists()


def test_two_persons_destroy_what_the_class_names_and_the_history_says_so(case: Case) -> None:
    asker, approver = both(case)
    paths = [row.file.name for row in Letter.objects.filter(case=case, status="READY")]
    paths += [row.shown.name or row.file.name for row in Evidence.objects.filter(report=case.report)]
    assert paths
    with travel(LATE):
        row = ask_disposal(case=case, actor=asker, reason="Retensi berakhir")
        with pytest.raises(OutOfOrder):
            ask_disposal(case=case, actor=asker, reason="twice")
        with pytest.raises(WrongDesk):
            decide_disposal(disposal=row, actor=asker, approve=True)
        decide_disposal(disposal=row, actor=approver, approve=True)
        with pytest.raises(OutOfOrder):
            decide_disposal(disposal=row, actor=approver, approve=True)
    assert not Evidence.objects.filter(report=case.report).exclude(file="").exists()
    assert {letter.status for letter in Letter.objects.filter(case=case).exclude(sha256="")} == {"DISPOSED"}
    assert not [text for text in Note.objects.filter(case=case).values_list("text", flat=True) if text]
    checkpoint()
    result = look()
    assert result.whole, result.verdict()
    assert result.disposed >= len(paths)
    event = Event.objects.get(name="disposed", case=case)
    assert event.data["asker_person"] == asker.person_key
    assert event.actor_person == approver.person_key


def test_what_files_show_goes_with_them_and_never_stood_in_the_history(case: Case) -> None:
    asker, approver = both(case)
    shown = [title for title in Evidence.objects.filter(report=case.report).values_list("title", flat=True) if title]
    assert shown
    auditor = Officer.objects.select_related("institution", "user").filter(role="AUDITOR")[0]
    evidence = Evidence.objects.filter(report=case.report)[0]
    evidence_read(evidence=evidence, reader=auditor)
    told = json.dumps(list(Event.objects.values_list("data", "changes")), default=str)
    assert not [title for title in shown if title in told]
    page = signed_in(asker).get(f"/cases/{case.number}/").content.decode()
    assert shown[0] in page
    with travel(LATE):
        row = ask_disposal(case=case, actor=asker, reason="x")
        decide_disposal(disposal=row, actor=approver, approve=True)
    assert set(Evidence.objects.filter(report=case.report).values_list("title", "title_salt")) == {("", "")}
    assert look().whole
    page = signed_in(asker).get(f"/cases/{case.number}/").content.decode()
    assert not [title for title in shown if title in page]
    assert "Berkas yang sudah dimusnahkan" in page
    Evidence.objects.filter(pk=evidence.pk).update(title=shown[0])
    result = look()
    assert result.first is not None
    assert result.first.code == "undisposed"


def test_a_file_cannot_be_made_to_show_something_else(case: Case) -> None:
    """Neither by another title, nor by another title with a salt of its own."""
    evidence = Evidence.objects.filter(report=case.report)[0]
    for changed in ({"title": "Foto lain"}, {"title": "Foto lain", "title_salt": "ab" * 32}, {"title_salt": ""}):
        Evidence.objects.filter(pk=evidence.pk).update(**changed)
        result = look()
        assert result.first is not None
        assert result.first.code == "evidence"
        Evidence.objects.filter(pk=evidence.pk).update(title=evidence.title, title_salt=evidence.title_salt)
    assert look().whole


def test_the_bytes_go_when_it_is_committed(case: Case, django_capture_on_commit_callbacks: Any) -> None:
    asker, approver = both(case)
    paths = [row.file.name for row in Letter.objects.filter(case=case, status="READY")]
    with travel(LATE):
        row = ask_disposal(case=case, actor=asker, reason="x")
        assert all(private_storage().exists(path) for path in paths)
        with django_capture_on_commit_callbacks(execute=True):
            decide_disposal(disposal=row, actor=approver, approve=True)
    assert not [path for path in paths if private_storage().exists(path)]


def test_what_was_destroyed_cannot_come_back_unseen(case: Case) -> None:
    asker, approver = both(case)
    with travel(LATE):
        decide_disposal(
            disposal=ask_disposal(case=case, actor=asker, reason="x"), actor=approver, approve=True
        )  # fmt: skip
    letter = Letter.objects.filter(case=case, status="DISPOSED").first()
    assert letter is not None
    Letter.objects.filter(pk=letter.pk).update(context={"subject": "something else"})
    result = look()
    assert result.first is not None
    assert result.first.code == "undisposed"


def test_destroyed_without_an_event_is_found(case: Case) -> None:
    """The control: the same thinning behind the portal's back is an alarm."""
    Letter.objects.filter(case=case, status="READY").update(status="DISPOSED", file="", context={})
    assert not look().whole


def test_a_shared_reporter_goes_with_the_last_case(case: Case) -> None:
    asker, approver = both(case)
    sibling = Case.objects.get(pk=case.pk)
    sibling.pk, sibling.number, sibling.last_seq, sibling.head_hash = None, "2024-99999", 0, ""
    sibling.registration_number = ""
    sibling.save(force_insert=True)
    with travel(LATE):
        row = ask_disposal(case=case, actor=asker, reason="x")
        decide_disposal(disposal=row, actor=approver, approve=True)
        assert Event.objects.get(name="disposed", case=case).data["reporter"] is False
        row = ask_disposal(case=sibling, actor=asker, reason="x")
        decide_disposal(disposal=row, actor=approver, approve=True)
    told = Event.objects.filter(name="disposed").order_by("pk")
    reporter = getattr(case.report, "sealed_reporter", None)
    assert [event.data["reporter"] for event in told] == ([False, True, True] if reporter else [False, False])
    if reporter is not None:
        reporter.refresh_from_db()
        assert reporter.salt == ""


def test_refusing_needs_a_reason_and_leaves_everything(case: Case) -> None:
    asker, approver = both(case)
    with travel(LATE):
        row = ask_disposal(case=case, actor=asker, reason="x")
        with pytest.raises(Refused):
            decide_disposal(disposal=row, actor=approver, approve=False)
        decide_disposal(disposal=row, actor=approver, approve=False, answer="Masih dibutuhkan")
        assert Letter.objects.filter(case=case, status="READY").exists()
        again = ask_disposal(case=case, actor=asker, reason="once more")
    assert again.pk != row.pk
    assert look().whole


def test_one_person_at_two_desks_is_still_one_person(case: Case) -> None:
    asker, approver = both(case)
    Officer.objects.filter(pk=approver.pk).update(nip=asker.nip, user=asker.user)
    approver = Officer.objects.select_related("institution", "user").get(pk=approver.pk)
    with travel(LATE):
        row = ask_disposal(case=case, actor=asker, reason="x")
        with pytest.raises(FourEyes):
            decide_disposal(disposal=row, actor=approver, approve=True)
    assert Letter.objects.filter(case=case, status="READY").exists()


def test_the_screen_carries_both_steps(case: Case) -> None:
    asker, approver = both(case)
    with travel(LATE):
        page = signed_in(asker).get("/retention/")
        assert case.number in page.content.decode()
        said = signed_in(asker).post("/retention/", {"case": case.number, "reason": ""}, follow=True)
        assert not Disposal.objects.exists()
        assert said.status_code == 422
        signed_in(asker).post("/retention/", {"case": case.number, "reason": "Retensi berakhir"})
        row = Disposal.objects.get()
        assert signed_in(asker).post(f"/retention/{row.pk}/", {"do": "approve"}).status_code == 302
        row.refresh_from_db()
        assert row.status == "ASKED"
        waiting = signed_in(approver).get("/retention/").content.decode()
        assert "Retensi berakhir" in waiting
        signed_in(approver).post(f"/retention/{row.pk}/", {"do": "approve"})
        row.refresh_from_db()
    assert row.status == "DONE"
    assert signed_in(Officer.objects.filter(role="AUDITOR")[0]).get("/retention/").status_code == 404
