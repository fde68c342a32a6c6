"""Reads, exports and changes beside the steps stand in chains of their own."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Officer
from accounts.request_id import session_name
from cases.models import Case, Event, Letter, Stream
from cases.services.access import access_stream, case_viewed
from cases.services.letters import render_letter_now
from tests.audit.history import look
from tests.desk import signed_in
from tests.fixtures_world import Loaded
from tests.play import play

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: Loaded) -> Case:
    return Case.objects.get(pk=play("scenarios/02-suka-sesudah-penetapan.yaml").case.pk)


def auditor_of(case: Case) -> Officer:
    return Officer.objects.get(role="AUDITOR", institution__region=case.bawaslu.region)


def read_by(officer: Officer) -> list[tuple[str, str]]:
    return list(Event.objects.filter(stream=access_stream(officer)).order_by("seq").values_list("name", "case_number"))


def test_letters_evidence_and_auditors_views_are_on_record(case: Case) -> None:
    letter = next(row for row in Letter.objects.filter(case=case) if not row.sealed)
    render_letter_now(str(letter.pk))
    evidence = case.report.evidence.first()
    auditor = auditor_of(case)
    client = signed_in(auditor)
    before = Case.objects.get(pk=case.pk).last_seq
    assert client.get(case.get_absolute_url()).status_code == 200
    assert client.get(f"/letters/{letter.pk}/pdf/").status_code == 200
    assert evidence is not None
    assert client.get(f"/evidence/{evidence.pk}/").status_code == 200
    assert read_by(auditor) == [
        ("case_viewed", case.number), ("letter_read", case.number), ("evidence_read", case.number),
    ]  # fmt: skip
    assert Case.objects.get(pk=case.pk).last_seq == before
    assert Event.objects.filter(case=case, kind=Event.Kind.READING).count() == 0
    event = Event.objects.get(stream=access_stream(auditor), name="letter_read")
    assert event.data["sha256"] == Letter.objects.get(pk=letter.pk).sha256
    assert look().whole


def test_the_institution_at_work_is_not_written_down_for_looking(case: Case, world: Loaded) -> None:
    officer = world.officer("yuni")
    assert signed_in(officer).get(case.get_absolute_url()).status_code == 200
    assert read_by(officer) == []


def test_a_refused_download_leaves_nothing(case: Case, world: Loaded) -> None:
    letter = next(row for row in Letter.objects.filter(case=case) if row.sealed)
    render_letter_now(str(letter.pk))
    auditor = auditor_of(case)
    assert signed_in(auditor).get(f"/letters/{letter.pk}/pdf/").status_code == 404
    assert read_by(auditor) == []


def test_role_and_reference_changes_and_exports_are_on_record(case: Case, world: Loaded) -> None:
    admin = world.officer("admin")
    client, target = signed_in(admin), world.officer("hendra")
    page = client.get(f"/admin/accounts/officer/{target.pk}/change/")
    form = page.context["adminform"].form
    values = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    changed = client.post(f"/admin/accounts/officer/{target.pk}/change/", {**values, "position": "Anggota (baru)"})
    assert changed.status_code == 302
    event = Event.objects.get(stream="system:accounts")
    assert (event.kind, event.name, event.actor_id) == ("ACCOUNT", "officer", admin.pk)
    assert event.changes["position"] == [target.position, "Anggota (baru)"]
    officer = world.officer("yuni")
    assert signed_in(officer).post("/export/", {"format": "csv", "which": ""}).status_code == 200
    export = Event.objects.get(stream="system:exports")
    assert export.data["count"] == Case.objects.visible_to(officer).count()
    assert look().whole


def test_a_cut_access_chain_is_found(case: Case) -> None:
    auditor = auditor_of(case)
    for _ in range(3):
        case_viewed(case=case, reader=auditor)
    assert look().whole
    Stream.objects.filter(pk=access_stream(auditor)).update(last_seq=4)
    result = look()
    assert result.first is not None
    assert (result.first.code, result.first.seq) == ("missing", 4)


def test_the_breach_report_names_persons_and_what_was_seen(case: Case) -> None:
    auditor = auditor_of(case)
    client = signed_in(auditor)
    client.get(case.get_absolute_url())
    evidence = case.report.evidence.first()
    assert evidence is not None
    client.get(f"/evidence/{evidence.pk}/")
    out = StringIO()
    call_command("breach_report", "--account", auditor.user.email, "--json", stdout=out)
    (entry,) = json.loads(out.getvalue())["cases"]
    assert (entry["case"], entry["person"]) == (case.number, case.subject_name)
    assert entry["items"] == {"case_viewed": 1, "evidence_read": 1}
    out = StringIO()
    call_command("breach_report", "--account", auditor.user.email, "--until", "2001-01-01", stdout=out)
    assert out.getvalue().startswith("0 cases")
    with pytest.raises(CommandError):
        call_command("breach_report", stdout=StringIO())
    with pytest.raises(CommandError, match="no day"):
        call_command("breach_report", "--since", "yesterday", stdout=StringIO())


def test_the_breach_report_tells_one_stolen_session_from_the_others(case: Case) -> None:
    auditor = auditor_of(case)
    evidence = case.report.evidence.first()
    assert evidence is not None
    signed_in(auditor).get(case.get_absolute_url())
    stolen = signed_in(auditor)
    stolen.get(f"/evidence/{evidence.pk}/")
    out = StringIO()
    call_command("breach_report", "--account", auditor.user.email, "--json", stdout=out)
    used = json.loads(out.getvalue())["sessions"]
    assert [one["count"] for one in used] == [1, 1]
    key = stolen.session.session_key
    assert key is not None
    assert used[1]["name"] == session_name(key)
    assert key not in json.dumps(used), "the key itself is never told"
    out = StringIO()
    call_command("breach_report", "--session", used[1]["name"], "--json", stdout=out)
    (entry,) = json.loads(out.getvalue())["cases"]
    assert entry["items"] == {"evidence_read": 1}
    out = StringIO()
    call_command("breach_report", "--session", "0" * 16, stdout=out)
    assert out.getvalue().startswith("0 cases, 0 exports")
