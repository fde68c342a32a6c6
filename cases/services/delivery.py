"""Putting on record who received which copy of a letter, when and how."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.clock import today
from cases.formats import long_date
from cases.letters.copies import recipients
from cases.models import Case, Delivery, Letter
from cases.services.earlier_letters import DELIVERED, write_delivery
from cases.services.errors import NotVisible, OutOfOrder, Refused, WrongDesk
from cases.services.locking import check_holding, lock
from cases.workflow import LETTER_ACT, LetterAct

ACT = LETTER_ACT[DELIVERED]


def check_issuer(letter: Letter, actor: Officer, act: LetterAct) -> None:
    """The act belongs to the actor's desk, and the letter to the actor's institution. Raises WrongDesk."""
    if actor.desk not in act.by or letter.institution_id != actor.institution_id:
        raise WrongDesk(_("Only the institution that issued a letter does this, at the desk it belongs to."))


def lock_letter(letter: Letter, case: Case, actor: Officer) -> Letter:
    """The letter's row under its case's lock. Raises NotVisible for a letter this person may not read."""
    rows = Letter.objects.visible_to(actor).filter(pk=letter.pk, case=case)
    if not rows.exists():
        raise NotVisible(_("There is no such letter."))
    return Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)


def record_delivery(
    *, letter: Letter, actor: Officer, place: int, manner: str, delivered_on: dt.date, received_by: str
) -> Delivery:
    """One copy reached its recipient. Only the issuing institution, once a copy. Raises Refused."""
    with transaction.atomic():
        case = lock(letter.case, actor)
        locked = lock_letter(letter, case, actor)
        check_issuer(locked, actor, ACT)
        check_holding(actor)
        recipient = next((one for one in recipients(locked.context) if one.place == place), None)
        if recipient is None:
            raise Refused(_("The letter names no such recipient."), field="place")
        if locked.status != Letter.Status.READY:
            raise OutOfOrder(_("The letter is not made yet; there is nothing to hand over."))
        if locked.voided_at is not None:
            raise OutOfOrder(_("The letter has been withdrawn."))
        earlier = Delivery.objects.filter(letter=locked, place=place).first()
        if earlier is not None:
            raise OutOfOrder(
                _("This copy is on record already: received by %(name)s on %(date)s.")
                % {"name": earlier.received_by, "date": long_date(earlier.delivered_on)}
            )
        on = today(actor.institution.timezone)
        if not locked.dated_on <= delivered_on <= on:
            raise Refused(
                _("The day of delivery lies between the letter's date, %(date)s, and today.")
                % {"date": long_date(locked.dated_on)},
                field="delivered_on",
            )
        if not received_by.strip():
            raise Refused(_("Say who received it."), field="received_by")
        facts = {"manner": manner, "delivered_on": delivered_on, "received_by": received_by.strip()}
        return write_delivery(locked, case, actor, recipient, facts)
