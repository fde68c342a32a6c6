"""A scenario file read and checked before anything is played: keys, dates, names of steps, fields, desks, files.

The format is told in ``docs/scenarios.md``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases.forms import STEP_FORMS
from cases.forms.rows import RowsField
from cases.scenario.errors import ScenarioError
from cases.scenario.keys import Keys, unknown
from cases.scenario.source import Block, Items, documents
from cases.workflow import STATE, STEP

#: Time of day of an entry that names none: the first of a day at nine, the next ten minutes after the one before.
OFFICE_OPENS = dt.time(9, 0)
BETWEEN = dt.timedelta(minutes=10)
#: ``case: all`` takes a step on every case of the report, in order.
ALL_CASES = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A piece of evidence: a file beside the scenario, or a picture drawn from ``picture``'s text."""

    line: int
    title: str
    file: Path | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing somebody does: a step with its form's data, a note, or evidence. ``at`` is local to the actor."""

    line: int
    part: str
    at: dt.datetime
    by: str
    case: str = ""
    step: str = ""
    data: Block = field(default_factory=Block)
    note: str = ""
    evidence: Exhibit | None = None
    expect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The report or finding the scenario begins with; ``fields`` as ``services.intake.take_in`` calls them."""

    line: int
    at: dt.datetime
    by: str
    election: str
    fields: Block
    reported: list[Block]
    reporter: Block | None
    witnesses: list[Block]
    evidence: list[Exhibit]


@dataclass(slots=True, kw_only=True)
class World:
    """Institutions, officers and employees a scenario needs, as blocks with the file they stand in."""

    institutions: list[tuple[str, Block]] = field(default_factory=list)
    officers: list[tuple[str, Block]] = field(default_factory=list)
    employees: list[tuple[str, Block]] = field(default_factory=list)

    def add(self, other: World) -> None:
        """Take in another file's world."""
        self.institutions.extend(other.institutions)
        self.officers.extend(other.officers)
        self.employees.extend(other.employees)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story: the world it needs, its report, what happens, and how each case is to end."""

    file: str
    line: int
    title: str
    world: World
    intake: Intake | None
    entries: list[Entry]
    ends: list[str]


def read_file(path: Path) -> list[Scenario]:
    """Every scenario of a file (one a YAML document). Raises ScenarioError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"cannot be read: {error}", file=str(path)) from error
    return read_text(text, file=str(path), folder=path.parent)


def read_text(text: str, *, file: str, folder: Path) -> list[Scenario]:
    """Every scenario of a text; includes and evidence are looked for from ``folder``. Raises ScenarioError."""
    found = [_scenario(block, file, folder) for block in documents(text, file)]
    if not found:
        raise ScenarioError("the file is empty", file=file)
    return found


def _scenario(block: Block, file: str, folder: Path) -> Scenario:
    with Keys.of(block, file=file) as keys:
        title = keys.text("title")
        keys.text("story", "")
        world = World()
        for name in keys.texts("include"):
            world.add(_included(folder / name, keys))
        world.add(_world(keys))
        known = _ids(world)
        intake = _intake(keys, folder, known)
        entries = _entries(keys, folder, known, intake)
        ends = keys.texts("ends")
        for state in ends:
            if state not in STATE:
                keys.fail(unknown(state, STATE, "state"), "ends")
        if ends and (intake is None or len(ends) != len(intake.reported)):
            keys.fail("“ends” names one state for each employee reported", "ends")
    return Scenario(
        file=file, line=block.line, title=title, world=world, intake=intake, entries=entries, ends=ends
    )  # fmt: skip


def _included(path: Path, outer: Keys) -> World:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        outer.fail(f"the included file cannot be read: {error}", "include")
    world = World()
    for block in documents(text, str(path)):
        with Keys.of(block, file=str(path)) as keys:
            keys.text("title", "")
            for name in keys.texts("include"):
                world.add(_included(path.parent / name, keys))
            world.add(_world(keys))
    return world


def _world(keys: Keys) -> World:
    return World(
        institutions=[(keys.file, block) for block in keys.blocks("institutions")],
        officers=[(keys.file, block) for block in keys.blocks("officers")],
        employees=[(keys.file, block) for block in keys.blocks("employees")],
    )


def _ids(world: World) -> set[str]:
    """The officers' ids. Two files may declare the same desk; whether it is the same is checked when it is made."""
    return {str(block.get("id") or "") for _file, block in world.officers}


def _who(keys: Keys, known: set[str]) -> str:
    by = keys.text("by")
    if by not in known:
        keys.fail(unknown(by, known, "officer"), "by")
    return by


