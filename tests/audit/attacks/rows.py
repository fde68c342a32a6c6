"""Attacks on the rows and files that events tell of."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from django.db import connection

from cases.models import Case, Event, Evidence, Letter, Report, Reporter
from cases.models.file import private_storage
from tests.audit.attacks.tools import attack, kept, place, run


def told_last(case: Case) -> int:
    return place(case.events.order_by("-seq")[0])


def told_of(case: Case, column: str) -> int:
    """The place of the event that last said what a column is; intake's where none did."""
    events = [event for event in case.events.order_by("seq") if column in event.changes]
    return place(events[-1] if events else case.events.order_by("seq")[0])


def told_file(row: Evidence) -> int:
    """The place of the first event that tells of a file: intake of the report's cases, or the upload."""
    events = [
        event
        for event in Event.objects.filter(case__report=row.report_id).order_by("pk")
        if event.data.get("evidence") == str(row.pk)
        or any(one.get("evidence") == str(row.pk) for one in event.data.get("evidence", ()) if isinstance(one, dict))
    ]
    return min(place(event) for event in events)


@attack
def state_without_event(rng: random.Random) -> int | None:
    case = rng.choice(list(Case.objects.all()))
    Case.objects.filter(pk=case.pk).update(
        state=rng.choice([s for s in ("closed", "received", "decided") if s != case.state])
    )
    return told_last(case)


@attack
def deadline_without_event(rng: random.Random) -> int | None:
    case = rng.choice(list(Case.objects.all()))
    if (running := case.deadlines.filter(ended_on__isnull=True).first()) and rng.random() < 0.5:
        running.due_on = running.due_on.replace(year=running.due_on.year + 1)
        running.save()
    else:
        Case.objects.filter(pk=case.pk).update(due_on="2031-01-01")
    return told_of(case, "due_on")


@attack
def case_number_or_person_without_event(rng: random.Random) -> int | None:
    case = rng.choice(list(Case.objects.all()))
    column = rng.choice(
        ["registration_number", "subject_name", "subject_nip", "finding", "recommended_level", "reported_name"]
    )
    Case.objects.filter(pk=case.pk).update(**{column: "X9"})
    return told_of(case, column)


@attack
def letter_number_without_event(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    column, value = rng.choice([("number", "999/X"), ("serial", 9999), ("year", 1999), ("kind", "x"), ("series", "x")])
    Letter.objects.filter(pk=letter.pk).update(**{column: value})
    return place(letter.event)


@attack
def letter_taken_away(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    index = place(letter.event)
    letter.addressees.clear()
    run("DELETE FROM cases_letter WHERE id = %s", letter.pk.hex if connection.vendor == "sqlite" else letter.pk)
    return index


@attack
def letter_added(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    letter.pk, letter.position, letter.serial = None, 77, 7777
    letter._state.adding = True
    Letter.objects.create(
        **{
            f.attname: getattr(letter, f.attname)
            for f in Letter._meta.concrete_fields
            if f.attname not in ("id", "token")
        }
    )
    return None


@attack
def letter_declared_void(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.all()))
    Letter.objects.filter(pk=letter.pk).update(voided_at=letter.created_at, void_reason="said to be void")
    return place(letter.event)


@attack
def letter_thinned_as_if_disposed_of(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.filter(status="READY")))
    Letter.objects.filter(pk=letter.pk).update(status="DISPOSED", file="", context={}, subject="")
    return place(Event.objects.get(kind="LETTER", name="letter_made", data__letter=str(letter.pk)))


@attack
def letter_text_after_it_was_made(rng: random.Random) -> int | None:
    letter = rng.choice(list(Letter.objects.filter(status="READY")))
    Letter.objects.filter(pk=letter.pk).update(context={**letter.context, "subject": "Something else"})
    return place(Event.objects.get(kind="LETTER", data__letter=str(letter.pk)))


@attack
def file_exchanged(rng: random.Random) -> int | None:
    """The bytes alone, or the bytes and their recorded hash."""
    letters = list(Letter.objects.filter(status="READY"))
    row: Any = rng.choice([*letters, *Evidence.objects.all()])
    path = Path(private_storage().path(row.file.name))
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1
    kept(path)
    how = rng.randrange(3)
    if how == 0:
        path.unlink()
    else:
        path.write_bytes(bytes(data))
    if how == 2:
        import hashlib

        type(row).objects.filter(pk=row.pk).update(sha256=hashlib.sha256(data).hexdigest())
    if isinstance(row, Evidence):
        return told_file(row)
    return place(Event.objects.get(kind="LETTER", name="letter_made", data__letter=str(row.pk)))


@attack
def evidence_taken_away_or_renamed(rng: random.Random) -> int | None:
    row = rng.choice(list(Evidence.objects.all()))
    index = told_file(row)
    if rng.random() < 0.5:
        Evidence.objects.filter(pk=row.pk).update(title="Another picture")
    else:
        run("DELETE FROM cases_evidence WHERE id = %s", row.pk.hex if connection.vendor == "sqlite" else row.pk)
    return index


@attack
def report_changed(rng: random.Random) -> int | None:
    report = rng.choice(list(Report.objects.all()))
    column = rng.choice(["chronology", "incident", "place", "number"])
    Report.objects.filter(pk=report.pk).update(**{column: "Something else"})
    return place(Event.objects.filter(case__report=report, seq=1).order_by("pk")[0])


@attack
def sealed_identities_swapped(rng: random.Random) -> int | None:
    one, two = rng.sample(list(Reporter.objects.all()), 2)
    columns = ("name", "address", "phone") if rng.random() < 0.5 else ("salt",)
    spoiled = set()
    for name in columns:
        mine, other = getattr(one, name), getattr(two, name)
        if mine == other:  # two reports of one person: then one of them changes
            setattr(one, name, f"{other}x")
            spoiled.add(one.report_id)
        else:
            setattr(one, name, other)
            setattr(two, name, mine)
            spoiled |= {one.report_id, two.report_id}
    one.save()
    two.save()
    return min(place(event) for event in Event.objects.filter(case__report__in=spoiled, seq=1))
