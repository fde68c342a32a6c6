"""Small readings of a case's history that forms, letters and pages share. Nothing here writes."""

from __future__ import annotations

from typing import Any

from cases.models import Case, Event


def last_step(case: Case, step: str) -> Event | None:
    """The latest event of ``step``, or None."""
    return case.events.filter(kind=Event.Kind.STEP, name=step).order_by("-seq").first()


def last_answers(case: Case, step: str) -> dict[str, Any]:
    """The answers given when ``step`` was last taken; empty when it never was."""
    event = last_step(case, step)
    return event.data if event is not None else {}
