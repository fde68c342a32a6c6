"""What the pages about the sealed reporter show."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import now
from cases.formats import day_and_time
from cases.models import Case, IdentityRequest
from cases.models.report import IDENTITY
from cases.services.identity import open_request


def asked(case: Case, officer: Officer) -> list[dict[str, Any]]:
    """Every request of this case, newest first but those that wait for this person; whether they may answer it."""
    zone = officer.institution.timezone
    current = open_request(case, officer)
    found = []
    for row in IdentityRequest.objects.filter(case=case).select_related("asked_by", "answered_by"):
        answer = ""
        if row.answered_by is not None:
            answer = _("released by %(name)s") if row.open_until else _("refused by %(name)s")
            answer %= {"name": row.answered_by.name}
        found.append(
            {
                "id": row.pk,
                "who": row.asked_by.name,
                "when": day_and_time(row.asked_at, zone),
                "reason": row.reason,
                "answer": answer,
                "mine_to_answer": not answer and row.asked_by.person_key != officer.person_key,
                "waiting": not answer,
                "mine_waits": not answer and row.asked_by_id == officer.pk,
                "open": current is not None and current.pk == row.pk,
            }
        )
    return sorted(found, key=lambda row: not row["mine_to_answer"])


def identity_rows(found: dict[str, str]) -> list[tuple[str, str]]:
    """Who reported as (term, value), empty ones left out."""
    return [(capfirst(str(column.verbose_name)), found[name]) for name, column in IDENTITY.items() if found[name]]


def watermark(officer: Officer, released: IdentityRequest) -> str:
    """What stands across the page: whose copy this is."""
    at = day_and_time(now(), officer.institution.timezone)
    return f"{officer.name} · {officer.institution.short_name} · {at} · {released.case.number}/{released.pk}"