def _intake(keys: Keys, folder: Path, known: set[str]) -> Intake | None:
    block = keys.any("report")
    if block is None:
        return None
    with Keys.of(block, file=keys.file, part="report", line=keys.block.line_of("report")) as report:
        day, time = report.day_and_time("on")
        reported = report.blocks("reported")
        if not reported:
            report.fail("“reported” names nobody", "reported")
        fields = Block(block.line)
        fields.lines = block.lines
        for name in ("origin", "channel", "incident", "place", "chronology", "link"):
            fields[name] = report.text(name, "" if name in ("link", "channel") else None)
        for name in ("occurred_on", "known_on"):
            fields[name] = report.date(name)
        fields["received_on"] = report.maybe_date("received_on")
        return Intake(
            line=block.line,
            at=dt.datetime.combine(day, time or OFFICE_OPENS),
            by=_who(report, known),
            election=report.text("election"),
            fields=fields,
            reported=reported,
            reporter=report.mapping("reporter") if report.any("reporter") is not None else None,
            witnesses=report.blocks("witnesses"),
            evidence=[_exhibit(item, keys.file, "report", folder) for item in report.blocks("evidence")],
        )


def _exhibit(block: Any, file: str, part: str, folder: Path) -> Exhibit:
    with Keys.of(block, file=file, part=part) as keys:
        title = keys.text("title")
        name, picture = keys.text("file", ""), keys.text("picture", "")
        if bool(name) == bool(picture):
            keys.fail("evidence is either a “file” or a “picture” drawn from text")
        path = folder / name if name else None
        if path is not None and not path.is_file():
            keys.fail(f"there is no file {name}", "file")
        return Exhibit(line=block.line, title=title, file=path, picture=picture)


def _entries(keys: Keys, folder: Path, known: set[str], intake: Intake | None) -> list[Entry]:
    blocks = keys.blocks("steps")
    if blocks and intake is None:
        keys.fail("there is no “report” these steps could follow", "steps")
    entries: list[Entry] = []
    last = intake.at if intake is not None else None
    for number, block in enumerate(blocks, start=1):
        entry = _entry(block, keys.file, number, folder, known, last, len(intake.reported) if intake else 0)
        entries.append(entry)
        last = entry.at
    return entries


def _entry(
    block: Block, file: str, number: int, folder: Path, known: set[str], last: dt.datetime | None, cases: int
) -> Entry:
    what = block.get("step") or next((name for name in ("note", "evidence") if name in block), "?")
    part = f"step {number} ({what})"
    with Keys.of(block, file=file, part=part) as keys:
        step, note, evidence = keys.text("step", ""), keys.text("note", ""), keys.any("evidence")
        if sum(map(bool, (step, note, evidence))) != 1:
            keys.fail("an entry is one of “step”, “note” or “evidence”")
        if step and step not in STEP:
            keys.fail(unknown(step, STEP, "step"), "step")
        day, time = keys.day_and_time("on")
        at = _moment(day, time, last)
        if last is not None and at < last:
            keys.fail(f"out of order: {at:%Y-%m-%d %H:%M} lies before the entry above ({last:%Y-%m-%d %H:%M})", "on")
        data = keys.mapping("data")
        if data and not step:
            keys.fail("only a step has data", "data")
        if step:
            _check_fields(step, data, file, part)
        expect = keys.text("expect", "")
        if expect and expect not in STATE:
            keys.fail(unknown(expect, STATE, "state"), "expect")
        return Entry(
            line=block.line,
            part=part,
            at=at,
            by=_who(keys, known),
            case=_which(keys, cases),
            step=step,
            data=data,
            note=note,
            evidence=None if evidence is None else _exhibit(evidence, file, part, folder),
            expect=expect,
        )


def _moment(day: dt.date, time: dt.time | None, last: dt.datetime | None) -> dt.datetime:
    if time is not None:
        return dt.datetime.combine(day, time)
    if last is not None and last.date() == day:
        return last + BETWEEN
    return dt.datetime.combine(day, OFFICE_OPENS)


def _which(keys: Keys, cases: int) -> str:
    case = keys.text("case", "")
    if case == ALL_CASES or (not case and cases == 1):
        return case
    if not case:
        keys.fail(f"the report names {cases} employees: say “case: 1” to “case: {cases}”, or “case: all”")
    if not case.isdecimal() or not 1 <= int(case) <= cases:
        keys.fail(f"there is no case {case}", "case")
    return case


def _check_fields(step: str, data: Block, file: str, part: str) -> None:
    """Names of fields and columns. Whether a field is offered in this case is seen when it is played."""
    fields: dict[str, Any] = STEP_FORMS[STEP[step].form].base_fields
    for name, value in data.items():
        line = data.line_of(name)
        if name not in fields:
            raise ScenarioError(unknown(name, fields, "field"), file=file, line=line, part=part)
        if not isinstance(fields[name], RowsField):
            if isinstance(value, Block | Items):
                raise ScenarioError(f"“{name}” is one answer, not a list", file=file, line=line, part=part)
            continue
        if not isinstance(value, Items) or not all(isinstance(row, Block) for row in value):
            raise ScenarioError(f"“{name}” is a list of rows", file=file, line=line, part=part)
        for row in value:
            for column in row:
                if column not in fields[name].columns:
                    sentence = unknown(column, fields[name].columns, "column")
                    raise ScenarioError(sentence, file=file, line=row.line_of(column), part=part)
