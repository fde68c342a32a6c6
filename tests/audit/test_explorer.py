"""The auditor's pages: find, compare, check; nobody else gets in and nothing can be changed."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
from django.utils.html import escape

from accounts.models import Officer
from cases.audit import dossier
from cases.audit.heads import read_heads
from cases.clock import real_now
from cases.letters import failures
from cases.letters.rendering import render_html
from cases.models import Case, Event, HistoryJob
from cases.services.access import access_stream
from cases.services.checkpoint import checkpoint, outside
from cases.services.errors import WrongDesk
from cases.services.history_jobs import ask_check, progress_of, run_job, sweep_jobs
from tests.audit.history import make_history
from tests.audit.test_access import auditor_of
from tests.desk import signed_in
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: Loaded) -> Case:
    make_history(letters=1)
    return Case.objects.order_by("pk")[0]


def test_an_auditor_finds_events_by_person_case_and_kind(case: Case) -> None:
    client = signed_in(auditor_of(case))
    page = client.get("/history/")
    assert page.status_code == 200
    assert len(page.context["rows"]) > 10
    for asked in ({"q": case.number}, {"q": case.subject_name.split()[0]}, {"q": case.subject_nip, "kind": "STEP"}):
        found = client.get("/history/", asked).context["rows"]
        assert found
        assert case.number in {row["event"].case_number for row in found}
    assert not client.get("/history/", {"q": "nobody-of-this-name"}).context["rows"]
    assert not client.get("/history/", {"until": "2001-01-01"}).context["rows"]
    body = client.get("/history/", {"q": case.number}).content.decode()
    assert "<del>" in body
    # Nothing on the page changes anything but language, look, desk and session.
    posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', body)
    # … and the order to check everything, which writes a job and nothing of a case.
    assert {action for action in posts if "/history" in action or "/cases" in action} == {"/history/check/"}
    assert client.post("/history/").status_code in (404, 405)


def test_checking_says_the_result_in_words(case: Case) -> None:
    client = signed_in(auditor_of(case))
    whole = client.get(f"/history/check/{case.number}/")
    assert whole.status_code == 200
    assert whole.context["result"].whole
    Case.objects.filter(pk=case.pk).update(recommended_level="MINOR")
    broken = client.get(f"/history/check/{case.number}/")
    assert not broken.context["result"].whole
    assert "recommended_level" in broken.content.decode()
    assert client.get("/history/check/1999-00001/").status_code == 404


def test_heads_can_be_taken_away_and_that_is_on_record(case: Case) -> None:
    response = signed_in(auditor_of(case)).get("/history/heads/")
    assert b'"sig":"' in b"".join(response.streaming_content)
    assert Event.objects.get(stream="system:exports").name == "heads"


def test_only_auditors_and_only_of_their_region(case: Case, world: Loaded) -> None:
    assert signed_in(world.officer("yuni")).get("/history/").status_code == 404
    elsewhere = Case.objects.exclude(bawaslu__region=case.bawaslu.region).first()
    if elsewhere is not None:
        assert signed_in(auditor_of(case)).get(f"/history/check/{elsewhere.number}/").status_code == 404


def run_all() -> None:
    for job in HistoryJob.objects.filter(status="PENDING"):
        assert run_job(job.pk)


def test_each_way_of_searching_finds_its_own_and_nothing_else(case: Case, world: Loaded) -> None:
    client = signed_in(auditor_of(case))

    def found(**asked: str) -> list[Event]:
        return [row["event"] for row in client.get("/history/", asked).context["rows"]]

    assert {event.case_number for event in found(case=case.number)} == {case.number}
    nip = " ".join((case.subject_nip[:8], case.subject_nip[8:14], case.subject_nip[14:15], case.subject_nip[15:]))
    assert {event.case_number for event in found(person=case.subject_nip)} == {case.number}, nip
    name = world.officer("yuni").name.split(",")[0]
    assert found(person=name)
    by_act = found(act="register")
    assert by_act
    assert {event.name for event in by_act} == {"register"}
    by_place = found(institution=case.bawaslu.name)
    assert by_place
    assert {event.institution_name for event in by_place} == {case.bawaslu.name}
    day = by_act[0].at.date().isoformat()
    assert by_act[0].pk in {event.pk for event in found(since=day, until=day, act="register")}
    assert not found(since="2001-01-01", until="2001-01-02")
    assert client.get("/history/", {"since": "yesterday", "act": "no such act"}).status_code == 200


def test_nothing_reads_as_the_machine_writes_it(case: Case) -> None:
    """No ISO date, no raw choice, no step name in what people read of the events."""
    client = signed_in(auditor_of(case))
    for page in (1, 2, 3):
        answer = client.get("/history/", {"page": page})
        for row in answer.context["rows"]:
            words = [row["act"], *(text for change in row["changes"] for text in (change.before, change.after))]
            for text in words:
                assert not re.search(r"\d{4}-\d\d-\d\d|\d\dT\d\d", text), (row["event"].name, text)
                assert not re.fullmatch(r"[A-Z]+(_[A-Z]+)*|[a-z]+(_[a-z]+)+", text) or text in ACRONYMS, text
            names = [change.name for change in row["changes"]]
            assert not [name for name in names if "_" in name], names


ACRONYMS = {"PNS", "PPPK", "KASN", "BKN"}


def test_the_whole_history_is_checked_in_the_background_and_told_in_words(case: Case) -> None:
    auditor = auditor_of(case)
    client = signed_in(auditor)
    there = client.post("/history/check/")["Location"]
    waiting = client.get(there).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert f'href="{there}"' in waiting  # without JavaScript a link asks again
    assert client.post("/history/check/")["Location"] == there, "one check at a time"
    run_all()
    done = client.get(there)
    assert 'hx-trigger="every' not in done.content.decode()
    job = HistoryJob.objects.get()
    assert job.result["ok"], job.result
    assert "shield-check" in done.content.decode()
    part = client.get(there, headers={"HX-Request": "true", "HX-Target": "job"}).content.decode()
    assert "<html" not in part
    assert progress_of(job)["done"] > 0
    # Somebody else's check is nobody's business.
    other = Officer.objects.filter(role="AUDITOR").exclude(pk=auditor.pk).first()
    if other is not None:
        assert signed_in(other).get(there).status_code == 404


def test_a_broken_history_is_told_in_words_too(case: Case) -> None:
    client = signed_in(auditor_of(case))
    Case.objects.filter(pk=case.pk).update(recommended_level="MINOR")
    there = client.post("/history/check/")["Location"]
    run_all()
    body = client.get(there).content.decode()
    assert "alert-triangle" in body
    assert case.number in body
    assert HistoryJob.objects.get().result["ok"] is False


def test_a_bundle_is_made_marked_and_logged(case: Case) -> None:
    auditor = auditor_of(case)
    client = signed_in(auditor)
    there = client.post(f"/history/bundle/{case.number}/")["Location"]
    assert client.get(f"{there}bundle/").status_code == 404, "not ready"
    run_all()
    assert "/bundle/" in client.get(there).content.decode()
    answer = client.get(f"{there}bundle/")
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert auditor.name in archive.read("README.txt").decode()
        assert {"verify.py", "events.jsonl", "dossier.pdf"} <= set(archive.namelist())
    names = Event.objects.filter(stream=access_stream(auditor)).order_by("seq").values_list("name", flat=True)
    assert [name for name in names if "bundle" in name] == ["bundle_asked", "bundle_taken"]
    assert Event.objects.filter(stream="system:exports", name="history", case_number=case.number).count() == 1
    other = Officer.objects.filter(role="AUDITOR").exclude(pk=auditor.pk).first()
    if other is not None:
        assert signed_in(other).get(f"{there}bundle/").status_code == 404


@pytest.mark.once
def test_the_dossier_of_a_big_case_stays_within_a_letters_bounds_and_says_why_it_failed(
    case: Case, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor, real = auditor_of(case), dossier._context
    one = {"at": "1", "who": "x", "institution": "y", "seq": 1, "what": "z", "reason": "kata " * 200, "hash": "0" * 64}

    def big(*arguments: Any) -> dict[str, Any]:
        return {**real(*arguments), "events": [one] * 2000}

    monkeypatch.setattr(dossier, "_context", big)
    settings.LETTER_SECONDS = 0.5
    client = signed_in(auditor)
    there = client.post(f"/history/bundle/{case.number}/")["Location"]
    assert not run_job(HistoryJob.objects.get().pk)
    job = HistoryJob.objects.get()
    assert (job.status, job.attempts) == ("FAILED", 1), "it would take as long another time"
    assert failures.sentence("time: ") in job.error
    assert escape(job.error) in client.get(there).content.decode()
    monkeypatch.setattr(dossier, "_context", real)
    settings.LETTER_SECONDS = 60
    there = client.post(f"/history/bundle/{case.number}/")["Location"]
    run_all()
    assert client.get(f"{there}bundle/").status_code == 200, "the next one is made"


def test_of_very_many_events_the_newest_are_printed_and_the_rest_counted(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier, "MOST_EVENTS", 1)
    monkeypatch.setattr(dossier, "MOST_EVIDENCE", 0)
    checkpoint()
    *_earlier, head = read_heads(outside().heads_file)
    told = dossier._context(case, auditor_of(case), [], head, "x")
    last = case.events.order_by("-seq")[0]
    assert [event["hash"] for event in told["events"]] == [last.hash]
    assert told["earlier_events"] == case.events.count() - 1
    assert "peristiwa yang lebih awal tidak dicetak" in render_html(dossier.TEMPLATE, told)


def test_a_job_whose_worker_died_is_taken_up_again_and_done_once(case: Case) -> None:
    job = ask_check(actor=auditor_of(case))
    HistoryJob.objects.filter(pk=job.pk).update(status="RUNNING", leased_until=real_now() + dt.timedelta(hours=1))
    assert not run_job(job.pk), "in another worker's hands"
    assert sweep_jobs() == 0
    HistoryJob.objects.filter(pk=job.pk).update(leased_until=real_now() - dt.timedelta(seconds=1))
    assert sweep_jobs() == 1
    assert run_job(job.pk)
    assert not run_job(job.pk), "done once"


def test_only_auditors_give_orders(case: Case, world: Loaded) -> None:
    for name in ("yuni", "hendra", "admin"):
        client = signed_in(world.officer(name))
        assert client.post("/history/check/").status_code == 404
        assert client.post(f"/history/bundle/{case.number}/").status_code == 404
    with pytest.raises(WrongDesk):
        ask_check(actor=world.officer("yuni"))
