"""Named conditions of the table. Each answers None, or the sentence that says why not.

A guard sees a ``Situation``: the case, the day, the answers given (``data``; None while only a button is drawn) and a few
facts, all by attribute, so that tests build one from plain objects. A guard that needs answers is skipped while there are
none: the button is offered and the form says the rest. Numbers of law come from dated reference data through the
situation, never from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.formats import long_date

Sentence = str | None


class Situation(Protocol):
    """What guards may ask. ``cases.services.situation.CaseSituation`` answers from the database."""

    case: Any
    actor: Any
    on: dt.date
    data: dict[str, Any] | None

    @property
    def has_reporter(self) -> bool: ...
    @property
    def evidence_count(self) -> int: ...
    @property
    def reviewers_in_office(self) -> list[Any]: ...
    @property
    def violation(self) -> Any: ...
    @property
    def decision(self) -> Any: ...
    @property
    def deadline(self) -> Any: ...
    @property
    def locking_election(self) -> Any: ...
    @property
    def past_sanctions(self) -> list[Any]: ...
    def summonses(self, purpose: str, person_role: str = "", person_name: str = "") -> list[Any]: ...
    def minutes(self, purpose: str, person_role: str = "") -> list[Any]: ...
    def fit_warnings(self) -> list[str]: ...
    def filing_deadline(self) -> dt.date: ...
    def working_days_between(self, start: dt.date, end: dt.date) -> int: ...
    def due(self, rule: str, start: dt.date) -> dt.date: ...
    def right_employers(self) -> list[Any]: ...
    def rank_order(self, rank: str) -> int | None: ...
    def barred_names(self) -> set[str]: ...
    def authorities(self, sanction: Any) -> list[Any]: ...
    def sanctions_open(self) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition; ``field`` is the form field its sentence belongs to, ``needs`` the answers it looks at."""

    name: str
    check: Callable[[Situation], Sentence]
    field: str = ""
    needs: tuple[str, ...] = ()

    def __call__(self, situation: Situation) -> Sentence:
        if self.needs and situation.data is None:
            return None
        return self.check(situation)


GUARDS: dict[str, Guard] = {}


def guard(*, field: str = "", needs: Iterable[str] = ()) -> Callable[[Callable[[Any], Sentence]], Guard]:
    """Register a guard under its function's name."""

    def register(check: Callable[[Any], Sentence]) -> Guard:
        entry = Guard(name=check.__name__, check=check, field=field, needs=tuple(needs))
        GUARDS[entry.name] = entry
        return entry

    return register


def _answer(s: Situation, name: str) -> Any:
    return (s.data or {}).get(name)


# ---------------------------------------------------------------- report and registration


@guard()
def has_reporter(s: Situation) -> Sentence:
    """Only a report has someone to ask; a finding is the supervisor's own."""
    return None if s.has_reporter else _("This is a finding of the supervisor: there is no reporter to ask.")


@guard(field="employee", needs=("employee",))
def employee_identified(s: Situation) -> Sentence:
    """The reported person is one known employee, not already carried by a sibling case of the same report."""
    employee = _answer(s, "employee")
    if employee is None:
        return _("Identify the employee in the registry first.")
    if s.case.report.cases.exclude(pk=s.case.pk).filter(employee=employee).exists():
        return _("Another case of the same report already concerns this employee.")
    return None


@guard(field="employee", needs=("employee",))
def not_conflicted(s: Situation) -> Sentence:
    """Nobody handles a case against themselves (same NIP)."""
    employee = _answer(s, "employee")
    if employee is not None and employee.nip == s.actor.nip:
        return _("You cannot register a case against yourself.")
    return None


@guard(field="violation_reason", needs=("violation", "target_status", "violation_reason"))
def violation_fits(s: Situation) -> Sentence:
    """SKB 2022 annex II: list A before, list B after the determination of candidates; otherwise a reason."""
    if _answer(s, "violation_reason"):
        return None
    warnings = s.fit_warnings()
    if not warnings:
        return None
    return _("%(warning)s Choose another row or give a reason.") % {"warning": " ".join(str(w) for w in warnings)}


