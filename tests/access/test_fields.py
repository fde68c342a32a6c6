"""THE FIELD MATRIX: every field × every desk × pages, letters, dossier, administration, export, search, mail, log."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from django.test import Client

from accounts.models import Officer
from cases.audit.dossier import dossier_pdf
from cases.audit.heads import read_heads
from cases.clock import travel
from cases.models import Case, Event, Evidence, Letter, Mail
from cases.sealed.papers import opened
from cases.services.checkpoint import checkpoint, outside
from cases.services.notes import add_note
from tests.access.stage import ENTRIES, INVITED, PATHS, PEOPLE, REPORT, TYPED
from tests.fixtures_world import Loaded
from tests.play import play

ORACLE: dict[str, dict[str, str | None]] = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text())
DESKS = ("bo", "ro", "eo", "au", "ad", "other")


def mark(field: str) -> str:
    return f"Zz{field.replace('_', '').title()}Zz"


#: Where each mark is typed in: step, answer.
TYPED_IN = {
    "assessed": ("propose", "analysis"), "reviewed": ("propose_review", "analysis"),
    "reported": ("report_examination", "findings"), "decided": ("decide_sanction", "proven_act"),
    "clarified": ("record_clarification", "statement"),
}  # fmt: skip


def story() -> dict[str, Any]:
    report = {
        **REPORT, **{name: mark(name) for name in ("incident", "place", "chronology")},
        "link": f"https://contoh.example/{mark('link')}",
        "reporter": {name: mark(f"reporter_{name}") for name in ("name", "address", "phone")},
        "witnesses": [{"name": mark("witness_name"), "phone": mark("witness_phone")}],
        "evidence": [{"title": mark("evidence_bo"), "picture": "Ajakan"}],
    }  # fmt: skip
    entries = []
    for name in PATHS["closed"][1]:
        if name == "waive_clarification":
            continue
        on, by, differs = ENTRIES[name]
        data = TYPED[name] | differs | {answer: mark(f) for f, (step, answer) in TYPED_IN.items() if step == name}
        if name == "record_examination":
            data["questions"] = [{"question": "Apakah benar?", "answer": mark("examined")}]
        entries.append({"on": on, "by": by, "step": name, "data": data})
        if name == "register":
            people = [*INVITED[:1], {"role": "WITNESS", "name": mark("witness_name")}]
            invited = TYPED["invite"] | {"people": people, "scheduled_on": "2024-11-06"}
            entries.append({"on": "2024-11-04 10:00", "by": "yuni", "step": "invite", "data": invited})
            said = TYPED["record_clarification"] | {"statement": mark("clarified")}
            entries.append({"on": "2024-11-06 10:00", "by": "yuni", "step": "record_clarification", "data": said})
            told = said | {"person_role": "REPORTER", "oath": "TAKEN", "statement": mark("reporter_statement")}
            entries.append({"on": "2024-11-06 10:30", "by": "yuni", "step": "record_clarification", "data": told})
            entries.append({"on": "2024-11-06 11:00", "by": "yuni", "step": "conclude_clarification", "data": {}})
    return {"report": report, "steps": entries}


@pytest.fixture
def told(settings: Any, tmp_path: Path) -> Iterator[io.StringIO]:
    settings.HISTORY_DIR, settings.HISTORY_KEY_FILE = tmp_path / "history", str(tmp_path / "history.pem")
    lines, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(lines)
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


def browser(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer.user)
    return client


def pages(client: Client, case: Case) -> str:
    found = [client.get(f"/cases/{case.number}/{tab}") for tab in ("", "?tab=evidence", "?tab=letters", "?tab=notes")]
    found += [client.get(path) for path in ("/", "/cases/", "/letters/", "/notices/", f"/history/?case={case.number}")]
    found += [client.get(f"/letters/{letter.pk}/") for letter in Letter.objects.filter(case=case)]
    return "".join(page.content.decode() for page in found if page.status_code == 200)


def administration(client: Client, case: Case) -> str:
    rows = {"case": [case.pk], "event": Event.objects.filter(case=case).values_list("pk", flat=True),
            "letter": Letter.objects.filter(case=case).values_list("pk", flat=True),
            "evidence": Evidence.objects.filter(report=case.report_id).values_list("pk", flat=True)}  # fmt: skip
    found = []
    for model, keys in rows.items():
        found.append(client.get(f"/admin/cases/{model}/"))
        # Whoever is refused the list is refused every row.
        tried = list(keys)[:: 1 if found[-1].status_code == 200 else 10]
        found += [client.get(f"/admin/cases/{model}/{key}/change/") for key in tried]
    return "".join(page.content.decode() for page in found if page.status_code == 200)


@pytest.mark.django_db
def test_every_field_is_found_where_it_may_be_and_nowhere_else(
    world: Loaded, told: io.StringIO, say: Callable[[str], None]
) -> None:
    case = play(story()).case
    marks = {field: mark(field) for field in ORACLE} | {"subject_name": case.subject_name}
    assert case.state == "closed"
    people = {desk: world.officer(name) for desk, name in PEOPLE.items() if desk in DESKS}
    people["other"] = world.officer("ningsih")
    with travel(dt.datetime(2025, 1, 21, 3, tzinfo=dt.UTC)):
        for desk in ("bo", "ro", "eo"):
            add_note(case=case, actor=people[desk], text=mark(f"note_{desk}"))
    shown: dict[tuple[str, str], str] = {}
    for desk, officer in people.items():
        client = browser(officer)
        letters = Letter.objects.visible_to(officer).filter(case=case).distinct()
        contents = [json.dumps(opened(letter.context, case.report_id), ensure_ascii=False) for letter in letters]
        shown |= {
            ("page", desk): pages(client, case),
            ("letter", desk): "".join(contents),
            ("admin", desk): administration(client, case),
            ("export", desk): client.post("/export/", {"format": "csv"}).content.decode(errors="ignore"),
            ("mail", desk): "".join(f"{mail.subject} {mail.body}" for mail in Mail.objects.all()),
            ("log", desk): told.getvalue(),
        }
        for field in ORACLE:
            rows = client.get("/cases/", {"q": marks[field]}, follow=True).content.decode()
            if case.number in rows:
                shown["search", desk] = shown.get(("search", desk), "") + marks[field]
    Letter.objects.filter(case=case).update(status="FAILED")
    checkpoint()
    head = list(read_heads(outside().heads_file))[-1]
    paper = dossier_pdf(case=case, reader=people["au"], head=head, taken="x")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper))
    shown["dossier", "au"] = text.replace("\r", "").replace("\n", "").replace("\ufffe", "")
    extra, found = [], set()
    for field, rule in ORACLE.items():
        for (where, desk), text in shown.items():
            if marks[field] in text:
                found.add(field)
                if desk not in (rule.get(where) or "").split():
                    extra.append(f"{field}: {where} × {desk}")
    cells = len(ORACLE) * len(shown)
    say(f"field matrix: {len(ORACLE)} fields, {cells} cells, {len(extra)} extra")
    assert not extra, "\n".join(extra)
    hidden = {name for name in ORACLE if not any(ORACLE[name].values())}
    assert found >= set(ORACLE) - hidden, "every other mark was there to be found"
    assert not found & hidden
