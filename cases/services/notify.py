"""Who is told what: recipients from the table and the duties, notices written once, mails into the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.prepared import Late, Reader, in_all, prepared
from accounts.roles import AUDITOR_DESK, Desk, Kind, Role
from cases.clock import now, today, travelling
from cases.in_place import save_in_place
from cases.models import Assignment, Case, Conflict, Event, Letter, Notice, NoticeChoice
from cases.notices import ABOUT_A_TURN, NOTICE_KIND, OFF, allowed_choices
from cases.querysets import CARRIER_FIELD
from cases.services.errors import Refused
from cases.services.outbox import derived_id, enqueue
from cases.workflow import CLOCK_ACT, STATE, Clock, Step, holders, holding_kinds, watcher


@dataclass(frozen=True, slots=True)
class Told:
    """One officer and the kind of notice meant for them."""

    officer: Officer
    kind: str


# ---------------------------------------------------------------------- who


#: What is read of each officer: this runs inside every step's transaction.
_READ = (
    "role", "name", "nip", "user_id", "institution__kind", "institution__region", "institution__short_name",
    "user__email",
)  # fmt: skip


def _to_be_told(day: dt.date | Late) -> QuerySet[Officer]:
    rows = Officer.objects.holding(day).filter(user__is_active=True)
    return rows.select_related("institution", "user").only(*_READ).order_by("pk")


@prepared
def _carrying(_reader: None, day: Late, bawaslu: Late, reviewer: Late, employer: Late) -> QuerySet[Officer]:
    at = Q(institution=bawaslu) | Q(institution=reviewer) | Q(institution=employer)
    return _to_be_told(day).filter(at)


@prepared
def _about(_reader: None, report: Late) -> QuerySet[Any]:
    return Case.objects.filter(report=report).order_by().values_list("subject_nip", flat=True)


@prepared
def _conflicts(_reader: None, case: Late) -> QuerySet[Any]:
    return Conflict.objects.filter(case=case).order_by().values_list("person", flat=True)


@prepared
def _handling(_reader: None, case: Late) -> QuerySet[Any]:
    rows = Assignment.objects.filter(case=case, to_on__isnull=True)
    return rows.order_by().values_list("institution_id", "officer_id")


class People:
    """The officers around one case today: each question at most one query, and only when it is asked."""

    def __init__(self, case: Case) -> None:
        self.case = case
        carriers = {kind: getattr(case, f"{field}_id") for kind, field in CARRIER_FIELD.items()}
        self.institutions = {kind: pk for kind, pk in carriers.items() if pk is not None}

    @cached_property
    def _day(self) -> dt.date:
        return today(self.case.bawaslu.timezone)

    def _open_to(self, officers: Iterable[Officer]) -> list[Officer]:
        return [officer for officer in officers if officer.person_key not in self.walled_off]

    @cached_property
    def walled_off(self) -> set[str]:
        """Persons for whom the case does not exist: whom its report is about, and who declared a conflict."""
        about, conflicts = _about(None, report=self.case.report_id), _conflicts(None, case=self.case.pk)
        return {*about, *conflicts} - {""}

    @cached_property
    def officers(self) -> list[Officer]:
        """Everybody at the institutions that carry the case."""
        bawaslu, reviewer, employer = (self.institutions.get(kind) for kind in CARRIER_FIELD)
        return self._open_to(_carrying(None, day=self._day, bawaslu=bawaslu, reviewer=reviewer, employer=employer))

    @cached_property
    def handlers(self) -> dict[int, int]:
        """Institution to the officer who handles the case there."""
        return dict(_handling(None, case=self.case.pk))

    def at(self, desk: Desk) -> list[Officer]:
        """Officers of a desk of the carrying institution who may see the case; only the handler when one is named."""
        if desk.kind not in STATE[self.case.state].open_to:
            return []
        institution = self.institutions.get(desk.kind)
        found = [o for o in self.officers if o.institution_id == institution and o.role == desk.role]
        handler = self.handlers.get(institution or 0)
        return [o for o in found if o.pk == handler] or found

    def handling(self, kind: Kind) -> list[Officer]:
        """Whoever handles the case at a kind's institution: the named officer, else every officer there."""
        return self.at(Desk(kind, Role.OFFICER))

    def auditors(self) -> list[Officer]:
        """Auditors of the case's region and of the nation."""
        return self._open_to(
            _to_be_told(self._day).filter(
                role=AUDITOR_DESK.role,
                institution__kind=AUDITOR_DESK.kind,
                institution__region__in=("", self.case.bawaslu.region),
            )
        )