@guard(field="late_reason", needs=("late_reason",))
def filed_in_time(s: Situation) -> Sentence:
    """UU 7/2017 art. 454(6), UU 10/2016 art. 134(4): the filing limit runs from the day it became known."""
    limit = s.filing_deadline()
    if s.case.report.received_on <= limit or _answer(s, "late_reason"):
        return None
    return _("The limit for filing ended on %(date)s. Decline the report, or give a reason for registering it.") % {
        "date": long_date(limit)
    }


# ---------------------------------------------------------------- clarification and plenary


@guard(field="scheduled_on", needs=("scheduled_on",))
def invited_ahead(s: Situation) -> Sentence:
    """Perbawaslu 7/2022 art. 27: the invitation goes out at least a day before."""
    earliest = s.due("clarification_notice", s.on)
    if _answer(s, "scheduled_on") >= earliest:
        return None
    return _("The clarification can be on %(date)s at the earliest.") % {"date": long_date(earliest)}


@guard(field="people", needs=("people",))
def at_most_two_invitations(s: Situation) -> Sentence:
    """Perbawaslu 7/2022 art. 27-30: a person is invited at most twice; once a form names a person only once."""
    seen: set[tuple[str, str]] = set()
    for person in _answer(s, "people") or []:
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
    if s.violation is not None and s.violation.needs_intent and not _answer(s, "intent"):
        return _("Row %(code)s needs a finding on the intent to give support.") % {"code": s.violation.code}
    return None


@guard()
def has_evidence(s: Situation) -> Sentence:
    """A file is forwarded with at least one item of evidence."""
    return None if s.evidence_count else _("Add at least one item of evidence before forwarding.")


@guard(field="reviewer", needs=("reviewer",))
def reviewer_in_office(s: Situation) -> Sentence:
    """The reviewing body is a dated record; only one in office on this day can receive the file."""
    if _answer(s, "reviewer") in s.reviewers_in_office:
        return None
    return _("This reviewing body is not in office on %(date)s.") % {"date": long_date(s.on)}


# ---------------------------------------------------------------- review


@guard(field="level", needs=("finding", "level"))
def level_fits_finding(s: Situation) -> Sentence:
    """Ethics violations carry moral sanctions (PP 42/2004 art. 15), discipline violations PP 94/2021 levels."""
    finding, level = _answer(s, "finding"), _answer(s, "level") or ""
    allowed = LEVELS_OF_FINDING.get(finding, ())
    if level in allowed:
        return None
    return _("This level does not belong to that finding.")


#: Which levels a finding can carry; the empty level leaves the choice to the employing authority.
LEVELS_OF_FINDING: dict[str, tuple[str, ...]] = {
    "ETHICS": ("", "MORAL"),
    "DISCIPLINE": ("", "MINOR", "MODERATE", "SEVERE", "DISMISSAL"),
    "UNPROVEN": ("",),
}


@guard(field="employer", needs=("employer",))
def right_employer(s: Situation) -> Sentence:
    """The recommendation goes to the employing authority of *this* employee; for a regional secretary one higher."""
    employers = s.right_employers()
    if _answer(s, "employer") in employers:
        return None
    names = ", ".join(employer.name for employer in employers)
    return _("The employing authority of this employee is: %(names)s.") % {"names": names}


@guard(field="satgas_number", needs=("satgas_number", "satgas_on"))
def satgas_decided(s: Situation) -> Sentence:
    """SKB row B13 has no level of its own: the task force (Satgas) decides."""
    if s.violation is None or not s.violation.needs_satgas:
        return None
    if _answer(s, "satgas_number") and _answer(s, "satgas_on"):
        return None
    return _("Row %(code)s needs the number and date of the task force's decision.") % {"code": s.violation.code}


@guard()
def deadline_passed(s: Situation) -> Sentence:
    """An escalation needs a deadline that has passed."""
    if s.deadline is None:
        return _("No deadline is running.")
    if s.deadline.due_on < s.on:
        return None
    return _("The deadline runs until %(date)s.") % {"date": long_date(s.deadline.due_on)}


