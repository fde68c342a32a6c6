"""The engine: what it refuses and says, that nothing stays behind, what it prints."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import Institution, Officer, User
from cases.models import Case, Employee, Event, Evidence, Letter, NumberSeries, Report
from cases.models.file import private_storage
from cases.scenario.errors import ScenarioError
from cases.scenario.pictures import screenshot
from cases.scenario.player import perform
from cases.scenario.schema import read_file, read_text
from cases.scenario.source import documents
from tests.fixtures_world import Loaded
from tests.play import ROOT, SCENARIOS, play

pytestmark = pytest.mark.django_db

STORY = """\
title: Sebuah suka
include: {base}
report:
  by: yuni
  on: 2023-10-16 08:40
  origin: FINDING
  election: pemilu-2024-legislatif
  incident: Menyukai unggahan bakal calon
  place: Instagram
  occurred_on: 2023-10-14
  known_on: 2023-10-16
  chronology: Akun terlapor menyukai unggahan bakal calon.
  reported:
    - {{nip: "199203112016012901"}}
  evidence:
    - {{title: Tangkapan layar, picture: Disukai}}
steps:
  - on: 2023-10-17 10:20
    by: yuni
    step: register
    data: {{violation: A4, target_status: PROSPECTIVE}}
  - on: 2023-10-17
    by: yuni
    step: invite
    data:
      people:
        - {{role: REPORTED}}
      scheduled_on: 2023-10-19
      place: Ruang klarifikasi
  - on: 2023-10-19 10:00
    by: yuni
    step: record_clarification
    data: {{person_role: REPORTED, place: Ruang klarifikasi, oath: NOT_ASKED, statement: Saya menyukainya.}}
""".format(base=SCENARIOS / "_base.yaml")
COUNTED = (Report, Case, Event, Letter, Evidence, NumberSeries, Institution, Officer, User, Employee)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals of the services are said in the active language."""
    with translation.override("en"):
        yield


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def stored_files() -> set[str]:
    root = Path(private_storage().path(""))
    return {str(path) for path in root.rglob("*") if path.is_file()}


def played(text: str, folder: Path = SCENARIOS) -> Any:
    return perform(read_text(text, file="cerita.yaml", folder=folder))


def line_of(text: str, fragment: str) -> int:
    return next(number for number, row in enumerate(text.splitlines(), start=1) if fragment in row)


def test_a_story_is_played_step_by_step(world: Loaded) -> None:
    [performance] = played(STORY)
    case = performance.case
    assert case.state == "clarification"
    assert case.subject_name == "Novita Ayu Larasati"
    assert [line.what for line in performance.lines] == ["intake", "register", "invite", "record_clarification"]
    invite = performance.lines[2]
    assert invite.letters[0][0] == "clarification_invitation"
    assert f"{invite.at:%H:%M}" == "10:30", "ten minutes after the entry before it on the same day"
    assert [event.at.date().isoformat() for event in case.events.order_by("seq")] == [
        "2023-10-16", "2023-10-17", "2023-10-17", "2023-10-19",
    ]  # fmt: skip
    assert performance.officers["yuni"].institution.code == "bawaslu-kota-blitar"


def test_what_the_form_offers_by_itself_is_taken(world: Loaded) -> None:
    case = played(STORY)[0].case
    assert case.employee is not None, "the register form offers the NIP as reported"
    assert case.minutes.get().held_on.isoformat() == "2023-10-19"


#: (what to replace, by what, what the message says, where it points)
WRONG = [
    ("title: Sebuah suka", "titel: Sebuah suka", "“title” is missing", 1),
    ("place: Instagram", "plce: Instagram", "“place” is missing", None),
    ("origin: FINDING", "origin: RUMOUR", "origin:", "origin: RUMOUR"),
    ("origin: FINDING", "origin: REPORT", "A report needs its reporter", "report"),
    ("election: pemilu-2024-legislatif", "election: pemilu-2024", "unknown election “pemilu-2024”", "by: yuni"),
    ("occurred_on: 2023-10-14", "occurred_on: 14 Oktober", "not a date like", "14 Oktober"),
    ('nip: "199203112016012901"', 'nip: "1992"', "18", "nip: "),
    ('nip: "199203112016012901"', 'nip: "199203112016012977"', "“name” is missing", "nip: "),
    ("step: register", "step: registr", "unknown step “registr”; did you mean “register”?", "step: registr"),
    ("violation: A4", "violaton: A4", "unknown field “violaton”; did you mean “violation”?", "violaton"),
    ("violation: A4", "violation: C9", "violation:", "violation: C9"),
    ("violation: A4", "violation: B6", "[violation_fits]", "step: register"),
    ("- {role: REPORTED}", "- {rol: REPORTED}", "unknown column “rol”; did you mean “role”?", "rol: REPORTED"),
    ("- {role: REPORTED}", "- {role: NOBODY}", "people:", "people:"),
    ("scheduled_on: 2023-10-19", "scheduled_on: 2023-10-17", "[invited_ahead]", "scheduled_on"),
    ("on: 2023-10-19 10:00", "on: 2023-10-16 10:00", "out of order", "on: 2023-10-16 10:00"),
    ("on: 2023-10-19 10:00", "on: kemarin", "not a moment like", "kemarin"),
    ("on: 2023-10-19 10:00", "on: 2999-10-19 10:00", "lies in the future", "2999"),
    ("step: record_clarification", "step: forward", "unknown field “person_role”", "person_role"),
    ("picture: Disukai", "file: tidak-ada.png", "there is no file tidak-ada.png", "tidak-ada"),
    ("picture: Disukai", "pictur: Disukai", "either a “file” or a “picture”", "pictur"),
    ("steps:", "step:", "unknown key “step”; did you mean “steps”?", "step:"),
    ("title: Sebuah suka", "title: [", "not YAML", None),
    ("title: Sebuah suka", "title: a\ntitle: b", "“title” stands twice", 2),
    ("oath: NOT_ASKED, ", "", "oath:", "step: record_clarification"),
]


