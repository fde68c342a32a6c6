"""Whether the chosen row of SKB 2022 fits the act's date and the standing of the person favoured.

The same act is ethics before candidates are determined (list A) and discipline from that day on (list B).
``fit`` warns; it does not decide: an officer may keep the row and say why. Pure: it reads the rows it is
given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.catalogue.choices import Phase, Target


class ViolationRow(Protocol):
    """What ``fit`` reads of a ViolationType."""

    code: str
    target_status: str
    phase: str
    pair_codes: Sequence[str]
    valid_from: dt.date
    valid_to: dt.date | None


class ElectionRow(Protocol):
    """What ``fit`` reads of an Election."""

    candidates_determined_on: dt.date


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a row does not fit. ``code`` is stable; ``suggests`` names rows that may fit instead."""

    code: str
    template: str | Promise
    values: dict[str, Any]
    suggests: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The warning in the reader's language."""
        return str(self.template) % self.values

    def __str__(self) -> str:
        return self.sentence


#: code -> sentence. Dates are ISO: the page formats what it wants from ``values``.
SENTENCES: dict[str, str | Promise] = {
    "not_in_force": _("Row %(row)s was not in force on the day of the act (%(act_on)s)."),
    "too_late_for_row": _(
        "Row %(row)s is for acts before candidates were determined; the act of %(act_on)s came on or after "
        "that day (%(determined_on)s)."
    ),
    "too_early_for_row": _(
        "Row %(row)s is for acts from the determination of candidates on; the act of %(act_on)s came before "
        "it (%(determined_on)s)."
    ),
    "no_candidate_yet": _("On %(act_on)s nobody was a candidate yet: candidates were determined on %(determined_on)s."),
    "prospective_no_longer": _(
        "On %(act_on)s candidates had been determined (%(determined_on)s): nobody was a prospective candidate any more."
    ),
    "target_differs": _("Row %(row)s concerns somebody of another standing than the one you chose."),
}

#: The standings a row's own standing shuts out. A party stands behind either kind of candidate, so it shuts
#: out none.
SHUT_OUT: dict[str, frozenset[str]] = {
    Target.PROSPECTIVE: frozenset({Target.CANDIDATE}),
    Target.CANDIDATE: frozenset({Target.PROSPECTIVE}),
    Target.PARTY: frozenset({Target.PROSPECTIVE, Target.CANDIDATE, Target.SPOUSE}),
    Target.SPOUSE: frozenset({Target.PROSPECTIVE, Target.CANDIDATE, Target.PARTY}),
    Target.ANY: frozenset(),
}


def fit(violation: ViolationRow, election: ElectionRow, act_on: dt.date, target_status: str) -> list[Misfit]:
    """Warnings, the weightiest first; empty when the row fits.

    An act on the day of determination counts as after.

    Rows of any phase (B3, B5, B8, B11, B12) never warn about the date; B9 is made for acts before
    determination.
    """
    determined_on = election.candidates_determined_on
    after = act_on >= determined_on
    values = {
        "row": violation.code,
        "act_on": act_on.isoformat(),
        "determined_on": determined_on.isoformat(),
    }

    def warning(code: str, *suggests: str) -> Misfit:
        return Misfit(code, SENTENCES[code], values, suggests)

    found: list[Misfit] = []
    if act_on < violation.valid_from or (violation.valid_to is not None and act_on > violation.valid_to):
        found.append(warning("not_in_force"))
    if after and violation.phase == Phase.BEFORE:
        found.append(warning("too_late_for_row", *violation.pair_codes))
    elif not after and violation.phase == Phase.AFTER:
        found.append(warning("too_early_for_row", *violation.pair_codes))
    elif target_status in SHUT_OUT[violation.target_status]:
        found.append(warning("target_differs", *violation.pair_codes))
    if violation.phase != Phase.ANY:
        if not after and target_status == Target.CANDIDATE:
            found.append(warning("no_candidate_yet"))
        elif after and target_status == Target.PROSPECTIVE:
            found.append(warning("prospective_no_longer"))
    return found
