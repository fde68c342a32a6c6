"""What a guard is: a named condition over a situation, and the registry the table's names are looked up in.

A guard sees a ``Situation``: the case, the day, the answers given (``data``; None while only a button is drawn) and a
few facts, all by attribute, so that tests build one from plain objects. A guard that needs answers is skipped while
there are none: the button is offered and the form says the rest. Numbers of law come from dated reference data through
the situation, never from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

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
        """The guard's sentence, or None when it passes or lacks the answers it looks at."""
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


def answer(s: Situation, name: str) -> Any:
    """One of the answers given, or None."""
    return (s.data or {}).get(name)