@pytest.mark.parametrize(("old", "new", "says", "where"), WRONG)
def test_an_error_names_file_and_line_and_leaves_nothing(
    world: Loaded, old: str, new: str, says: str, where: str | int | None
) -> None:
    assert old in STORY
    text = STORY.replace(old, new)
    before, files = counts(), stored_files()
    with pytest.raises(ScenarioError) as caught:
        played(text)
    message = str(caught.value)
    assert says in message
    assert message.startswith("cerita.yaml")
    line = caught.value.line
    if isinstance(where, int):
        assert line == where
    elif where:
        assert abs(line - line_of(text, where)) <= 2, message
    assert counts() == before
    assert stored_files() == files


LATER = [
    ("by: hendra\n    step: register", "step 1 (register)", "wrong desk"),
    ("by: yuni\n    step: conclude_clarification", "step 1 (conclude_clarification)", "step out of order"),
    ("by: rina\n    step: accept", "step 1 (accept)", "a case that is not visible to this desk"),
    ("by: sekar\n    note: x", "step 1 (note)", "an auditor writes"),
    ("by: nobody\n    step: accept", "step 1 (accept)", "an unknown officer"),
]


@pytest.mark.parametrize(("entry", "part", "_what"), LATER)
def test_refusals_of_the_services_name_the_step(world: Loaded, entry: str, part: str, _what: str) -> None:
    text = STORY.partition("steps:")[0] + f"steps:\n  - on: 2023-10-17 10:20\n    {entry}\n"
    if "register" in entry:
        text += "    data: {violation: A4, target_status: PROSPECTIVE}\n"
    before, files = counts(), stored_files()
    with pytest.raises(ScenarioError, match=r"line (18|19|20)") as caught:
        played(text)
    assert caught.value.part == part
    assert counts() == before
    assert stored_files() == files