# ---------------------------------------------------------------- examination


@guard(field="examined_by", needs=("examined_by",))
def examiner_fits_level(s: Situation) -> Sentence:
    """PP 94/2021 art. 29: a team is mandatory for *berat*. PP 42/2004 art. 17: ethics goes to an ethics council."""
    chosen = _answer(s, "examined_by")
    allowed = EXAMINERS_OF_LEVEL.get(s.case.recommended_level, ())
    if s.case.finding == ETHICS:
        allowed = ("COUNCIL",)
    if not allowed or chosen in allowed:
        return None
    return EXAMINER_REASONS[allowed[0]]()


ETHICS = "ETHICS"
EXAMINERS_OF_LEVEL: dict[str, tuple[str, ...]] = {
    "MORAL": ("COUNCIL",),
    "MINOR": ("SUPERIOR", "TEAM"),
    "MODERATE": ("SUPERIOR", "TEAM"),
    "SEVERE": ("TEAM",),
    "DISMISSAL": ("TEAM",),
    "": ("SUPERIOR", "TEAM"),
}
EXAMINER_REASONS: dict[str, Callable[[], str]] = {
    "COUNCIL": lambda: _("An ethics violation is examined by an ethics council (PP 42/2004 art. 17)."),
    "TEAM": lambda: _("A severe sanction needs an examination team (PP 94/2021 art. 29)."),
    "SUPERIOR": lambda: _("A discipline violation is examined by the superior or a team, not by an ethics council."),
}


@guard(field="examiners", needs=("examiners", "examined_by"))
def examiners_complete(s: Situation) -> Sentence:
    """A team has chair, secretary, one member (PerBKN 6/2022); a council three members more, odd above five."""
    people = _answer(s, "examiners") or []
    kind = _answer(s, "examined_by")
    parts = [person["part"] for person in people]
    if kind == "SUPERIOR":
        return None if len(people) == 1 else _("Name one superior.")
    if parts.count("CHAIR") != 1 or parts.count("SECRETARY") != 1:
        return _("Name exactly one chair and one secretary.")
    members = parts.count("MEMBER")
    least = {"TEAM": 1, "COUNCIL": 3}[kind]
    if members < least:
        return ngettext(
            "Name at least %(count)d further member.", "Name at least %(count)d further members.", least
        ) % {"count": least}
    if kind == "COUNCIL" and len(people) > 5 and len(people) % 2 == 0:
        return _("A council of more than five must be an odd number.")
    return None


@guard(field="examiners", needs=("examiners",))
def examiners_rank(s: Situation) -> Sentence:
    """PP 94/2021 art. 29, PP 42/2004 art. 17: nobody examines a person of higher rank."""
    own = s.rank_order(s.case.snapshot.get("rank", ""))
    for person in _answer(s, "examiners") or []:
        order = s.rank_order(person.get("rank", ""))
        if own is not None and order is not None and order < own:
            return _("The rank of %(name)s is below that of the examined employee.") % {"name": person["name"]}
    return None


@guard(field="examiners", needs=("examiners",))
def examiners_impartial(s: Situation) -> Sentence:
    """Nobody examines who is the reported employee, the reporter or a witness."""
    barred = s.barred_names()
    for person in _answer(s, "examiners") or []:
        if person["name"].casefold() in barred or (person.get("nip") and person["nip"] == s.case.subject_nip):
            return _("%(name)s takes part in this case and cannot examine it.") % {"name": person["name"]}
    return None


@guard()
def at_most_two_summonses(s: Situation) -> Sentence:
    """PP 94/2021 art. 26: after two missed summonses the sanction may be decided without an examination."""
    if len(s.summonses("EXAMINATION")) < 2:
        return None
    return _("The employee has already been summoned twice; report the examination on the evidence at hand.")


@guard()
def first_summons_missed(s: Situation) -> Sentence:
    """PP 94/2021 art. 26(3): the second summons follows a missed first one."""
    summonses = s.summonses("EXAMINATION")
    if not summonses:
        return None
    first = summonses[0]
    if first.scheduled_on >= s.on:
        return _("The first summons is for %(date)s; wait for that day.") % {"date": long_date(first.scheduled_on)}
    if any(minutes.held_on >= first.scheduled_on for minutes in s.minutes("EXAMINATION", "REPORTED")):
        return _("The employee came to the first summons.")
    return None


