"""The table of field walls is what search, order, counted filters, exports and mails go by: a row taken out is felt."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict

from accounts.models import Officer
from accounts.roles import Kind
from cases import fields
from cases.clock import travel
from cases.exchange.resources import CaseResource
from cases.models import Case, Letter
from cases.notices import NOTICE_KINDS
from cases.selectors.case_list import SORTS, CaseList
from cases.selectors.facets import FacetFilter
from cases.selectors.history import search
from cases.selectors.searching import letters_with
from cases.selectors.tasks import TaskList
from cases.workdays import load_calendar
from tests.access.stage import PEOPLE, Scene, set_scenes
from tests.fixtures_world import Loaded

READERS = (Kind.BAWASLU, Kind.REVIEWER, Kind.BKPSDM, Kind.AUDITOR)
#: What a notice, and the mail about it, may tell: words of its sentence and the fields behind them.
TOLD = {"number": ["number"], "date": ["due_on"], "step": ["state"], "institution": ["bawaslu", "reviewer", "employer"],
        "letter": ["letter_number"], "successor": ["letter_number"]}  # fmt: skip
SEALED = ("reporter", "witnesses", "chronology", "incident", "place", "link")


def test_the_table_names_what_leaves_and_what_is_searched() -> None:
    for kind in READERS:
        assert set(CaseResource.Meta.fields) <= set(fields.fields_shown(kind, fields.Where.EXPORT))
    for kind in Kind:
        assert not any(fields.shown("reporter", kind, where) for where in fields.Where)
    assert not fields.fields_shown(Kind.SYSTEM, fields.Where.PAGE)
    assert not fields.shown("no such field", Kind.BAWASLU, fields.Where.PAGE)


def test_what_may_not_be_read_may_not_be_searched_sorted_counted_or_mailed() -> None:
    for kind in Kind:
        read = set(fields.fields_shown(kind, fields.Where.PAGE))
        for where in fields.Where:
            found = set(fields.fields_shown(kind, where))
            assert found <= read, (kind, where)
            if where is not fields.Where.PAGE:
                assert not found & set(SEALED)


def test_mails_tell_nothing_the_table_does_not_name() -> None:
    for notice in NOTICE_KINDS:
        for word in re.findall(r"%\((\w+)\)s", notice.text):
            for field in TOLD[word]:
                assert all(fields.shown(field, kind, fields.Where.MAIL) for kind in READERS), (notice.name, field)
    named = {field for told in TOLD.values() for field in told}
    assert {field for field in fields.WALLS if fields.WALLS[field].mail} == named


@pytest.fixture
def scene(world: Loaded) -> Scene:
    return set_scenes(("closed",))["closed"]


def listed(officer: Officer, scene: Scene, query: str = "") -> CaseList:
    return CaseList(QueryDict(query), officer=officer, on=scene.at.date())


def ways(scene: Scene, officer: Officer) -> dict[str, str]:
    """What to type to find the case by each field that is searched."""
    case = Case.objects.select_related("report").get(pk=scene.case.pk)
    return {
        "number": case.number, "registration_number": case.registration_number, "report_number": case.report.number,
        "subject_name": case.subject_name, "subject_nip": case.subject_nip,
        "letter_number": Letter.objects.visible_to(officer).filter(case=case).exclude(number="").first().number,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("desk", ["bo", "ro", "eo", "au"])
def test_nothing_is_searched_that_the_table_does_not_name(
    world: Loaded, scene: Scene, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = world.officer(PEOPLE[desk])
    typed = ways(scene, officer)
    assert set(typed) == set(fields.fields_shown(officer.desk.kind, fields.Where.SEARCH))
    hits = {field: list(listed(officer, scene, f"q={text}").qs) for field, text in typed.items()}
    assert all(scene.case in rows for rows in hits.values())
    with travel(scene.at):
        assert letters_with(typed["subject_name"], officer).exists()
    for field in typed:  # a number or name that found the case finds nothing once its row is gone
        monkeypatch.setitem(fields.WALLS, field, fields.Wall(page=READERS))
    for field, text in typed.items():
        assert not listed(officer, scene, f"q={text}").qs.exists(), field
        assert listed(officer, scene, f"q={text}").exact_hit() is None, field
        assert not letters_with(text, officer).exists(), field


@pytest.mark.django_db
def test_an_auditor_searches_the_history_by_the_same_fields(
    world: Loaded, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor, name = world.officer(PEOPLE["au"]), scene.case.subject_name.split()[-1]
    assert search(auditor, {"q": name}).exists()
    monkeypatch.setitem(fields.WALLS, "subject_name", fields.Wall())
    assert not search(auditor, {"q": name}).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("desk", ["bo", "ro", "eo", "au"])
def test_nothing_is_counted_that_the_table_does_not_name(
    world: Loaded, scene: Scene, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, on = world.officer(PEOPLE[desk]), scene.at.date()

    def lists(query: str = "") -> list[Any]:
        tasks = TaskList(QueryDict(query), officer=officer, on=on, calendar=load_calendar(""))
        return [listed(officer, scene, query), tasks]

    counted = {field for each in lists() for facet in each.facet_filters.values() for field in facet.reads}
    assert counted <= set(fields.fields_shown(officer.desk.kind, fields.Where.FACET))
    assert all(facet.reads for each in lists() for facet in each.facet_filters.values())
    [before] = [c for facet in lists()[0].facets for c in facet.choices if facet.name == "violation"] or [None]
    monkeypatch.setitem(fields.WALLS, "violation", fields.Wall(page=READERS))
    asked = f"violation={scene.case.violation.code}"
    for each in lists(asked):
        assert "violation" not in each.facet_filters
        assert not isinstance(each.filters.get("violation"), FacetFilter)
        assert "violation" not in each.query()
    assert before is None or before.count


@pytest.mark.django_db
def test_nothing_is_sorted_by_that_the_table_does_not_name(
    world: Loaded, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = world.officer(PEOPLE["ro"])
    for name, sort in SORTS.items():
        assert listed(officer, scene, f"order={name}").order == name
        monkeypatch.setitem(fields.WALLS, sort.field, fields.Wall(page=READERS))
        shown = listed(officer, scene, f"order={name}")
        assert (shown.order, shown.unknown_order) == ("-moved", True)
        monkeypatch.undo()
    assert not {"reporter", "witnesses", "chronology"} & {sort.field for sort in SORTS.values()}


@pytest.mark.django_db
def test_nothing_is_taken_out_that_the_table_does_not_name(world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = world.officer("agus")
    heads = [field.column_name for field in CaseResource(officer=officer).get_export_fields()]
    monkeypatch.setitem(fields.WALLS, "sanction", fields.Wall())
    fewer = [field.column_name for field in CaseResource(officer=officer).get_export_fields()]
    assert set(heads) - set(fewer) == {"sanksi"}