def test_two_files_are_one_history_and_fall_together(world: Loaded, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.yaml", tmp_path / "b.yaml"
    good.write_text(STORY)
    bad.write_text(STORY.replace("violation: A4", "violation: C9"))
    before = counts()
    with pytest.raises(CommandError, match=r"b\.yaml, line"):
        call_command("scenario", str(good), str(bad), stdout=StringIO())
    assert counts() == before
    out = StringIO()
    bad.write_text(STORY.replace("2023-10-1", "2023-09-1").replace("suka", "suka lama"))
    call_command("scenario", str(good), str(bad), stdout=out)
    assert [row.split()[1] for row in out.getvalue().splitlines()] == sorted(
        row.split()[1] for row in out.getvalue().splitlines()
    ), "entries of both files in order of time"


def test_several_employees_need_the_case_named(world: Loaded) -> None:
    story: dict[str, Any] = yaml.load(STORY, Loader=yaml.BaseLoader)
    story["report"]["reported"].append({"name": "Tanpa NIP", "position": "Staf"})
    with pytest.raises(ScenarioError, match="the report names 2 employees"):
        play(copy.deepcopy(story))
    for number, entry in enumerate(story["steps"]):
        entry["case"] = "1" if number else "all"
    story["steps"] = [
        {"on": "2023-10-17 09:00", "by": "hendra", "step": "decline", "case": "2",
         "data": {"reason_code": "NOT_ASN", "reason": "Bukan ASN."}},
        *[entry | {"case": 1} for entry in story["steps"]],
    ]  # fmt: skip
    story["ends"] = ["clarification", "declined"]
    performance = play(copy.deepcopy(story))
    assert [case.state for case in performance.cases] == ["clarification", "declined"]
    story["ends"] = ["declined", "declined"]
    with pytest.raises(ScenarioError, match="is to end as “declined” but is “clarification”"):
        play(story)


def test_expectations_are_checked(world: Loaded) -> None:
    text = STORY.replace("    step: register\n", "    step: register\n    expect: assessment\n")
    with pytest.raises(ScenarioError, match="the case is “registered”, not “assessment”"):
        played(text)


def test_backdating_is_refused_outside_demo_and_test(world: Loaded, settings: Any) -> None:
    settings.ALLOW_BACKDATING = False
    before = counts()
    with pytest.raises(ScenarioError, match="only allowed in demo and test mode"):
        played(STORY)
    assert counts() == before


def test_without_reference_data_it_says_what_to_do() -> None:
    with pytest.raises(ScenarioError, match="load_reference"):
        played(STORY)


def test_the_world_is_made_once_and_never_overwritten(world: Loaded) -> None:
    Institution.objects.filter(code="kasn").update(address="Diubah oleh kantor")
    before = counts()
    played(STORY)
    played(STORY.replace("2023-10-1", "2023-09-1"))
    after = counts()
    assert {name: after[name] for name in ("Institution", "Officer", "User", "Employee")} == {
        name: before[name] for name in ("Institution", "Officer", "User", "Employee")
    }
    assert Institution.objects.get(code="kasn").address == "Diubah oleh kantor"
    clash = STORY + 'employees:\n  - {nip: "199203112016012901", name: Orang Lain, employer: kasn, employment: PNS,'
    clash += " unit: x, position: x, position_class: PELAKSANA, rank: II/a}\n"
    with pytest.raises(ScenarioError, match="already belongs to Novita Ayu Larasati"):
        played(clash)


def test_the_shipped_world_is_sound(world: Loaded) -> None:
    for officer in Officer.objects.select_related("institution", "user"):
        officer.full_clean()
        assert not officer.user.has_usable_password()
        assert officer.user.email.endswith(".example")
    for employee in Employee.objects.all():
        employee.full_clean()
    for kind, role in (("BAWASLU", "SIGNATORY"), ("REVIEWER", "OFFICER"), ("BKPSDM", "OFFICER")):
        assert Officer.objects.filter(institution__kind=kind, role=role).count() >= 2


def test_the_command_prints_a_line_a_step(world: Loaded, tmp_path: Path) -> None:
    path, out = tmp_path / "cerita.yaml", StringIO()
    path.write_text(STORY)
    call_command("scenario", str(path), stdout=out)
    rows = out.getvalue().splitlines()
    assert len(rows) == 4
    assert "register -> registered" in rows[1]
    assert "due 2023-10-26" in rows[1], "seven working days after 17 October 2023"
    assert "letters: clarification_invitation" in rows[2]


def test_the_command_speaks_json(world: Loaded, tmp_path: Path) -> None:
    path, out = tmp_path / "cerita.yaml", StringIO()
    path.write_text(STORY)
    call_command("scenario", str(path), "--json", stdout=out)
    told = json.loads(out.getvalue())["scenarios"][0]
    assert told["title"] == "Sebuah suka"
    assert told["cases"][0]["state"] == "clarification"
    assert [step["step"] for step in told["steps"]] == ["intake", "register", "invite", "record_clarification"]
    assert told["steps"][2]["letters"][0]["kind"] == "clarification_invitation"
    path.write_text(STORY.replace("violation: A4", "violation: C9"))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("scenario", str(path), "--json", stdout=out)
    error = json.loads(out.getvalue())["error"]
    assert error["part"] == "step 1 (register)"
    assert error["line"] == line_of(path.read_text(), "C9")


def test_values_stay_as_typed() -> None:
    [block] = documents("a: 10:20\nb: no\nc: 0123\nd: true\ne:\nf: 'true'\ng: 2023-10-17 10:20\n", "x")
    assert dict(block) == {
        "a": "10:20", "b": "no", "c": "0123", "d": True, "e": None, "f": "true", "g": "2023-10-17 10:20",
    }  # fmt: skip
    with pytest.raises(ScenarioError, match="contains itself"):
        list(documents("a: &x [*x]\n", "x"))


def test_pictures_repeat_byte_for_byte() -> None:
    first = screenshot("Ayo coblos nomor contoh")
    screenshot.cache_clear()
    assert screenshot("Ayo coblos nomor contoh") == first
    assert len(first) < 20_000


def test_every_shipped_file_is_well_formed() -> None:
    for path in sorted((ROOT / "scenarios").rglob("*.yaml")):
        for scenario in read_file(path):
            assert scenario.title
