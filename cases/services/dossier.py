"""Taking a case's history out of the portal: checked, logged, marked with who took it."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import AUDITOR_DESK
from cases.audit.bundle import write_bundle
from cases.audit.heads import read_heads
from cases.formats import day_and_time
from cases.models import Case
from cases.services.access import exported
from cases.services.checkpoint import checkpoint, outside, public_keys
from cases.services.errors import NotVisible, WrongDesk


def export_history(*, case: Case, actor: Officer, target: IO[bytes]) -> dict[str, int]:
    """Write the bundle of ``case`` to ``target``; how many events, heads and files it holds.

    For auditors, of cases they see. The export stands in the history before the first byte is written. Raises Refused.
    """
    if actor.desk != AUDITOR_DESK:
        raise WrongDesk(_("Only auditors take a case's history out."))
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise NotVisible(_("There is no such case."))
    with transaction.atomic():
        event = exported(what="history", actor=actor, count=case.last_seq, case=case)
    checkpoint()
    taken = _("Taken by %(name)s (%(institution)s), %(at)s, entry %(entry)s") % {
        "name": actor.name,
        "institution": actor.institution.name,
        "at": day_and_time(event.at, actor.institution.timezone),
        "entry": f"{event.stream}/{event.seq}",
    }
    heads = list(read_heads(outside().heads_file))
    return write_bundle(target, case=case, reader=actor, heads=heads, keys=public_keys(), taken=taken)
