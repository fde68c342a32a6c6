"""Where a case stands: the five stages with dates and holders, and the loops back between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import Institution, Officer
from accounts.roles import DESK_LABELS, Kind
from cases.formats import short_date, short_span
from cases.models import Case
from cases.querysets import CARRIER_FIELD
from cases.workflow import STAGES, STATE, STATES, holders

if TYPE_CHECKING:
    from cases.selectors.rows import CaseRow, House


@dataclass(frozen=True, slots=True)
class Passage:
    """One step as the stepper and four-eyes need it: no content, so it is the same for every reader of the case."""

    step: str
    from_state: str
    to_state: str
    on: dt.date
    person: str


@cache
def stage_kind(stage: int) -> Kind:
    """The kind of institution whose stage this is: who holds its first state that waits for anybody."""
    return next(desk.kind for state in STATES if state.stage == stage for desk in holders(state.name))


def carrier(case: Case | CaseRow, kind: Kind) -> Institution | House | None:
    """The institution of ``kind`` that carries the case; None as long as nobody does (or the kind carries none)."""
    field = CARRIER_FIELD.get(kind)
    return getattr(case, field) if field else None


def stage_label(stage: int, case: Case | CaseRow | None = None) -> str:
    """The stage in words; the reviewing body by its own name once the case has one."""
    reviewer = case.reviewer.short_name if case is not None and case.reviewer else _("the reviewing body")
    return _(STAGES[stage]).format(reviewer=reviewer)


def waits_for(case: Case | CaseRow, reader: Officer) -> str:
    """Who holds the case now: another institution by its name, the reader's own by the desk; empty when closed."""
    names = []
    for desk in holders(case.state):
        institution = carrier(case, desk.kind)
        if institution is not None:
            own = institution.pk == reader.institution_id
            names.append(_(DESK_LABELS[desk]) if own else institution.short_name)
    return ", ".join(dict.fromkeys(names))


def stages(case: Case, passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """The five stages for ``components/stepper.html``: label, dates, holder, state (done, current, todo)."""
    here = case.place.stage
    drawn = []
    for stage in STAGES:
        days = [p.on for p in passages if _enters(p, stage)], [p.on for p in passages if _leaves(p, stage)]
        holder = carrier(case, stage_kind(stage))
        state = "current" if stage == here else "done" if stage < here else "todo"
        if stage == here and case.place.final:
            state = "done"
        drawn.append(
            {
                "label": stage_label(stage, case),
                "dates": _dates(*days, state=state, closed=case.place.final),
                "holder": holder.short_name if holder else "",
                "state": state,
            }
        )
    return drawn


def _enters(passage: Passage, stage: int) -> bool:
    before = STATE[passage.from_state].stage if passage.from_state else 0
    return STATE[passage.to_state].stage == stage != before


def _leaves(passage: Passage, stage: int) -> bool:
    return bool(passage.from_state) and STATE[passage.from_state].stage == stage != STATE[passage.to_state].stage


def _dates(entered: list[dt.date], left: list[dt.date], *, state: str, closed: bool) -> str:
    if not entered:
        return ""
    if state == "current":
        return _("since %(date)s") % {"date": short_date(entered[-1])}
    if closed and not left:
        return short_date(entered[0])
    end = left[-1] if left else entered[-1]
    return short_date(end) if end == entered[0] else short_span(entered[0], end)


def loops(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """Times a later stage waited for an earlier one, as arcs: from, to, label with dates."""
    arcs = []
    for index, passage in enumerate(passages):
        state = STATE[passage.to_state]
        waiting_for = {desk.kind for desk in holders(state.name)}
        if not waiting_for or stage_kind(state.stage) in waiting_for:
            continue
        back_at = max((s for s in STAGES if s < state.stage and stage_kind(s) in waiting_for), default=0)
        if not back_at:
            continue
        until = next((p.on for p in passages[index + 1 :] if p.from_state == state.name), None)
        days = short_span(passage.on, until) if until else f"{short_date(passage.on)} – {_('now')}"
        arcs.append({"from": back_at, "to": state.stage, "label": f"{_(state.label)}: {days}"})
    return arcs[-1:]
