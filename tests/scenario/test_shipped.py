"""The shipped stories: every one plays, every ending of the table is reached, the demo's desks have work."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases import workflow
from cases.clock import travel
from cases.management.commands.demo_data import shipped
from cases.models import Appeal, Case, Decision, Event, Letter, Summons
from cases.models.report import Report
from cases.nip import parse
from cases.scenario.schema import read_file
from tests.fixtures_world import Loaded
from tests.play import SCENARIOS, play

pytestmark = pytest.mark.django_db
HAND_WRITTEN = sorted(path for path in SCENARIOS.glob("[0-9]*.yaml"))
DEMO_DAY = dt.datetime(2024, 11, 29, 2, 0, tzinfo=dt.UTC)


def test_the_press_case_is_ethics_before_and_discipline_after(world: Loaded) -> None:
    before, after = play("scenarios/01-suka-sebelum-penetapan.yaml"), play("scenarios/02-suka-sesudah-penetapan.yaml")
    ethics, discipline = before.case, after.case
    assert (ethics.report.occurred_on, discipline.report.occurred_on) == (dt.date(2023, 10, 14), dt.date(2023, 11, 20))
    assert (ethics.violation.code, ethics.finding) == ("A4", "ETHICS")
    assert (discipline.violation.code, discipline.finding) == ("B6", "DISCIPLINE")
    assert ethics.decisions.get().sanction.level == "MORAL"
    assert discipline.decisions.get().sanction.level == "MODERATE"
    assert ethics.subject_nip != discipline.subject_nip
    assert len(Letter.objects.filter(case=ethics)) >= 12


def test_the_whole_demo(world: Loaded) -> None:
    """One playing of everything, looked at from all sides: it takes half a minute."""
    out = StringIO()
    call_command("demo_data", stdout=out)
    assert " cases, " in out.getvalue()
    check_endings()
    check_mix()
    check_desks(world)
    moments = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments), "one history, in order of time"
    assert moments[-1] < DEMO_DAY
    again, before = StringIO(), Event.objects.count()
    call_command("demo_data", stdout=again)
    assert "nothing was added" in again.getvalue()
    assert Event.objects.count() == before


def hand_written() -> dict[str, list[Case]]:
    """Cases of the hand-written stories, by the number their file begins with."""
    found: dict[str, list[Case]] = {}
    for path in HAND_WRITTEN:
        for scenario in read_file(path):
            assert scenario.intake is not None
            assert scenario.ends, f"{path.name} does not say how it ends"
            rows = Case.objects.filter(
                report__incident=scenario.intake.fields["incident"],
                report__occurred_on=scenario.intake.fields["occurred_on"],
            )
            found.setdefault(path.stem[:2], []).extend(rows.order_by("pk"))
    return found


def steps_of(case: Case) -> list[str]:
    return list(case.events.filter(kind="STEP").order_by("seq").values_list("name", flat=True))


def check_endings() -> None:
    """Every state and step of the table, and every ending the office knows, is told by a hand-written story."""
    cases = hand_written()
    everything = [case for rows in cases.values() for case in rows]
    finals = {state.name for state in workflow.STATES if state.final}
    assert finals <= {case.state for case in everything}
    assert {step.name for step in workflow.all_steps()} == {name for case in everything for name in steps_of(case)}
    assert set(Case.objects.values_list("state", flat=True)) == set(workflow.STATE), "every state is to be seen"

    standing = Decision.objects.filter(case__in=everything, case__state="closed", void_on=None)
    assert {row.sanction.level for row in standing} == {"MORAL", "MINOR", "MODERATE", "SEVERE", "DISMISSAL"}
    assert {"M1", "M2", "PTDH"} <= {row.sanction.code for row in standing}
    [missed] = cases["13"]
    assert Summons.objects.filter(case=missed, purpose="EXAMINATION").count() == 2
    assert not missed.minutes.filter(purpose="EXAMINATION").exists()
    assert "request_supplement" in steps_of(missed)
    assert "waive_clarification" in steps_of(cases["11"][0])
    assert [case.state for case in cases["14"]] == ["closed", "unproven", "declined"]
    assert "escalate" in steps_of(cases["15"][0])
    rulings = Appeal.objects.filter(decision__case__in=everything).values_list("ruling", flat=True)
    assert set(rulings) == {"UPHELD", "LIGHTENED", "AGGRAVATED", "ANNULLED"}
    old, new = cases["18"][0].decisions.order_by("pk")
    assert old.void_on is not None
    assert new.replaces == old
    assert [cases[key][0].reviewer.code for key in ("19", "09")] == ["kasn", "bkn-kanreg-2"]
    assert cases["20"][0].employer.code == "bkd-jatim"
    assert (cases["21"][0].employer.code, cases["21"][0].employee.employer.code) == ("bkd-jatim", "bkpsdm-kota-blitar")
    assert cases["22"][0].employment == "PPPK"
    assert cases["23"][0].violation.code == "B13"
    assert Event.objects.get(case=cases["09"][0], name="decide_sanction").data["approval_number"]
    first, second = cases["08"]
    assert first.decisions.get().sanction.severity_rank < second.decisions.get().sanction.severity_rank


def check_mix() -> None:
    """About eighty synthetic cases over three elections, half of them before candidates were determined."""
    bulk = [read.intake for read in shipped(SCENARIOS / "bulk") if read.intake]
    assert 75 <= sum(len(intake.reported) for intake in bulk) <= 95
    reports = Report.objects.select_related("election").filter(
        cases__reported_nip__in={block["nip"] for intake in bulk for block in intake.reported}
    )
    early = sum(row.occurred_on < row.election.candidates_determined_on for row in reports)
    assert 0.4 < early / len(reports) < 0.6
    assert {(row.election.regime, row.election.vote_on.year) for row in reports} == {
        ("PILKADA", 2020), ("PEMILU", 2024), ("PILKADA", 2024),
    }  # fmt: skip
    texts = [intake.fields["chronology"] for intake in bulk]
    assert len(set(texts)) == len(texts), "no two chronologies alike"


def check_desks(world: Loaded) -> None:
    """Every desk of the city has overdue, coming and waiting work on the demo's day; readers have none."""
    with travel(DEMO_DAY):
        for name in ("yuni", "hendra", "rina", "pramono", "agus", "wahyu"):
            mine = Case.objects.on_desk_of(world.officer(name))
            assert mine.filter(due_on__lt=DEMO_DAY.date()).exists(), name
            assert mine.filter(due_on__gte=DEMO_DAY.date()).exists(), name
            assert Case.objects.waiting_for_others(world.officer(name)).exists(), name
        for name in ("sekar", "admin"):
            assert not Case.objects.on_desk_of(world.officer(name)).exists()


