"""Intake: a report or finding becomes one case for each employee named."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now, today
from cases.models import Case, Election, Event, Report, Witness
from cases.sealed.reporter import seal_reporter
from cases.services.clockwork import wind
from cases.services.errors import Refused, WrongDesk
from cases.services.evidence import Checked, evidence_facts, store_evidence
from cases.services.letters import issue_letters, reserve_letters
from cases.services.notify import tell_step
from cases.services.numbers import take_case_number, take_number
from cases.services.record import reporter_commitments, write_event
from cases.services.situation import CaseSituation
from cases.workflow import INTAKE

#: Case columns that intake sets, told in its event so that the history alone gives the case.
OPENED = (
    "reported_name", "reported_nip", "reported_position", "reported_unit", "subject_name", "subject_nip", "opened_on",
    "due_on",
)  # fmt: skip


def take_in(
    *,
    actor: Officer,
    origin: str,
    channel: str,
    election: Election,
    incident: str,
    place: str,
    occurred_on: dt.date,
    known_on: dt.date,
    chronology: str,
    reported: Sequence[Mapping[str, str]],
    received_on: dt.date | None = None,
    link: str = "",
    suspected: str = "",
    reporter: Mapping[str, str] | None = None,
    witnesses: Sequence[Mapping[str, str]] = (),
    evidence: Sequence[tuple[str, Checked]] = (),
    filing: uuid.UUID | None = None,
) -> list[Case]:
    """Record a report or finding; returns the cases opened, one for each of ``reported`` (name, nip, position, unit).

    ``suspected`` is the SKB row it looks like: a hint for registration, which decides. ``evidence`` are (title, checked
    file). All or nothing. With ``filing`` (the page's own number) the same page sent twice, even at once, is one
    report: the second call returns the first one's cases. Raises Refused with a sentence for the person.
    """
    if actor.desk != INTAKE.by:
        raise WrongDesk(_("This step belongs to another desk."))
    on = today(actor.institution.timezone)
    received_on = received_on or on
    _check(origin, reporter, reported, occurred_on, known_on, received_on, on)
    if cases := filed_as(actor=actor, filing=filing):
        return cases
    try:
        with transaction.atomic():
            report = Report.objects.create(
                number=take_number(actor.institution, "receipt", received_on, election.number_code).text,
                origin=origin,
                channel=channel,
                institution=actor.institution,
                election=election,
                received_on=received_on,
                incident=incident,
                place=place,
                occurred_on=occurred_on,
                known_on=known_on,
                chronology=chronology,
                link=link,
                suspected=suspected,
                recorded_by=actor,
                created_at=now(),
                filing=filing,
            )
            sealed = reporter_commitments(seal_reporter(report, reporter)) if reporter else {}
            Witness.objects.bulk_create(Witness(report=report, **witness) for witness in witnesses)
            files = [
                store_evidence(report=report, case=None, actor=actor, title=title, checked=checked)
                for title, checked in evidence
            ]
            facts = [evidence_facts(file) for file in files]
            named = [person["name"] for person in reported]
            return [_open(report, person, actor, on, facts, named, sealed) for person in reported]
    except IntegrityError:
        if cases := filed_as(actor=actor, filing=filing):
            return cases  # the other click won while this one waited for the counter
        raise


def filed_as(*, actor: Officer, filing: uuid.UUID | None) -> list[Case]:
    """The cases opened by a filing of this institution; empty when it has not been filed."""
    if filing is None:
        return []
    rows = Case.objects.filter(report__filing=filing, report__institution=actor.institution)
    return list(rows.select_related("report").order_by("pk"))


def _check(
    origin: str,
    reporter: Mapping[str, str] | None,
    reported: Sequence[Mapping[str, str]],
    occurred_on: dt.date,
    known_on: dt.date,
    received_on: dt.date,
    on: dt.date,
) -> None:
    if not reported:
        raise Refused(_("Name at least one employee."), field="reported")
    if origin == Report.Origin.REPORT and not reporter:
        raise Refused(_("A report needs its reporter."), field="reporter_name")
    if origin == Report.Origin.FINDING and reporter:
        raise Refused(_("A finding has no reporter."), field="reporter_name")
    check_dates(occurred_on, known_on, received_on, on)


def check_dates(
    occurred_on: dt.date | None, known_on: dt.date | None, received_on: dt.date | None, on: dt.date
) -> None:
    """The days of a report in their order, as far as they are known. Raises Refused naming the answer."""
    if occurred_on and occurred_on > on:
        raise Refused(_("The date of the act lies in the future."), field="occurred_on")
    if occurred_on and known_on and known_on < occurred_on:
        raise Refused(_("It cannot have become known before it happened."), field="known_on")
    if known_on and received_on and received_on < known_on:
        raise Refused(_("It cannot have been received before it became known."), field="received_on")
    if received_on and received_on > on:
        raise Refused(_("The day of receipt lies in the future."), field="received_on")


def _open(
    report: Report,
    person: Mapping[str, str],
    actor: Officer,
    on: dt.date,
    files: list[dict[str, Any]],
    named: list[str],
    sealed: dict[str, str],
) -> Case:
    case = Case.objects.create(
        number=take_case_number(on),
        report=report,
        bawaslu=actor.institution,
        reported_name=person["name"],
        reported_nip=person.get("nip", ""),
        reported_position=person.get("position", ""),
        reported_unit=person.get("unit", ""),
        subject_name=person["name"],
        subject_nip=person.get("nip", ""),
        opened_on=on,
        moved_at=now(),
    )
    situation = CaseSituation(case, actor, on=on, data={"received_on": report.received_on, "named": named})
    wind(situation, INTAKE.clock)
    case.save(update_fields=["due_on", "clock_paused"])
    reserved = reserve_letters(step=INTAKE, situation=situation)
    event = write_event(
        case=case,
        kind=Event.Kind.STEP,
        name=INTAKE.name,
        actor=actor,
        from_state="",
        to_state=case.state,
        data={
            "report": report.number,
            "origin": report.origin,
            "channel": report.channel,
            "election": report.election,
            "link": report.link,
            "incident": report.incident,
            "place": report.place,
            "occurred_on": report.occurred_on,
            "known_on": report.known_on,
            "received_on": report.received_on,
            "chronology": report.chronology,
            "evidence": files,
            **({"suspected": report.suspected} if report.suspected else {}),
        },
        changes={name: [None, getattr(case, name)] for name in OPENED if getattr(case, name)},
        letters_issued=[letter.facts for letter in reserved],
        sealed=sealed,
    )
    issue_letters(reserved=reserved, situation=situation, event=event)
    tell_step(case=case, step=INTAKE, event=event, actor=actor)
    return case
