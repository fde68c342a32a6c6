"""Guards of the examination: who examines, how often somebody is summoned."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.formats import long_date
from cases.guards.base import Sentence, Situation, answer, guard


@guard(field="examined_by", needs=("examined_by",))
def examiner_fits_level(s: Situation) -> Sentence:
    """PP 94/2021 art. 29: a team is mandatory for *berat*. PP 42/2004 art. 17: ethics goes to an ethics council."""
    chosen = answer(s, "examined_by")
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
    people = answer(s, "examiners") or []
    kind = answer(s, "examined_by")
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
    for person in answer(s, "examiners") or []:
        order = s.rank_order(person.get("rank", ""))
        if own is not None and order is not None and order < own:
            return _("The rank of %(name)s is below that of the examined employee.") % {"name": person["name"]}
    return None


@guard(field="examiners", needs=("examiners",))
def examiners_impartial(s: Situation) -> Sentence:
    """Nobody examines who is the reported employee, the reporter or a witness."""
    barred = s.barred_names()
    for person in answer(s, "examiners") or []:
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
    if answer(s, "scheduled_on") >= earliest:
        return None
    return _("The notice is short: the usual date is %(date)s or later.") % {"date": long_date(earliest)}


@guard(needs=("scheduled_on",))
def second_summons_late(s: Situation) -> Sentence:
    """PP 94/2021 art. 26(3): the second summons goes out within the rule's days after the missed date."""
    summonses = s.summonses("EXAMINATION")
    if not summonses:
        return None
    latest = s.due("second_summons", summonses[0].scheduled_on)
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
