"""THE FIELD WALLS: who reads which field of a case in which representation. Pure Python, read by what shows them.

A case that may be seen at all (``workflow.State.open_to``) is still not open in every part: this table says which kind
of institution finds which field on pages, in lists taken out, in the administration pages, by searching, by sorting,
as a counted filter and in mails. What steps say is walled by ``Step.shown_to``, evidence by ``EVIDENCE_OPEN_TO``,
letters by their addressees. A field without a row is shown nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from accounts.roles import Kind

KEEPER = (Kind.BAWASLU,)
READERS = (Kind.BAWASLU, Kind.REVIEWER, Kind.BKPSDM, Kind.AUDITOR)
AUDIT = (Kind.AUDITOR,)


class Where(StrEnum):
    """A representation of a case."""

    PAGE = "page"
    EXPORT = "export"
    ADMIN = "admin"
    SEARCH = "search"
    SORT = "sort"
    FACET = "facet"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """One field, and the kinds of institution that find it in each representation."""

    page: tuple[Kind, ...] = ()
    export: tuple[Kind, ...] = ()
    admin: tuple[Kind, ...] = ()
    search: tuple[Kind, ...] = ()
    sort: tuple[Kind, ...] = ()
    facet: tuple[Kind, ...] = ()
    mail: tuple[Kind, ...] = ()


_FOUND = Wall(page=READERS, export=READERS, admin=AUDIT, search=READERS)
_TOLD = Wall(page=READERS, export=READERS, admin=AUDIT)
_COUNTED = replace(_TOLD, facet=READERS)
_READ = Wall(page=READERS)

#: A mail leaves the portal: it tells of a case by its number, its step, the institution and the day it is due, and of a
#: letter that lost its force by the letter's number. Logs name a case by its number alone; they have no column here
#: because nothing may read another field there.
WALLS: dict[str, Wall] = {
    "number": replace(_FOUND, mail=READERS),
    "registration_number": _FOUND,
    "report_number": _FOUND,
    "subject_name": replace(_FOUND, sort=READERS),
    "subject_nip": _FOUND,
    "letter_number": Wall(page=READERS, search=READERS, mail=READERS),
    "stage": _COUNTED,
    "status": _TOLD,
    "state": replace(_COUNTED, mail=READERS),
    "employment": _TOLD,
    "position": _TOLD,
    "unit": _TOLD,
    "election": _COUNTED,
    "occurred_on": _TOLD,
    "opened_on": replace(_COUNTED, sort=READERS),
    "violation": _COUNTED,
    "bawaslu": replace(_COUNTED, mail=READERS),
    "reviewer": replace(_COUNTED, mail=READERS),
    "employer": replace(_COUNTED, mail=READERS),
    "finding": _TOLD,
    "recommended_level": _TOLD,
    "sanction": _TOLD,
    "outcome": Wall(page=READERS, facet=READERS),
    "due_on": replace(_COUNTED, sort=READERS, mail=READERS),
    "moved_on": Wall(page=READERS, sort=READERS),
    # Who handles it is told inside each institution only (``selectors.case_facets.with_handler``).
    "handler": Wall(page=READERS, facet=READERS),
    "incident": _READ,
    "place": _READ,
    "chronology": _READ,
    "link": _READ,
    # Witnesses are the receiving supervisor's; the others meet them in the minutes they are given.
    "witnesses": Wall(page=KEEPER),
    # Who reported is on no page of a case: only on the one a second person opened (``services.identity``).
    "reporter": Wall(),
}


def shown(field: str, kind: Kind, where: Where) -> bool:
    """Whether an institution of ``kind`` finds ``field`` there. A field nobody wrote a row for is found nowhere."""
    return field in WALLS and kind in getattr(WALLS[field], where.value)


def fields_shown(kind: Kind, where: Where) -> tuple[str, ...]:
    """Every field an institution of ``kind`` finds there."""
    return tuple(field for field in WALLS if shown(field, kind, where))
