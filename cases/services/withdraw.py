"""Withdrawing a letter, alone or with a corrected one in its place: by the signatory of the institution it came from.

The case stays where it is. A letter that a step takes out of force (a decree) is not withdrawn here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import today
from cases.formats import long_date
from cases.letters.kinds import KINDS
from cases.letters.renewal import renewed
from cases.models import Case, Event, Letter
from cases.services.delivery import check_issuer, lock_letter
from cases.services.earlier_letters import REPLACED, WITHDRAWN, void_facts, write_void
from cases.services.errors import OutOfOrder, Refused
from cases.services.letters import Reserved, render_after_commit, write_letter
from cases.services.locking import check_holding, lock
from cases.services.numbers import take_number
from cases.services.record import write_event
from cases.workflow import LETTER_ACT, steps_voiding


def withdraw_letter(*, letter: Letter, actor: Officer, reason: str) -> Event:
    """Take a letter out of force for a reason; nothing takes its place. Raises Refused."""
    with transaction.atomic():
        case, locked = _ready(letter, actor, WITHDRAWN)
        reason = _reason(reason)
        write_void(locked, actor=actor, reason=reason)
        return write_event(
            case=case, kind=Event.Kind.LETTER, name=WITHDRAWN, actor=actor, reason=reason, data=void_facts(locked)
        )


def replace_letter(*, letter: Letter, actor: Officer, reason: str, texts: Mapping[str, Any]) -> Letter:
    """Take a letter out of force and issue it anew, of today, with a number of its own and ``texts`` corrected.

    ``texts`` are parts of the frozen content that its kind lets a person correct. Raises Refused.
    """
    with transaction.atomic():
        case, locked = _ready(letter, actor, REPLACED)
        reason = _reason(reason)
        kind, on = KINDS[locked.kind], today(actor.institution.timezone)
        number_code = case.report.election.number_code
        taken = take_number(actor.institution, kind.series, on, number_code, nature=kind.nature[:1])
        reserved = Reserved(uuid.uuid4(), kind, "", None, 0, actor.institution, taken)
        context = renewed(locked, actor=actor, on=on, number=taken.text, texts=texts)
        event = write_event(
            case=case,
            kind=Event.Kind.LETTER,
            name=REPLACED,
            actor=actor,
            reason=reason,
            data={**void_facts(locked), "successor": str(reserved.id), "successor_number": taken.text},
            letters_issued=[reserved.facts],
        )
        successor = write_letter(reserved, case=case, event=event, on=on, context=context)
        write_void(locked, actor=actor, reason=reason, successor=successor)
        render_after_commit(successor)
        return successor


def _ready(letter: Letter, actor: Officer, act: str) -> tuple[Case, Letter]:
    case = lock(letter.case, actor)
    locked = lock_letter(letter, case, actor)
    check_issuer(locked, actor, LETTER_ACT[act])
    check_holding(actor)
    if locked.voided_at is not None:
        raise OutOfOrder(_("The letter was withdrawn already, on %(date)s.") % {"date": long_date(locked.voided_at)})
    if steps := steps_voiding(locked.kind):
        raise OutOfOrder(
            _("This letter is taken out of force by a step of the procedure only: “%(step)s”.")
            % {"step": _(steps[0].label)}
        )
    return case, locked


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused(_("Say why."), field="reason")
    return text.strip()
