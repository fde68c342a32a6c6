"""Everything the case page shows, read once and only when a part of the page asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.fields import Where, shown
from cases.formats import long_date
from cases.forms import STEP_FORMS
from cases.forms.base import StepForm
from cases.letters.kinds import KINDS
from cases.models import Case, Event, Evidence, Letter, Note
from cases.selectors import clock, deadlines, timeline
from cases.selectors.case_file import events_of, evidence_of, letters_of
from cases.selectors.stages import Passage, loops, stages, waits_for
from cases.selectors.steps import Offer, consequences, offers
from cases.services.identity import keeps_identity
from cases.services.situation import CaseSituation
from cases.workflow import STATE, Step, desks

TABS = ("timeline", "evidence", "letters", "notes")


class CasePage:
    """One case as one officer sees it on one day. ``step`` names the step whose form is open, ``tab`` the open tab."""

    def __init__(
        self, case: Case, officer: Officer, *, on: dt.date, step: str = "", tab: str = "", show: str = "", by: str = ""
    ) -> None:
        self.case, self.officer, self.on = case, officer, on
        self.wanted_step, self.show, self.by = step, show, by
        self.tab = tab if tab in TABS else TABS[0]
        self.situation = CaseSituation(case, officer, on=on, data=None)
        # Read with the case; guards ask for them.
        self.situation.evidence_count = case.file_total  # type: ignore[attr-defined]
        self.situation.deadline = getattr(case, "running", None)  # no attribute when the join found nothing
        self.bound_form: StepForm | None = None

    # ---- history
    @cached_property
    def _events(self) -> list[Event]:
        return events_of(self.officer, case=self.case.pk)

    @cached_property
    def readable_events(self) -> list[Event]:
        """The history as far as this officer may read it, oldest first."""
        return [event for event in self._events if event.readable]  # type: ignore[attr-defined]

    @cached_property
    def passages(self) -> list[Passage]:
        """Every step without its content, oldest first."""
        zone = ZoneInfo(self.officer.institution.timezone)
        return [
            Passage(event.name, event.from_state, event.to_state, event.at.astimezone(zone).date(), event.actor_person)
            for event in self._events
            if event.kind == Event.Kind.STEP
        ]

    def last_taker(self, step: str) -> str:
        """Person key of whoever took ``step`` last; empty when nobody did."""
        return next((p.person for p in reversed(self.passages) if p.step == step), "")

    @property
    def days(self) -> list[dict[str, Any]]:
        """The timeline."""
        zone = self.officer.institution.timezone
        events = timeline.narrowed(self.readable_events, show=self.show, by=self.by)
        return timeline.by_day(events, self.case, self.letters, self.evidence, zone=zone, on=self.on)

    @property
    def narrowing(self) -> dict[str, list[dict[str, Any]]]:
        """What the timeline can be narrowed to."""
        return timeline.narrowing(self.readable_events, show=self.show, by=self.by)

    def changes_since(self, seen: str) -> list[dict[str, Any]]:
        """Readable steps taken since a page with the token ``seen`` was drawn, oldest first."""
        count = seen.rpartition(".")[2]
        known = int(count) + 1 if count.isdecimal() else 0  # intake is the first step event and not a move
        steps = [event for event in self._events if event.kind == Event.Kind.STEP][known:]
        zone = self.officer.institution.timezone
        return [timeline.entry(e, self.case, (), {}, zone) for e in steps if e.readable]  # type: ignore[attr-defined]

    # ---- where it stands
    @cached_property
    def stages(self) -> list[dict[str, Any]]:
        """The stepper."""
        return stages(self.case, self.passages)

    @cached_property
    def loops(self) -> list[dict[str, Any]]:
        """Arcs over the stepper."""
        return loops(self.passages)

    @property
    def waits_for(self) -> str:
        """Who holds it."""
        return waits_for(self.case, self.officer)

    @property
    def waiting_since(self) -> str:
        """Day of the last step."""
        return long_date(self.passages[-1].on, weekday=True) if self.passages else ""

    @property
    def state_label(self) -> str:
        """The state in words."""
        return _(self.case.place.label)

    # ---- the next step
    @cached_property
    def offers(self) -> list[Offer]:
        """The acting desk's steps; at most one of them open."""
        last = self.passages[-1].step if self.passages else ""
        found = offers(self.case, self.situation, self.last_taker, last)
        free = [offer for offer in found if not offer.blocked]
        opened = next((offer for offer in free if offer.step.name == self.wanted_step), None)
        if opened is None and not self.wanted_step:
            usual = [offer for offer in free if offer.usual]
            opened = usual[0] if len(usual) == 1 else None
        if opened is not None:
            opened.open = True
        return found

    @property
    def opened(self) -> Offer | None:
        """The step whose form is open."""
        return next((offer for offer in self.offers if offer.open), None)

    @property
    def others(self) -> list[Offer]:
        """Steps that could be opened instead."""
        return [offer for offer in self.offers if not offer.blocked and not offer.open]

    @property
    def blocked(self) -> list[Offer]:
        """Steps that cannot be taken now, with the reasons."""
        return [offer for offer in self.offers if offer.blocked]

    @cached_property
    def consequences(self) -> list[dict[str, Any]]:
        """What the open step will do."""
        return consequences(self.opened, self.situation) if self.opened else []

    @cached_property
    def form(self) -> StepForm | None:
        """The open step's form: as posted when it came back, else fresh."""
        if self.bound_form is not None:
            return self.bound_form
        return self.build_form(self.opened.step) if self.opened else None

    def build_form(self, step: Step, data: QueryDict | None = None) -> StepForm:
        """The form of ``step``, bound to ``data`` when given."""
        return STEP_FORMS[step.form](data, situation=self.situation)

    @property
    def may_add(self) -> bool:
        """Whether this desk may add evidence; a closed case takes none, an auditor only reads."""
        return self.may_note and not self.case.place.final

    @property
    def may_note(self) -> bool:
        """Whether this desk takes part in cases at all."""
        return self.officer.desk in desks()

    # ---- deadline
    @cached_property
    def due(self) -> deadlines.Due:
        """The running deadline in words."""
        return deadlines.due(self.case, self.on, self.situation.calendar)

    @property
    def deadline_name(self) -> str:
        """The name of the running rule."""
        row = self.situation.deadline
        if row is None:
            return ""
        return row.rule.name_en if get_language() == "en" else row.rule.name

    @cached_property
    def deadline_lines(self) -> list[dict[str, str]]:
        """How it is counted."""
        row = self.situation.deadline
        if row is None:
            return []
        return clock.whys(row, get_language() or "id")

    @property
    def deadline_days(self) -> list[dict[str, Any]]:
        """The days it counts, one by one."""
        row = self.situation.deadline
        return clock.strip(row, self.on) if row is not None else []

    @property
    def deadline_counted(self) -> str:
        """Which of its days this is."""
        row = self.situation.deadline
        return clock.counted(row, self.on) if row is not None else ""

    @cached_property
    def clock_acts(self) -> list[clock.Act]:
        """What this desk may do to it besides taking a step."""
        return clock.acts(self.case, self.officer, self.situation.deadline, self.on)

    # ---- what it is about
    @property
    def position(self) -> str:
        """Position and unit: frozen at registration, before that as reported."""
        case = self.case
        parts = (
            (case.snapshot.get("position"), case.snapshot.get("unit"))
            if case.snapshot
            else (case.reported_position, case.reported_unit)
        )
        return ", ".join(filter(None, parts))

    @property
    def summary(self) -> list[tuple[str, Any]]:
        """The report and the violation as (term, meaning)."""
        case, report = self.case, self.case.report
        violation = case.violation
        lines: list[tuple[str, Any]] = [
            (_("Incident"), report.incident),
            (_("Place"), report.place),
            (_("Date of the act"), long_date(report.occurred_on, weekday=True)),
            (_("Became known on"), long_date(report.known_on)),
            (_("Origin"), f"{report.get_origin_display()}, {report.get_channel_display()}"),
            (_("Received"), f"{long_date(report.received_on)}, {report.institution.short_name}, {report.number}"),
            (_("Election"), report.election.name),
            (_("List"), self.list_sentence),
        ]
        if violation is not None:
            plain = violation.plain_en if get_language() == "en" else violation.plain
            basis = "; ".join(filter(None, (violation.prohibition_basis, violation.sanction_basis)))
            lines += [
                (_("Violation"), f"{violation.code}: {plain}"),
                (_("Basis"), basis),
                (_("Person favoured"), case.get_target_status_display()),
            ]
        if case.finding:
            level = case.get_recommended_level_display() or _("level left to the employer")
            lines.append((_("Review finding"), f"{case.get_finding_display()}, {level}" if case.recommended_level or
                          STATE[case.state].stage > 4 else case.get_finding_display()))  # fmt: skip
        return lines

    @property
    def list_sentence(self) -> str:
        """Whether the act falls under list A or B, by the day candidates were determined."""
        determined = self.case.report.election.candidates_determined_on
        before = self.case.report.occurred_on < determined
        date = long_date(determined)
        if before:
            return _("The act came before candidates were determined (%(date)s): list A, ethics.") % {"date": date}
        return _("The act came on or after the determination of candidates (%(date)s): list B, discipline.") % {
            "date": date
        }

    @cached_property
    def witnesses(self) -> list[Any]:
        """Witnesses named in the report; only the supervisor that received it reads them."""
        own = self.officer.institution_id == self.case.bawaslu_id
        if not own or not shown("witnesses", self.officer.desk.kind, Where.PAGE):
            return []
        return list(self.case.report.witnesses.all())

    @property
    def keeps_identity(self) -> bool:
        """Whether this desk may ask to see the sealed reporter."""
        return keeps_identity(self.case, self.officer)

    @property
    def institutions(self) -> list[tuple[str, str]]:
        """Who carries the case, as (part, name)."""
        case = self.case
        rows = (
            (_("Supervisor"), case.bawaslu),
            (_("Reviewing body"), case.reviewer),
            (_("Employing authority"), case.employer),
        )
        return [(part, row.short_name) for part, row in rows if row is not None]

    # ---- tabs
    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The tabs as links, each with its count."""
        counts = {
            "timeline": (_("Timeline"), len(self.readable_events)),
            "evidence": (_("Evidence"), self.case.evidence_total),  # type: ignore[attr-defined]
            "letters": (_("Letters"), self.case.letter_total),  # type: ignore[attr-defined]
            "notes": (_("Notes"), self.case.note_total),  # type: ignore[attr-defined]
        }
        base = reverse("cases:detail", args=[self.case.number])
        return [
            {"url": f"{base}?tab={name}#file", "label": label, "count": count, "current": name == self.tab}
            for name, (label, count) in counts.items()
        ]

    @cached_property
    def letters(self) -> list[Letter]:
        """Letters of the case this officer may read, oldest first."""
        return letters_of(self.officer, case=self.case.pk)

    @property
    def letter_items(self) -> list[dict[str, Any]]:
        """Letters for the list."""
        return [letter_item(letter) for letter in reversed(self.letters)]

    @cached_property
    def evidence(self) -> list[Evidence]:
        """Evidence this officer may open, newest first."""
        return evidence_of(self.officer, case=self.case.pk, report=self.case.report_id)

    @property
    def evidence_items(self) -> list[dict[str, Any]]:
        """Evidence for the list."""
        return [
            {
                "name": row.title or _("A file that was destroyed"),
                "url": reverse("cases:evidence", args=[row.pk]) if row.file else "",
                "size": row.size,
                "received": long_date(row.added_at.astimezone(ZoneInfo(self.officer.institution.timezone)).date()),
                "by": row.institution.short_name,
                "sha256": row.sha256,
                "icon": "photo" if row.media_type.startswith("image/") else "paperclip",
                "note": _("Belongs to the whole report.") if row.case_id is None else "",
            }
            for row in self.evidence
        ]

    @cached_property
    def notes(self) -> list[dict[str, Any]]:
        """Notes of the officer's institution, newest first."""
        zone = ZoneInfo(self.officer.institution.timezone)
        rows = Note.objects.visible_to(self.officer).filter(case=self.case).annotate(who=F("author__name"))
        return [
            {"text": row.text, "who": row.who, "date": long_date(row.created_at.astimezone(zone).date())}
            for row in rows
        ]


def letter_item(letter: Letter) -> dict[str, Any]:
    """A letter for ``components/letter_item.html``; ready is the rule and needs no badge."""
    tones = {Letter.Status.FAILED: "overdue", Letter.Status.PENDING: "info"}
    return {
        "title": _(KINDS[letter.kind].label),
        "number": letter.number,
        "url": reverse("cases:letter", args=[letter.pk]),
        "date": long_date(letter.dated_on),
        "issuer": letter.institution.short_name,
        "tone": "overdue" if letter.is_void else tones.get(Letter.Status(letter.status), ""),
        "words": letter.state_words,
    }
