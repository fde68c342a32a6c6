"""What this room lends to the accounts: how much waits on a desk, and what a desk does in the administration pages."""

from __future__ import annotations

from accounts.models import Officer
from accounts.rights import grant, permissions_on
from accounts.roles import ADMIN_DESK, AUDITOR_DESK
from cases import workflow

#: Reference data an office keeps up to date. Rows are closed by date or withdrawn, never deleted.
REFERENCE = (
    "election", "violationtype", "sanctiontype", "deadlinerule", "holiday", "positionclass", "punishauthority", "rank",
    "formcode", "legalinstrument", "stepbasis",
)  # fmt: skip
#: What is sent, kept without names.
OUTBOX = ("mail",)
#: Records shown read-only in the administration pages; which rows, ``visible_to`` decides.
RECORDS = ("case", "event", "letter", "evidence")


def tasks(officer: Officer) -> int | None:
    """Cases that wait for this desk now; None for a desk that takes no part."""
    from cases.models import Case

    return Case.objects.on_desk_of(officer).count() if officer.desk in workflow.desks() else None


def grant_desks() -> None:
    """Grant every desk its permissions in the administration pages."""
    grant(ADMIN_DESK, permissions_on("cases", REFERENCE, ("view", "add", "change")))
    grant(ADMIN_DESK, permissions_on("cases", OUTBOX, ("view",)))
    grant(AUDITOR_DESK, permissions_on("cases", RECORDS, ("view",)))
    for desk in workflow.IMPORT_EMPLOYEES_BY:
        grant(desk, permissions_on("cases", ("employee",), ("view", "add", "change")))
