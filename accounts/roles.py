"""Who may sit where: institution kinds, roles, and the desk that joins them.

Pure Python. Everything above (the workflow table, guards, models) imports these names; this module imports nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


def _(text: str) -> str:
    """Mark a string for translation without importing Django; it is translated where it is shown."""
    return text


class Kind(StrEnum):
    """What an institution is in a case. A body's *name* is data (an Institution row), never one of these."""

    BAWASLU = "BAWASLU"
    REVIEWER = "REVIEWER"
    BKPSDM = "BKPSDM"
    AUDITOR = "AUDITOR"
    SYSTEM = "SYSTEM"  # holds administrators only; sees no case


class Role(StrEnum):
    """What an officer does inside the institution."""

    OFFICER = "OFFICER"
    SIGNATORY = "SIGNATORY"
    AUDITOR = "AUDITOR"
    ADMIN = "ADMIN"


class Desk(NamedTuple):
    """An institution kind and a role: the unit rights are given to."""

    kind: Kind
    role: Role

    def __str__(self) -> str:
        return f"{self.kind}/{self.role}"


BAWASLU_OFFICER = Desk(Kind.BAWASLU, Role.OFFICER)
BAWASLU_SIGNATORY = Desk(Kind.BAWASLU, Role.SIGNATORY)
REVIEWER_OFFICER = Desk(Kind.REVIEWER, Role.OFFICER)
REVIEWER_SIGNATORY = Desk(Kind.REVIEWER, Role.SIGNATORY)
BKPSDM_OFFICER = Desk(Kind.BKPSDM, Role.OFFICER)
BKPSDM_SIGNATORY = Desk(Kind.BKPSDM, Role.SIGNATORY)
AUDITOR_DESK = Desk(Kind.AUDITOR, Role.AUDITOR)
ADMIN_DESK = Desk(Kind.SYSTEM, Role.ADMIN)

#: Every desk there is, with the words people read. Anything else is refused when an officer is saved.
DESK_LABELS: dict[Desk, str] = {
    BAWASLU_OFFICER: _("Bawaslu officer"),
    BAWASLU_SIGNATORY: _("Bawaslu commissioner"),
    REVIEWER_OFFICER: _("Reviewing officer"),
    REVIEWER_SIGNATORY: _("Reviewing signatory"),
    BKPSDM_OFFICER: _("Personnel agency officer"),
    BKPSDM_SIGNATORY: _("Employing authority (signatory)"),
    AUDITOR_DESK: _("Auditor"),
    ADMIN_DESK: _("Administrator"),
}

#: What each desk comes to the portal for; one sentence on the demo cards and in the help.
DESK_PURPOSE: dict[Desk, str] = {
    BAWASLU_OFFICER: _("Takes in reports, invites and hears people, drafts the assessment"),
    BAWASLU_SIGNATORY: _("Decides in plenary and forwards the recommendation"),
    REVIEWER_OFFICER: _("Checks the file, asks for more, proposes a result"),
    REVIEWER_SIGNATORY: _("Signs the recommendation to the employing authority"),
    BKPSDM_OFFICER: _("Examines, reports, delivers the decree"),
    BKPSDM_SIGNATORY: _("Decides the sanction and signs the decree"),
    AUDITOR_DESK: _("Reads every case and its history in the region"),
    ADMIN_DESK: _("Keeps accounts and reference data; sees no case"),
}
