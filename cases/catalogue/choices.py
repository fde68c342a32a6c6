"""The closed word lists of the reference data. Values are stored; labels are translated."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Confidence(TextChoices):
    """How sure the portal is of a row.

    Anything but SOURCED must be checked by the office before it is relied on.
    """

    SOURCED = "sourced", _("From a published text")
    MEMORY = "memory", _("From memory, to be checked")
    DOUBTFUL = "doubtful", _("Doubtful, to be verified")


class Regime(TextChoices):
    """Which election law counts the days: general election (UU 7/2017) or regional election (UU 10/2016)."""

    ALL = "ALL", _("Every election")
    PEMILU = "PEMILU", _("General election (Pemilu)")
    PILKADA = "PILKADA", _("Regional election (Pilkada)")


class Level(TextChoices):
    """Weight of a sanction, lightest first."""

    MORAL = "MORAL", _("Moral sanction")
    MINOR = "MINOR", _("Minor (ringan)")
    MODERATE = "MODERATE", _("Moderate (sedang)")
    SEVERE = "SEVERE", _("Severe (berat)")
    DISMISSAL = "DISMISSAL", _("Dismissal (PTDH)")


class Employment(TextChoices):
    """Kind of employment; decides which sanctions exist for a person."""

    PNS = "PNS", _("PNS (permanent)")
    CPNS = "CPNS", _("CPNS (on probation)")
    PPPK = "PPPK", _("PPPK (contract)")


class ViolationList(TextChoices):
    """The two lists of SKB 2022, annex II: A is a matter of ethics, B of discipline."""

    A = "A", _("List A: code of ethics")
    B = "B", _("List B: discipline")


class Target(TextChoices):
    """Standing, on the day of the act, of the person or party favoured.

    ANY is said by rows only, never by a case.
    """

    PROSPECTIVE = "PROSPECTIVE", _("Prospective candidate (bakal calon)")
    CANDIDATE = "CANDIDATE", _("Candidate (calon)")
    PARTY = "PARTY", _("Political party")
    SPOUSE = "SPOUSE", _("Spouse who is a candidate")
    ANY = "ANY", _("Any of these")


class Phase(TextChoices):
    """When an act must have happened for a row to fit it, seen from the determination of candidates."""

    BEFORE = "BEFORE", _("Before candidates are determined")
    AFTER = "AFTER", _("From the determination of candidates on")
    ANY = "ANY", _("At any time")


class Unit(TextChoices):
    """What a deadline counts."""

    WORKING = "WORKING", _("Working days")
    CALENDAR = "CALENDAR", _("Calendar days")
    HOUR = "HOUR", _("Hours")


class Counting(TextChoices):
    """What the counted day means. The start day is day 0 in all three; the arithmetic is the same.

    DAYS_AFTER: the last day to act. NTH_DAY: the day something takes effect by itself. NOTICE: the least
    distance between a letter and the date it names.
    """

    DAYS_AFTER = "days_after", _("Last day to act")
    NTH_DAY = "nth_day", _("Day it takes effect")
    NOTICE = "notice", _("Minimum notice")


class HolidayKind(TextChoices):
    """Who gave the day off."""

    PUBLIC = "PUBLIC", _("National holiday")
    JOINT = "JOINT", _("Joint leave (cuti bersama)")
    LOCAL = "LOCAL", _("Local holiday")


#: Every deadline rule the shipped data must hold. The workflow table and the services name no other.
RULE_CODES: frozenset[str] = frozenset(
    {
        "appeal_filing",
        "appeal_response",
        "appeal_ruling",
        "breach_notice",
        "clarification_notice",
        "completion",
        "decree_delivery",
        "decree_send_if_absent",
        "employer_follow_up",
        "entry_into_force",
        "handling",
        "initial_review",
        "objection_filing",
        "objection_ruling",
        "reporting_limit",
        "reviewer_review",
        "second_summons",
        "summons_notice",
    }
)
