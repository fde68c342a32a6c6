"""Guards of the supervisor's steps: registration, clarification, plenary."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.formats import long_date
from cases.guards.base import Sentence, Situation, answer, guard


@guard()
def has_reporter(s: Situation) -> Sentence:
    """Only a report has someone to ask; a finding is the supervisor's own."""
    return None if s.has_reporter else _("This is a finding of the supervisor: there is no reporter to ask.")


@guard(field="employee", needs=("employee",))
def employee_identified(s: Situation) -> Sentence:
    """The reported person is one known employee, not already carried by a sibling case of the same report."""
    employee = answer(s, "employee")
    if employee is None:
        return _("Identify the employee in the registry first.")
    if s.case.report.cases.exclude(pk=s.case.pk).filter(employee=employee).exists():
        return _("Another case of the same report already concerns this employee.")
    return None


@guard(field="employee", needs=("employee",))
def not_conflicted(s: Situation) -> Sentence:
    """Nobody handles a case against themselves (same NIP)."""
    employee = answer(s, "employee")
    if employee is not None and employee.nip == s.actor.nip:
        return _("You cannot register a case against yourself.")
    return None


@guard(field="violation_reason", needs=("violation", "target_status", "violation_reason"))
def violation_fits(s: Situation) -> Sentence:
    """SKB 2022 annex II: list A before, list B after the determination of candidates; otherwise a reason."""
    if answer(s, "violation_reason"):
        return None
    warnings = s.fit_warnings()
    if not warnings:
        return None
    return _("%(warning)s Choose another row or give a reason.") % {"warning": " ".join(str(w) for w in warnings)}


@guard(field="late_reason", needs=("late_reason",))
def filed_in_time(s: Situation) -> Sentence:
    """UU 7/2017 art. 454(6), UU 10/2016 art. 134(4): the filing limit runs from the day it became known."""
    limit = s.filing_deadline()
    if s.case.report.received_on <= limit or answer(s, "late_reason"):
        return None
    return _("The limit for filing ended on %(date)s. Decline the report, or give a reason for registering it.") % {
        "date": long_date(limit)
    }


@guard(field="scheduled_on", needs=("scheduled_on",))
def invited_ahead(s: Situation) -> Sentence:
    """Perbawaslu 7/2022 art. 27: the invitation goes out at least a day before."""
    earliest = s.due("clarification_notice", s.on)
    if answer(s, "scheduled_on") >= earliest:
        return None
    return _("The clarification can be on %(date)s at the earliest.") % {"date": long_date(earliest)}


@guard(field="people", needs=("people",))
def at_most_two_invitations(s: Situation) -> Sentence:
    """Perbawaslu 7/2022 art. 27-30: a person is invited at most twice; once a form names a person only once."""
    seen: set[tuple[str, str]] = set()
    for person in answer(s, "people") or []:
        key = (person["role"], person["name"])
        if key in seen:
            return _("%(name)s is named twice.") % {"name": person["name"]}
        seen.add(key)
        if len(s.summonses("CLARIFICATION", *key)) >= 2:
            return _("%(name)s has already been invited twice.") % {"name": person["name"]}
    return None


@guard()
def reported_heard_or_invited_twice(s: Situation) -> Sentence:
    """Hearing the reported person comes first; two invitations that passed unanswered are enough."""
    if s.minutes("CLARIFICATION", "REPORTED"):
        return None
    invitations = s.summonses("CLARIFICATION", "REPORTED")
    if len(invitations) < 2:
        return _("The reported employee has neither been heard nor invited twice.")
    last = max(summons.scheduled_on for summons in invitations)
    if last >= s.on:
        return _("The second invitation is for %(date)s; wait for that day.") % {"date": long_date(last)}
    return None


@guard(field="intent", needs=("intent", "proposed_outcome"))
def intent_stated(s: Situation) -> Sentence:
    """SKB 2022 annex II row B7 is a violation only 'dengan tujuan untuk memberikan dukungan'."""
    if s.violation is not None and s.violation.needs_intent and not answer(s, "intent"):
        return _("Row %(code)s needs a finding on the intent to give support.") % {"code": s.violation.code}
    return None


@guard()
def has_evidence(s: Situation) -> Sentence:
    """A file is forwarded with at least one item of evidence."""
    return None if s.evidence_count else _("Add at least one item of evidence before forwarding.")


@guard(field="reviewer", needs=("reviewer",))
def reviewer_in_office(s: Situation) -> Sentence:
    """The reviewing body is a dated record; only one in office on this day can receive the file."""
    if answer(s, "reviewer") in s.reviewers_in_office:
        return None
    return _("This reviewing body is not in office on %(date)s.") % {"date": long_date(s.on)}
