"""The end of a closed case's retention: its contents are destroyed in two steps by two persons.

What goes is what the retention class names: the sealed identity, evidence files, the content of letters, notes. What
stays is the case's row, every event, every number and hash: the history verifies as before and says ``disposed``.
What several cases of one report share goes with the last of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.catalogue.retention import Destroyed, RetentionRule
from cases.clock import now, today
from cases.models import Case, Disposal, Event, Evidence, Letter, Note, Reporter
from cases.sealed.reporter import shred
from cases.sealed.store import destroy
from cases.services.errors import FourEyes, OutOfOrder, Refused, WrongDesk
from cases.services.locking import check_holding, lock
from cases.services.record import write_event
from cases.workflow import DISPOSAL_APPROVED_BY, DISPOSAL_ASKED_BY, STATE, states_with

#: Names of the events; ``DISPOSED`` is what the fold of the history reads.
ASKED, REFUSED, DISPOSED = "disposal_asked", "disposal_refused", "disposed"


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a closed case is kept, and by which class."""

    rule: RetentionRule
    closed_on: dt.date
    due_on: dt.date


def term_of(case: Case) -> Term | None:
    """The retention of a case by the class that held when it closed; None while open or without a class."""
    place = STATE[case.state]
    if not place.final:
        return None
    closed_on = case.moved_at.astimezone(ZoneInfo(case.bawaslu.timezone)).date()
    rule = RetentionRule.objects.in_force(closed_on).filter(code=place.outcome).first()
    return Term(rule, closed_on, years_later(closed_on, rule.years)) if rule else None


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day years later; 1 March for a 29 February that does not exist then."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def due_cases(officer: Officer, on: dt.date) -> list[tuple[Case, Term]]:
    """Closed cases of the officer's supervisor whose retention is over on ``on`` and whose contents still stand."""
    rows = Case.objects.visible_to(officer).filter(bawaslu=officer.institution, state__in=states_with(final=True))
    rows = rows.exclude(disposals__status__in=(Disposal.Status.ASKED, Disposal.Status.DONE)).select_related("bawaslu")
    # The shortest class there is: younger cases need not be looked at one by one.
    least = min((rule.years for rule in RetentionRule.objects.all()), default=0)
    terms = ((case, term_of(case)) for case in rows.filter(moved_at__date__lte=years_later(on, -least)).order_by("pk"))
    return [(case, term) for case, term in terms if term is not None and term.due_on <= on]


def ask_disposal(*, case: Case, actor: Officer, reason: str) -> Disposal:
    """Ask that the contents of ``case`` be destroyed. Raises Refused."""
    if actor.desk != DISPOSAL_ASKED_BY:
        raise WrongDesk(_("This step belongs to another desk."))
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    try:
        with transaction.atomic():
            locked = lock(case, actor)
            term = _due(locked, actor)
            row = Disposal.objects.create(
                case=locked, rule=term.rule.code, due_on=term.due_on, reason=reason.strip(), asked_by=actor,
                asked_at=now(),
            )  # fmt: skip
            told = {"class": term.rule.code, "due_on": term.due_on, "destroys": term.rule.destroys}
            _event(locked, ASKED, actor, reason.strip(), told)
            return row
    except IntegrityError:
        raise OutOfOrder(_("This has been asked already.")) from None