# ---------------------------------------------------------------------- writing


def write_notices(
    *, case: Case, about: str, told: Iterable[Told], facts: Mapping[str, Any], unheard: bool = False
) -> list[Notice]:
    """Write one notice for each person and kind unless it stands already; returns the new ones.

    ``about`` names what is told (an event, a reminder of one deadline): together with officer and kind it is the
    notice's identity, so a second call tells nobody twice. Must run in the transaction of what it tells. ``unheard``:
    ``about`` was written in this very transaction, so nobody can have been told yet and nobody is asked.
    """
    wanted: dict[Any, Told] = {}
    for one in told:
        wanted.setdefault(derived_id("notice", about, one.kind, one.officer.pk), one)
    if not wanted:
        return []
    standing = set() if unheard else set(Notice.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    fresh = {pk: one for pk, one in wanted.items() if pk not in standing}
    if not fresh:
        return []
    chosen = {
        (officer, kind): delivery
        for officer, kind, delivery in NoticeChoice.objects.filter(
            officer__in={one.officer.pk for one in fresh.values()}
        ).values_list("officer_id", "kind", "delivery")
    }
    notices = [
        Notice(
            id=pk,
            officer=one.officer,
            case=case,
            kind=one.kind,
            facts={"number": case.number, **facts},
            delivery=_delivery(chosen.get((one.officer.pk, one.kind), ""), one.kind),
            created_at=now(),
            # Of a case played back only what still waits is news.
            read_at=now() if travelling() and one.kind not in ABOUT_A_TURN else None,
        )
        for pk, one in fresh.items()
    ]
    enqueue(notices)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return notices


def _delivery(chosen: str, kind: str) -> str:
    # What is played back is history: it shows under the bell and goes to nobody.
    if travelling():
        return OFF
    row = NOTICE_KIND[kind]
    return chosen if chosen in allowed_choices(row) else row.default


def tell_step(*, case: Case, step: Step, event: Event, actor: Officer) -> None:
    """After a step: the desk whose turn it is now, and the institutions the table tells."""
    _clear_done(case, step.clock, actor)
    people = People(case)
    told: list[Told] = []
    for desk in holders(case.state):
        if desk == actor.desk:
            continue  # still the same people's turn
        answered = step.clock.action == "resume" and desk.kind in step.tells
        told += [Told(officer, "answered" if answered else "your_turn") for officer in people.at(desk)]
    holding = holding_kinds(case.state)
    for kind in step.tells:
        if kind not in holding:
            told += [Told(officer, "informed") for officer in people.handling(kind)]
    facts = {"step": step.name, "date": case.due_on.isoformat() if case.due_on else ""}
    write_notices(case=case, about=f"event:{event.pk}", told=_not_self(told, actor), facts=facts, unheard=True)


def tell_deadline_moved(*, case: Case, event: Event, actor: Officer | None) -> None:
    """After a deadline changed without a step: whoever the case waits for, and whom the table shows the act to."""
    if case.due_on is None:
        return
    people = People(case)
    kinds = dict.fromkeys((*holding_kinds(case.state), *CLOCK_ACT[event.name].shown_to))
    told = [Told(officer, "deadline_moved") for kind in kinds for officer in people.handling(kind)]
    told += [Told(officer, "deadline_moved") for desk in holders(case.state) for officer in people.at(desk)]
    write_notices(
        case=case,
        about=f"event:{event.pk}",
        told=_not_self(told, actor),
        facts={"date": case.due_on.isoformat()},
    )


def tell_letter_void(*, case: Case, letter: Letter, actor: Officer) -> None:
    """After a letter lost its force: whoever handles and signs for the institutions that hold a copy of it."""
    holding, people = set(letter.addressees.values_list("pk", flat=True)), People(case)
    name = "letter_replaced" if letter.successor else "letter_withdrawn"
    told = []
    for kind, institution in people.institutions.items():
        if institution in holding and institution != letter.institution_id:
            told += [Told(o, name) for o in (*people.handling(kind), *people.at(Desk(kind, Role.SIGNATORY)))]
    facts = {"letter": letter.number, "successor": letter.successor.number if letter.successor else ""}
    write_notices(case=case, about=f"void:{letter.pk}", told=_not_self(told, actor), facts=facts)


def late_told(people: People, *, for_others: bool) -> list[Told]:
    """Whom a late case concerns: holders and their signatories; ``for_others``: the watcher's signatory, auditors."""
    state = people.case.state
    if not for_others:
        kinds = holding_kinds(state)
        officers = [o for desk in holders(state) for o in people.at(desk)]
        officers += [o for kind in kinds for o in people.at(Desk(kind, Role.SIGNATORY))]
        return [Told(officer, "overdue") for officer in dict.fromkeys(officers)]
    kind = watcher(state)
    officers = people.at(Desk(kind, Role.SIGNATORY)) if kind else []
    return [Told(officer, "overdue_elsewhere") for officer in (*officers, *people.auditors())]


def _not_self(told: Iterable[Told], actor: Officer | None) -> list[Told]:
    return [one for one in told if actor is None or one.officer.person_key != actor.person_key]


@prepared
def _unheeded(_reader: None, everybodys: bool, case: Late, institution: Late) -> QuerySet[Notice]:
    rows = Notice.objects.filter(case=case, read_at__isnull=True, kind__in=ABOUT_A_TURN).order_by()
    return rows if everybodys else rows.filter(officer__institution=institution)


def _clear_done(case: Case, clock: Clock, actor: Officer) -> None:
    """What asked this institution to act is done once it acted; what spoke of a deadline, once that one ended."""
    ended = clock.action in ("start", "stop")
    for notice in _unheeded(None, ended, case=case.pk, institution=actor.institution_id):
        notice.read_at = now()
        save_in_place(notice, ("read_at",))


# ---------------------------------------------------------------------- reading and choosing


def mark_read(*, officer: Officer, ids: Iterable[Any] | None = None) -> int:
    """Mark some or all of an officer's notices as read; returns how many were new."""
    rows = Notice.objects.filter(officer=officer, read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return rows.update(read_at=now())


def choose(*, officer: Officer, kind: str, delivery: str) -> NoticeChoice:
    """Set how e-mail about ``kind`` comes. Raises Refused for an unknown kind or a legal one turned off."""
    row = NOTICE_KIND.get(kind)
    if row is None:
        raise Refused(_("There is no such kind of notice."), field="kind")
    if delivery not in allowed_choices(row):
        raise Refused(_("Notices about legal deadlines cannot be turned off."), field=kind)
    choice, _created = NoticeChoice.objects.update_or_create(
        officer=officer, kind=kind, defaults={"delivery": delivery}
    )
    return choice


def choices_of(officer: Officer) -> dict[str, str]:
    """How e-mail about each kind comes for an officer, defaults filled in."""
    chosen = dict(NoticeChoice.objects.filter(officer=officer).values_list("kind", "delivery"))
    return {name: chosen.get(name, kind.default) for name, kind in NOTICE_KIND.items()}


@prepared
def _unread(reader: Reader) -> QuerySet[Any]:
    visible = Case.objects.visible_to(reader)
    rows = Notice.objects.filter(officer=reader.pk, read_at__isnull=True, case__in=visible)
    return in_all(rows, count=Count("pk"))


def unread_count(officer: Officer) -> int:
    """The number on the bell: notices not read, about cases the officer still may see."""
    found: tuple[int] = _unread.first(officer) or (0,)
    return found[0]
