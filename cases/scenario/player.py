"""Playing scenarios: every entry goes through the form and the service a person would use, on its own date.

Scenarios played together are played as one history, entry by entry in order of time, in one transaction: numbers come
out as they would have, and one wrong line leaves nothing behind, in the database or in the file storage.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from accounts.models import Officer
from cases.clock import now, today, travel
from cases.forms import STEP_FORMS
from cases.models import Case, Election, Event, Report, Witness
from cases.models.file import private_storage
from cases.models.report import IDENTITY
from cases.nip import parse
from cases.scenario.errors import ScenarioError
from cases.scenario.keys import Keys, unknown
from cases.scenario.pictures import screenshot
from cases.scenario.schema import ALL_CASES, Entry, Exhibit, Intake, Scenario
from cases.scenario.source import Block
from cases.scenario.world import Stage
from cases.services.errors import GuardsFailed, Refused
from cases.services.evidence import Checked, attach, check_file
from cases.services.intake import take_in
from cases.services.move import move
from cases.services.notes import add_note
from cases.services.situation import CaseSituation
from cases.workflow import INTAKE, STEP, step_or_intake

#: The columns that check what a file says.
REPORT: dict[str, Any] = {column.name: column for column in Report._meta.concrete_fields}
WITNESS: dict[str, Any] = {name: Witness._meta.get_field(name) for name in ("name", "address", "phone")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one entry did to one case."""

    file: str
    line: int
    at: dt.datetime
    by: str
    case: str
    subject: str
    what: str
    state: str
    letters: tuple[tuple[str, str], ...] = ()
    due_on: dt.date | None = None
    cautions: tuple[str, ...] = ()


@dataclass(slots=True)
class Performance:
    """A scenario that was played: its cases in the order reported, its officers by id, what happened line by line."""

    scenario: Scenario
    officers: dict[str, Officer]
    case_ids: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def cases(self) -> list[Case]:
        """The cases as they are now."""
        rows = Case.objects.select_related("report", "report__election").in_bulk(self.case_ids)
        return [rows[pk] for pk in self.case_ids]

    @property
    def case(self) -> Case:
        """The first case."""
        return self.cases[0]


Teller = Callable[[Line], None]


def perform(scenarios: Sequence[Scenario], *, tell: Teller | None = None) -> list[Performance]:
    """Play scenarios as one history. All or nothing; raises ScenarioError with file, line and step.

    Refused outside demo and test, and for days that have not come yet.
    """
    if not settings.ALLOW_BACKDATING:
        raise ScenarioError("scenarios set the clock back, and that is only allowed in demo and test mode")
    with _files_of_this_play(), transaction.atomic():
        if not Election.objects.exists():
            raise ScenarioError("there is no reference data yet: run `manage.py load_reference` first")
        stage = Stage()
        elections = {row.code: row for row in Election.objects.all()}
        plays = [_Play(scenario, stage, elections, tell) for scenario in scenarios]
        for _moment, _index, act in heapq.merge(*(play.acts(index) for index, play in enumerate(plays))):
            act()
        for play in plays:
            play.check_ends()
    return [play.performance for play in plays]


@contextlib.contextmanager
def _files_of_this_play() -> Iterator[None]:
    """Take back every file stored inside the block when it fails: a rollback does not reach the file storage."""
    storage: Any = private_storage()
    stored: list[str] = []
    original = storage.save

    def save(name: str | None, content: Any, max_length: int | None = None) -> str:
        kept: str = original(name, content, max_length=max_length)
        stored.append(kept)
        return kept

    storage.save = save
    try:
        yield
    except BaseException:
        for name in stored:
            storage.delete(name)
        raise
    finally:
        del storage.save