@guard(needs=("scheduled_on",))
def summons_notice(s: Situation) -> Sentence:
    """PP 94/2021 art. 26(2), read as a minimum in practice: fewer working days than the rule's is said, not blocked."""
    earliest = s.due("summons_notice", s.on)
    if _answer(s, "scheduled_on") >= earliest:
        return None
    return _("The notice is short: the usual date is %(date)s or later.") % {"date": long_date(earliest)}


@guard(needs=("scheduled_on",))
def second_summons_late(s: Situation) -> Sentence:
    """PP 94/2021 art. 26(3): the second summons goes out within the rule's days after the missed date."""
    summonses = s.summonses("EXAMINATION")
    if not summonses:
        return None
    latest = s.due("summons_notice", summonses[0].scheduled_on)
    if s.on <= latest:
        return None
    return _("The second summons should have gone out by %(date)s.") % {"date": long_date(latest)}


@guard()
def examined_or_missed_twice(s: Situation) -> Sentence:
    """PP 94/2021 art. 26(4): an examination, or two missed summonses."""
    if s.minutes("EXAMINATION", "REPORTED"):
        return None
    summonses = s.summonses("EXAMINATION")
    if len(summonses) < 2:
        return _("There are neither examination minutes nor two missed summonses.")
    if summonses[-1].scheduled_on >= s.on:
        return _("The second summons is for %(date)s; wait for that day.") % {
            "date": long_date(summonses[-1].scheduled_on)
        }
    return None


# ---------------------------------------------------------------- decision


@guard(field="sanction", needs=("sanction",))
def sanction_in_force(s: Situation) -> Sentence:
    """The sanction must exist in the law of the act's day and still be imposable now (PP 94/2021 art. 42 transition)."""
    if _answer(s, "sanction") in s.sanctions_open():
        return None
    return _("This sanction is not in force for an act of %(date)s.") % {
        "date": long_date(s.case.report.occurred_on)
    }


@guard(field="sanction", needs=("sanction",))
def sanction_fits_employment(s: Situation) -> Sentence:
    """Sanctions on rank and post do not exist for PPPK (PP 49/2018 art. 51-52)."""
    sanction = _answer(s, "sanction")
    if sanction is None or s.case.employment in sanction.open_to:
        return None
    return _("This sanction does not exist for %(employment)s.") % {"employment": s.case.employment}


@guard(field="level_reason", needs=("sanction", "level_reason"))
def level_reasoned(s: Situation) -> Sentence:
    """Departing from the recommended level needs a reason: recommendation and decree must be comparable."""
    recommended = s.case.recommended_level
    if not recommended or _answer(s, "sanction").level == recommended or _answer(s, "level_reason"):
        return None
    return _("The reviewer recommended another level; give the reason for departing from it.")


@guard(field="sanction", needs=("sanction",))
def heavier_on_repetition(s: Situation) -> Sentence:
    """PP 94/2021: a repeated violation of the same kind gets a heavier sanction than the last."""
    sanction = _answer(s, "sanction")
    for past in s.past_sanctions:
        if sanction.severity_rank <= past.severity_rank:
            return _("This is a repetition: the sanction must be heavier than “%(past)s”.") % {"past": past.name}
    return None


@guard(field="approval_number", needs=("sanction", "approval_number", "approval_on"))
def post_lock_approved(s: Situation) -> Sentence:
    """UU 10/2016 art. 71(2): in the Pilkada lock a sanction that changes the post needs the minister's approval."""
    if not _answer(s, "sanction").changes_post or s.locking_election is None:
        return None
    if _answer(s, "approval_number") and _answer(s, "approval_on"):
        return None
    return _(
        "Between %(start)s and the end of the term a sanction that changes the post needs the written approval of the "
        "Minister of Home Affairs: give its number and date."
    ) % {"start": long_date(s.locking_election.lock_from)}


