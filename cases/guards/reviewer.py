"""Guards of the reviewing body's steps."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.formats import long_date
from cases.guards.base import Sentence, Situation, answer, guard


@guard(field="level", needs=("finding", "level"))
def level_fits_finding(s: Situation) -> Sentence:
    """Ethics violations carry moral sanctions (PP 42/2004 art. 15), discipline violations PP 94/2021 levels."""
    finding, level = answer(s, "finding"), answer(s, "level") or ""
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
    if answer(s, "employer") in employers:
        return None
    names = ", ".join(employer.name for employer in employers)
    return _("The employing authority of this employee is: %(names)s.") % {"names": names}


@guard(field="satgas_number", needs=("satgas_number", "satgas_on"))
def satgas_decided(s: Situation) -> Sentence:
    """SKB row B13 has no level of its own: the task force (Satgas) decides."""
    if s.violation is None or not s.violation.needs_satgas:
        return None
    if answer(s, "satgas_number") and answer(s, "satgas_on"):
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