class _Play:
    """One scenario on stage."""

    def __init__(self, scenario: Scenario, stage: Stage, elections: dict[str, Election], tell: Teller | None):
        self.scenario = scenario
        self.stage = stage
        self.elections = elections
        self.tell = tell
        self.performance = Performance(scenario, stage.set_up(scenario.world))

    def acts(self, index: int) -> Iterator[tuple[dt.datetime, tuple[int, int], Callable[[], None]]]:
        """What happens, with its moment and an order that never ties."""
        intake = self.scenario.intake
        if intake is None:
            return
        moment = self._moment(intake)
        yield moment, (index, 0), lambda: self._take_in(intake, moment)
        for number, entry in enumerate(self.scenario.entries, start=1):
            at = self._moment(entry)
            yield at, (index, number), lambda entry=entry, at=at: self._do(entry, at)  # type: ignore[misc]

    def check_ends(self) -> None:
        """The cases ended as the file says."""
        for number, (case, state) in enumerate(zip(self.performance.cases, self.scenario.ends, strict=False), start=1):
            if case.state != state:
                self._fail(f"case {number} is to end as “{state}” but is “{case.state}”", self.scenario.line, "ends")

    def _moment(self, entry: Intake | Entry) -> dt.datetime:
        zone = ZoneInfo(self._officer(entry).institution.timezone)
        moment = entry.at.replace(tzinfo=zone)
        if moment.date() > now().astimezone(zone).date():
            part = entry.part if isinstance(entry, Entry) else "report"
            self._fail(f"{moment:%Y-%m-%d} lies in the future", entry.line, part)
        return moment

    def _officer(self, entry: Intake | Entry) -> Officer:
        return self.performance.officers[entry.by]

    def _fail(self, sentence: str, line: int, part: str) -> None:
        raise ScenarioError(sentence, file=self.scenario.file, line=line, part=part)

    # ---- the report
    def _take_in(self, intake: Intake, moment: dt.datetime) -> None:
        actor, file = self._officer(intake), self.scenario.file
        election = self.elections.get(intake.election)
        if election is None:
            raise ScenarioError(
                unknown(intake.election, self.elections, "election"), file=file, line=intake.line, part="report"
            )
        fields = dict(intake.fields)
        fields["channel"] = fields["channel"] or (
            Report.Channel.COUNTER if intake.reporter is not None else Report.Channel.PATROL
        )
        self._check(REPORT, fields, intake.fields, "report")
        with travel(moment), self._refusals(intake.line, "report", intake.fields.lines):
            cases = take_in(
                actor=actor,
                election=election,
                reported=[self._reported(block) for block in intake.reported],
                reporter=None if intake.reporter is None else self._person(IDENTITY, intake.reporter, "report"),
                witnesses=[self._person(WITNESS, block, "report") for block in intake.witnesses],
                evidence=[(item.title, self._checked(item)) for item in intake.evidence],
                **fields,
            )
        for case in cases:
            self.performance.case_ids.append(case.pk)
            event = case.events.get(kind=Event.Kind.STEP, name=INTAKE.name)
            self._told(intake.line, moment, actor, case, INTAKE.name, event)

    def _reported(self, block: Block) -> dict[str, str]:
        """A reported person; what is left out comes from the registry when the NIP is there."""
        with Keys.of(block, file=self.scenario.file, part="report") as keys:
            typed = keys.text("nip", "")
            try:
                nip = parse(typed).digits if typed else ""
            except ValidationError as error:
                keys.fail(" ".join(error.messages), "nip")
            known = self.stage.employees.get(nip)
            return {
                "nip": nip,
                "name": keys.text("name", known.name if known else None),
                "position": keys.text("position", known.position if known else ""),
                "unit": keys.text("unit", known.unit if known else ""),
            }

    def _person(self, fields: Mapping[str, Any], block: Block, part: str) -> dict[str, str]:
        with Keys.of(block, file=self.scenario.file, part=part) as keys:
            values = {name: text for name in fields if (text := keys.text(name, ""))}
        self._check(fields, {name: values.get(name, "") for name in ("name", "address", *values)}, block, part)
        return values

    def _check(self, fields: Mapping[str, Any], values: dict[str, Any], block: Block, part: str) -> None:
        """Lengths and choices, as the columns say."""
        for name, value in values.items():
            if value is None:
                continue
            try:
                fields[name].clean(value, None)
            except ValidationError as error:
                self._fail(f"{name}: {' '.join(error.messages)}", block.line_of(name), part)

    def _checked(self, exhibit: Exhibit) -> Checked:
        return check_file(self._upload(exhibit))

    def _upload(self, exhibit: Exhibit) -> SimpleUploadedFile:
        content = exhibit.file.read_bytes() if exhibit.file is not None else screenshot(exhibit.picture)
        return SimpleUploadedFile("evidence", content)

    # ---- what follows
    def _do(self, entry: Entry, moment: dt.datetime) -> None:
        with travel(moment):
            for pk in self._chosen(entry):
                self._act(entry, moment, Case.objects.select_related("report__election", "violation").get(pk=pk))

    def _chosen(self, entry: Entry) -> list[int]:
        ids = self.performance.case_ids
        return ids if entry.case in ("", ALL_CASES) else [ids[int(entry.case) - 1]]

    def _act(self, entry: Entry, moment: dt.datetime, case: Case) -> None:
        actor = self._officer(entry)
        event = None
        with self._refusals(entry.line, entry.part, entry.data.lines):
            if entry.step:
                answers = self._answers(entry, case, actor)
                event = move(case=case, step=entry.step, actor=actor, seen=case.seen_token, **answers)
            elif entry.note:
                add_note(case=case, actor=actor, text=entry.note)
            elif entry.evidence is not None:
                attach(case=case, actor=actor, title=entry.evidence.title, upload=self._upload(entry.evidence))
        case.refresh_from_db(fields=["due_on", "clock_paused"])
        moved = event.to_state if event is not None else case.state
        if entry.expect and moved != entry.expect:
            self._fail(f"the case is “{moved}”, not “{entry.expect}”", entry.line, entry.part)
        self._told(entry.line, moment, actor, case, entry.step or ("note" if entry.note else "evidence"), event)

    def _answers(self, entry: Entry, case: Case, actor: Officer) -> dict[str, Any]:
        """The step's form filled in as on screen: what the form offers by itself, and what the file says."""
        typed: dict[str, Any] = {}
        situation = CaseSituation(case, actor, on=today(actor.institution.timezone))
        form = STEP_FORMS[STEP[entry.step].form](data=typed, situation=situation)
        for name in form.unknown_answers(entry.data):
            self._fail(f"“{name}” is not asked for in this case", entry.data.line_of(name), entry.part)
        for name, form_field in form.fields.items():
            offered = form.get_initial_for_field(form_field, name)
            if offered is not None:
                typed[name] = offered
        typed.update({name: "" if value is None else value for name, value in entry.data.items()})
        if form.is_valid():
            return form.cleaned_data
        name, errors = next(iter(form.errors.items()))
        line = entry.data.lines.get(name, entry.line)
        raise ScenarioError(
            f"{name}: {' '.join(map(str, errors))}", file=self.scenario.file, line=line, part=entry.part
        )

    @contextlib.contextmanager
    def _refusals(self, line: int, part: str, lines: dict[str, int]) -> Iterator[None]:
        """Turn a service's refusal into an error at the answer it is about."""
        try:
            yield
        except GuardsFailed as refusal:
            guard, name, sentence = refusal.reasons[0]
            raise ScenarioError(
                f"{sentence} [{guard}]", file=self.scenario.file, line=lines.get(name, line), part=part
            ) from refusal
        except Refused as refusal:
            raise ScenarioError(
                refusal.sentence, file=self.scenario.file, line=lines.get(refusal.field, line), part=part
            ) from refusal
        except (DatabaseError, LookupError, ValidationError) as error:
            raise ScenarioError(
                f"{type(error).__name__}: {error}", file=self.scenario.file, line=line, part=part
            ) from error

    def _told(self, line: int, moment: dt.datetime, actor: Officer, case: Case, what: str, event: Event | None) -> None:
        issued = event.letters.all() if event is not None and step_or_intake(what).letters else ()
        told = Line(
            file=self.scenario.file,
            line=line,
            at=moment,
            by=actor.name,
            case=case.number,
            subject=case.subject_name,
            what=what,
            state=event.to_state if event is not None else case.state,
            letters=tuple((letter.kind, letter.number) for letter in issued),
            due_on=case.due_on,
            cautions=tuple(event.cautions) if event is not None else (),
        )
        self.performance.lines.append(told)
        if self.tell is not None:
            self.tell(told)