def decide_disposal(*, disposal: Disposal, actor: Officer, approve: bool, answer: str = "") -> Disposal:
    """Approve the destruction, and do it, or refuse it with a reason: another person. Raises Refused."""
    if actor.desk != DISPOSAL_APPROVED_BY:
        raise WrongDesk(_("This step belongs to another desk."))
    if not approve and not answer.strip():
        raise Refused(_("Say why."), field="answer")
    with transaction.atomic():
        case = lock(disposal.case, actor)
        row = Disposal.objects.select_for_update(of=("self",)).get(pk=disposal.pk)
        if row.status != Disposal.Status.ASKED:
            raise OutOfOrder(_("This has been decided already."))
        if row.asked_by.person_key == actor.person_key:
            raise FourEyes(_("You asked for this yourself; another person must answer."))
        term = _due(case, actor)
        row.decided_by, row.decided_at, row.answer = actor, now(), answer.strip()
        row.status = Disposal.Status.DONE if approve else Disposal.Status.REFUSED
        row.save(update_fields=["status", "decided_by", "decided_at", "answer"])
        told: dict[str, Any] = {"class": row.rule, "asker": row.asked_by.name, "asker_person": row.asked_by.person_key}
        if approve:
            _destroy(case, actor, set(term.rule.destroys), told)
        else:
            _event(case, REFUSED, actor, answer.strip(), told)
    return row


def _due(case: Case, actor: Officer) -> Term:
    """The term of a case that is over today. Raises Refused."""
    if case.bawaslu_id != actor.institution_id:
        raise WrongDesk(_("Only the supervisor that kept the case disposes of it."))
    check_holding(actor)
    term = term_of(case)
    if term is None or term.due_on > today(actor.institution.timezone):
        raise OutOfOrder(_("The retention of this case is not over."))
    return term


def _event(case: Case, name: str, actor: Officer, reason: str, told: dict[str, Any]) -> Event:
    return write_event(case=case, kind=Event.Kind.DISPOSAL, name=name, actor=actor, reason=reason, data=told)


def _destroy(case: Case, actor: Officer, what: set[str], told: dict[str, Any]) -> None:
    """Destroy what the class names, and say so on every case it belonged to."""
    siblings = list(Case.objects.select_for_update(of=("self",)).filter(report=case.report_id).order_by("pk"))
    disposed = Disposal.objects.filter(case__in=siblings, status=Disposal.Status.DONE)
    last = disposed.values("case").distinct().count() == len(siblings)
    files = Evidence.objects.filter(case=case) if Destroyed.EVIDENCE in what else Evidence.objects.none()
    shared = Evidence.objects.filter(case=None, report=case.report_id)
    shared = shared if last and Destroyed.EVIDENCE in what else shared.none()
    letters = Letter.objects.filter(case=case, status=Letter.Status.READY)
    letters = letters if Destroyed.LETTERS in what else letters.none()
    notes = Note.objects.filter(case=case) if Destroyed.NOTES in what else Note.objects.none()
    reporter = Reporter.objects.filter(report=case.report_id).exclude(salt="").first()
    gone = bool(last and Destroyed.REPORTER in what and reporter)
    common = {**told, "evidence": _ids(shared), "reporter": gone}
    own = {"evidence": [*_ids(files), *_ids(shared)], "letters": _ids(letters), "notes": [row.pk for row in notes]}
    # By primary key, as everybody locks them; ``case`` is the locked row whose counters the event moves on.
    for sibling in siblings:
        if sibling.pk == case.pk:
            _event(case, DISPOSED, actor, "", {**common, **own})
        elif gone or common["evidence"]:
            _event(sibling, DISPOSED, actor, "", common)
    if gone and reporter is not None:
        shred(reporter)
    _remove(field for row in (*files, *shared) for field in (row.file, row.shown))
    for row in (*files, *shared):
        destroy(Evidence._meta.db_table, row.pk.hex)
    kept = [row.pk for row in (*files, *shared)]
    Evidence.objects.filter(pk__in=kept).update(file="", shown="", title="", title_salt="")
    _remove(row.file for row in letters)
    Letter.objects.filter(pk__in=[row.pk for row in letters]).update(
        status=Letter.Status.DISPOSED, file="", context={}, subject=""
    )
    notes.update(text="")


def _ids(rows: Iterable[Any]) -> list[str]:
    return [str(row.pk) for row in rows]


def _remove(files: Iterable[FieldFile]) -> None:
    """Delete the bytes once the rows that say so are committed."""
    for file in list(files):
        if file:
            transaction.on_commit(partial(file.storage.delete, str(file.name)), robust=True)
