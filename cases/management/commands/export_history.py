"""``manage.py export_history NUMBER FILE``: one case's history with its proofs, as a ZIP archive."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.models import Officer
from cases.clock import today
from cases.models import Case
from cases.services.dossier import export_history
from cases.services.errors import Refused


class Command(BaseCommand):
    help = "Export one case's history for an auditor; the export is logged under the auditor's name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="portal number of the case")
        parser.add_argument("file", type=Path, help="the archive to write; must not exist yet")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the auditor it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.exists():
            raise CommandError(f"{file} exists.")
        case = Case.objects.filter(number=options["number"]).first()
        held = Officer.objects.holding(today()).select_related("institution").filter(user__email=options["by"])
        actor = held.order_by("pk").first()
        if case is None or actor is None:
            raise CommandError("No such case, or nobody with this e-mail holds a desk.")
        try:
            with file.open("xb") as target:
                counts = export_history(case=case, actor=actor, target=target)
        except Refused as refusal:
            file.unlink(missing_ok=True)
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{file}: {counts['events']} events, {counts['files']} files, {counts['heads']} heads.")
