"""The sealed reporter: who it is and what they said, each field sealed for its own place.

Nothing outside this module reads or writes the columns of ``Reporter``: what stands in them is ciphertext. Opening one
for a *person* is the identity service's business; here the portal itself opens it (a guard that must compare names,
the check of the history).
"""

from __future__ import annotations

from collections.abc import Mapping

from cases.models import Report, Reporter
from cases.models.report import IDENTITY
from cases.sealed.box import Box
from cases.sealed.store import box_of, destroy, new_box

TABLE = "cases_reporter"


def seal_reporter(report: Report, identity: Mapping[str, str]) -> Reporter:
    """Seal who reported. Inside the transaction of intake."""
    box = new_box(TABLE, report.pk)
    values = {name: identity.get(name) or IDENTITY[name].get_default() for name in IDENTITY}
    return Reporter.objects.create(
        report=report,
        statement=box.seal("statement", ""),
        **{name: box.seal(name, str(value)) for name, value in values.items()},
    )


def open_identity(reporter: Reporter, box: Box | None = None) -> dict[str, str]:
    """Who reported, by field. Raises Unopened, Shredded, NoKey."""
    box = box or box_of(TABLE, reporter.report_id)
    return {name: box.open(name, getattr(reporter, name)) for name in IDENTITY}


def open_statement(reporter: Reporter, box: Box | None = None) -> str:
    """What the reporter said when heard; empty when not heard. Raises as ``open_identity``."""
    box = box or box_of(TABLE, reporter.report_id)
    return box.open("statement", reporter.statement)


def seal_statement(report_id: int, statement: str) -> None:
    """Keep what the reporter said, in place of what was kept before."""
    sealed = box_of(TABLE, report_id).seal("statement", statement)
    Reporter.objects.filter(report_id=report_id).update(statement=sealed)


def shred(reporter: Reporter) -> None:
    """Destroy data key, salt and ciphertext. The events are the caller's."""
    destroy(TABLE, reporter.report_id)
    Reporter.objects.filter(pk=reporter.pk).update(salt="", statement="", **dict.fromkeys(IDENTITY, ""))
