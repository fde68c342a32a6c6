"""``manage.py workflow``: what other programs read, and docs that cannot go stale."""

from __future__ import annotations

import json
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from cases.workflow import STATES, STEPS


def printed(form: str) -> str:
    out = StringIO()
    call_command("workflow", "--format", form, stdout=out)
    return out.getvalue()


def test_json_has_every_state_and_step() -> None:
    table = json.loads(printed("json"))
    assert set(table) == {"states", "steps", "intake"}
    assert [row["name"] for row in table["states"]] == [state.name for state in STATES]
    assert [row["name"] for row in table["steps"]] == [step.name for step in STEPS]
    forward = next(row for row in table["steps"] if row["name"] == "forward")
    assert forward["source"] == ["plenary"]
    assert forward["target"] == "forwarded"
    assert forward["by"] == ["BAWASLU", "SIGNATORY"]
    assert forward["guards"] == ["has_evidence", "reviewer_in_office"]
    assert "bawaslu_recommendation" in forward["letters"]
    closed = next(row for row in table["states"] if row["name"] == "closed")
    assert (closed["stage"], closed["final"]) == (5, True)


def test_every_move_is_drawn() -> None:
    drawn = printed("mermaid")
    for step in STEPS:
        for source in step.source:
            assert f"{source} --> {step.lands_in(source)}: {step.name}\n" in drawn


def test_the_table_has_a_line_for_every_step() -> None:
    names = [line.split()[0] for line in printed("table").splitlines()[1:]]
    assert names == ["intake", *(step.name for step in STEPS)]


def test_the_page_in_the_docs_is_not_stale() -> None:
    page = (settings.BASE_DIR / "docs" / "workflow.md").read_text(encoding="utf-8")
    assert page == printed("markdown"), "run: manage.py workflow --write"