@guard(field="satgas_number", needs=("sanction", "satgas_number", "satgas_on"))
def satgas_for_sanction(s: Situation) -> Sentence:
    """Some sanctions rest on a task force decision."""
    if not _answer(s, "sanction").needs_satgas or (_answer(s, "satgas_number") and _answer(s, "satgas_on")):
        return None
    return _("This sanction needs the number and date of the task force's decision.")


@guard(needs=("sanction",))
def authority_to_punish(s: Situation) -> Sentence:
    """PP 94/2021 art. 15-23: who may punish whom. The text overlaps, so this is advice."""
    rows = s.authorities(_answer(s, "sanction"))
    if not rows or any(not row.official_class for row in rows):  # without a class it is the employing authority itself
        return None
    return _("For this position and level the law names: %(names)s.") % {
        "names": ", ".join(row.official for row in rows)
    }


# ---------------------------------------------------------------- delivery and appeal


@guard(field="received_on", needs=("received_on",))
def delivered_after_decree(s: Situation) -> Sentence:
    """A decree is received after it was decided and not in the future."""
    received = _answer(s, "received_on")
    if received < s.decision.decided_on:
        return _("The decree was decided on %(date)s; it cannot have been received before.") % {
            "date": long_date(s.decision.decided_on)
        }
    if received > s.on:
        return _("The day of receipt lies in the future.")
    return None


@guard(needs=("received_on",))
def delivered_late(s: Situation) -> Sentence:
    """PP 94/2021 art. 37(3): delivery within 14 working days of the decision."""
    latest = s.due("decree_delivery", s.decision.decided_on)
    if _answer(s, "received_on") <= latest:
        return None
    return _("The decree should have been delivered by %(date)s.") % {"date": long_date(latest)}


@guard(field="filed_on", needs=("filed_on",))
def appeal_in_time(s: Situation) -> Sentence:
    """PP 79/2021: an objection or appeal is filed within 14 working days of receipt."""
    filed, latest = _answer(s, "filed_on"), s.due("objection_filing", s.decision.delivered_on)
    if filed > s.on:
        return _("The day of filing lies in the future.")
    if filed < s.decision.delivered_on:
        return _("The decree was received on %(date)s; it cannot have been contested before.") % {
            "date": long_date(s.decision.delivered_on)
        }
    if filed <= latest:
        return None
    return _("The time to contest the decree ended on %(date)s.") % {"date": long_date(latest)}


@guard(field="kind", needs=("kind",))
def appeal_kind_fits(s: Situation) -> Sentence:
    """PP 79/2021: dismissals go to BPASN by appeal, everything else to the authority by objection."""
    wanted = "appeal" if s.decision.sanction.ends_employment else "objection"
    if _answer(s, "kind") == wanted:
        return None
    if s.decision.sanction.ends_employment:
        return _("A dismissal is contested by administrative appeal to BPASN.")
    return _("This sanction is contested by an objection, not by an administrative appeal.")


@guard(field="sanction", needs=("ruling", "sanction"))
def ruling_fits_sanction(s: Situation) -> Sentence:
    """PP 79/2021: upheld keeps the sanction; lightened, aggravated, changed name another that fits the word."""
    ruling, new, old = _answer(s, "ruling"), _answer(s, "sanction"), s.decision.sanction
    if ruling == "UPHELD":
        return None if new in (None, old) else _("When the decree is upheld its sanction stays.")
    if new is None or new == old:
        return _("Name the sanction that holds after the ruling.")
    if ruling == "LIGHTENED" and new.severity_rank >= old.severity_rank:
        return _("The sanction after the ruling is not lighter.")
    if ruling == "AGGRAVATED" and new.severity_rank <= old.severity_rank:
        return _("The sanction after the ruling is not heavier.")
    return None


@guard()
def fifteenth_day_reached(s: Situation) -> Sentence:
    """PerBKN 6/2022 art. 50(1): in force on the 15th working day after receipt."""
    day = s.due("entry_into_force", s.decision.delivered_on)
    if s.on >= day:
        return None
    return _("The decree takes force on %(date)s.") % {"date": long_date(day)}