def test_demo_data_stays_out_of_real_offices(settings: Any) -> None:
    settings.DEMO = settings.TESTING = False
    with pytest.raises(CommandError, match="demo mode only"):
        call_command("demo_data")


def test_letters_are_written_with_readable_names(world: Loaded, tmp_path: Path) -> None:
    out = StringIO()
    path = SCENARIOS / "03-terlambat-tidak-diregistrasi.yaml"
    call_command("scenario", str(path), "--letters", str(tmp_path), stdout=out)
    files = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.pdf"))
    case = Case.objects.get()
    assert len(files) == case.letters.count() == 2
    assert files[0].startswith(f"{case.number}/2024-10-09-01-report-receipt-")
    assert files[1].startswith(f"{case.number}/2024-10-10-03-status-notice-")
    for file in tmp_path.rglob("*.pdf"):
        assert file.read_bytes().startswith(b"%PDF-")
    assert "2 letters" in out.getvalue()


def test_a_letter_that_cannot_be_made_is_an_error(world: Loaded, tmp_path: Path, monkeypatch: Any) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("no ink")

    monkeypatch.setattr("cases.letters.press.Press.print", broken)
    path = SCENARIOS / "03-terlambat-tidak-diregistrasi.yaml"
    with pytest.raises(CommandError, match="no ink"):
        call_command("scenario", str(path), "--letters", str(tmp_path), stdout=StringIO())
    assert not list(tmp_path.rglob("*.pdf"))


def test_shipped_people_are_invented_and_sound() -> None:
    nips: dict[str, str] = {}
    for path in sorted(SCENARIOS.rglob("*.yaml")):
        for scenario in read_file(path):
            for _file, block in (*scenario.world.employees, *scenario.world.officers):
                nip = block.get("nip")
                if not nip:
                    continue
                assert parse(nip).digits[15] == "9", f"{path.name}: invented numbers end in 9xx"
                name = block["name"].partition(",")[0]
                assert nips.setdefault(nip, name) == name, nip
            for _file, block in scenario.world.officers:
                assert block["email"].endswith(".example")
