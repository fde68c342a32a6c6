"""Seeing who reported: asked with a reason, released by another person of the same supervisor, open for minutes.

Every act is an event on the case, seen by that supervisor and by auditors; every reading stands in the reader's own
chain before the first letter is shown.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now, real_now
from cases.models import Case, Event, IdentityRequest, Reporter
from cases.sealed.reporter import open_identity, open_statement, shred
from cases.services.access import identity_read
from cases.services.errors import FourEyes, Refused, WrongDesk
from cases.services.locking import check_holding, lock
from cases.services.record import write_event
from cases.workflow import IDENTITY_OPEN_MINUTES, SEALED_ACT

OPEN_FOR = dt.timedelta(minutes=IDENTITY_OPEN_MINUTES)


def keeps_identity(case: Case, officer: Officer) -> bool:
    """Whether this desk may ask at all: there is a reporter, and its institution received the report."""
    return (
        officer.desk in SEALED_ACT["ask_identity"].by
        and officer.institution_id == case.report.institution_id
        and case.report.is_reported
    )


def _enter(case: Case, actor: Officer, act: str) -> Case:
    """The locked case; the actor's right to the act. Raises Refused."""
    locked = lock(case, actor)
    if actor.desk not in SEALED_ACT[act].by or not keeps_identity(locked, actor):
        raise WrongDesk(_("Only the supervisor that received the report keeps the reporter's identity."))
    check_holding(actor)
    return locked


def ask_identity(*, case: Case, actor: Officer, reason: str) -> IdentityRequest:
    """Ask to see who reported. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    try:
        with transaction.atomic():
            locked = _enter(case, actor, "ask_identity")
            if _reporter(locked).salt == "":
                raise Refused(_("The reporter's identity has been destroyed."))
            request = IdentityRequest.objects.create(case=locked, asked_by=actor, asked_at=now(), reason=reason.strip())
            _event(locked, "ask_identity", actor, request, reason.strip())
            return request
    except IntegrityError:
        raise Refused(_("You have asked already; another person must answer.")) from None


def answer_identity(*, request: IdentityRequest, actor: Officer, release: bool) -> IdentityRequest:
    """Release what was asked for, or refuse: another person of the same supervisor. Raises Refused."""
    act = SEALED_ACT["release_identity" if release else "refuse_identity"]
    with transaction.atomic():
        locked = _enter(request.case, actor, act.name)
        row = IdentityRequest.objects.select_related("asked_by").get(pk=request.pk)
        if row.answered_at is not None:
            raise Refused(_("This request has been answered already."))
        if act.second and row.asked_by.person_key == actor.person_key:
            raise FourEyes(_("You asked for this yourself; another person must answer."))
        row.answered_by, row.answered_at = actor, now()
        row.open_until = real_now() + OPEN_FOR if release else None
        row.save(update_fields=["answered_by", "answered_at", "open_until"])
        _event(locked, act.name, actor, row)
        return row


def open_request(case: Case, officer: Officer) -> IdentityRequest | None:
    """The officer's own release that can be read now; None when there is none, or its minutes are over."""
    rows = IdentityRequest.objects.filter(case__report=case.report_id, asked_by=officer, open_until__gt=real_now())
    return rows.select_related("case").order_by("-open_until").first() if keeps_identity(case, officer) else None


def read_identity(*, case: Case, reader: Officer) -> tuple[IdentityRequest, dict[str, str]]:
    """Who reported and what they said, for whoever it was released to. Raises Refused, Unopened, Shredded."""
    with transaction.atomic():
        request = open_request(case, reader)
        if request is None or not Case.objects.visible_to(reader).filter(pk=case.pk).exists():
            raise WrongDesk(_("The reporter's identity is not released to you now."))
        reporter = _reporter(case)
        identity = {**open_identity(reporter), "statement": open_statement(reporter)}
        identity_read(case=case, reader=reader, request=request.pk)
    return request, identity


def shred_identity(*, case: Case, actor: Officer, second: Officer, reason: str) -> list[Event]:
    """Destroy who reported for good: data key, salt, ciphertext. Two persons of the supervisor. Raises Refused.

    Every case of the report gets the event; the history verifies as before, the commitment opens for nobody.
    """
    act = SEALED_ACT["shred"]
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    if actor.person_key == second.person_key:
        raise FourEyes(_("Two different persons must do this."))
    with transaction.atomic():
        _enter(case, second, "ask_identity")
        _enter(case, actor, act.name)
        reporter = _reporter(case)
        if reporter.salt == "":
            raise Refused(_("The reporter's identity has been destroyed."))
        told = {"second": second.name, "second_person": second.person_key}
        siblings = Case.objects.select_for_update(of=("self",)).filter(report=case.report_id).order_by("pk")
        events = [
            write_event(case=row, kind=Event.Kind.SEALED, name=act.name, actor=actor, reason=reason.strip(), data=told)
            for row in siblings
        ]
        shred(reporter)
    return events


def _reporter(case: Case) -> Reporter:
    return Reporter.objects.get(report=case.report_id)


def _event(case: Case, name: str, actor: Officer, request: IdentityRequest, reason: str = "") -> Event:
    asker = request.asked_by
    return write_event(
        case=case,
        kind=Event.Kind.SEALED,
        name=name,
        actor=actor,
        reason=reason,
        data={"request": request.pk, "asker": asker.name, "asker_person": asker.person_key},
    )
