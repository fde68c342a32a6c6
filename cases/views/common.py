"""What the views share: who acts, on which day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from accounts.models import Officer
from cases.clock import today
from cases.services.errors import GuardsFailed, Refused


def acting(request: HttpRequest) -> Officer:
    """The officer at the acting desk. The permission map lets nobody without a desk in, so there is one."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


def local_day(officer: Officer) -> dt.date:
    """Today where the officer works."""
    return today(officer.institution.timezone)


def put_refusal(form: Any, refusal: Refused) -> None:
    """Say a service's refusal at the field it names, or at the top of the form."""
    reasons = (
        [(field, sentence) for _name, field, sentence in refusal.reasons]
        if isinstance(refusal, GuardsFailed)
        else [(refusal.field, refusal.sentence)]
    )
    for field, sentence in reasons:
        form.add_error(field if field in form.fields else None, sentence)
