"""``manage.py shred_identity NUMBER --by E-MAIL --second E-MAIL --reason TEXT``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.models import Officer
from cases.clock import today
from cases.models import Case
from cases.services.errors import Refused
from cases.services.identity import shred_identity
from cases.workflow import SEALED_ACT


class Command(BaseCommand):
    help = (
        "Destroy who reported, for good: data key, salt and ciphertext. Two different persons of the supervisor that"
        " received the report stand for it. The history keeps the fact and verifies as before. Backups hold the wrapped"
        " data key until the key that wrapped it is gone: rotate_keys --new afterwards, then remove the old key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the portal's number of a case of the report")
        parser.add_argument("--by", required=True, help="office e-mail of the signatory who does it")
        parser.add_argument("--second", required=True, help="office e-mail of the second person")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.select_related("report__institution").filter(number=options["number"]).first()
        if case is None:
            raise CommandError("There is no such case.")
        try:
            events = shred_identity(
                case=case,
                actor=self._officer(case, options["by"], "shred"),
                second=self._officer(case, options["second"], "ask_identity"),
                reason=options["reason"],
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Shredded; told in {', '.join(str(event) for event in events)}.")

    def _officer(self, case: Case, email: str, act: str) -> Officer:
        held = Officer.objects.holding(today(case.report.institution.timezone)).filter(
            user__email=email, user__is_active=True, institution=case.report.institution_id
        )
        desks = SEALED_ACT[act].by
        found = [officer for officer in held.select_related("institution", "user") if officer.desk in desks]
        if not found:
            raise CommandError(f"{email} holds no desk there that may do this.")
        return found[0]
