"""``manage.py verify_letter FILE``: whether a PDF is a letter exactly as sealed here. Needs no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.letters.signers import SealsFile
from cases.letters.verification import Verdict, verify_pdf
from cases.selectors.letter_check import problem_sentence
from cases.services.seals import seals_file


class Command(BaseCommand):
    help = "Check a letter's seal, bytes and later revisions without network or database. Exit code 0: genuine; 1: not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--seals", type=Path, help="certificates to trust (PEM); default: LETTER_SEALS_FILE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        seals = SealsFile(options["seals"]) if options["seals"] else seals_file()
        try:
            data, trusted = options["file"].read_bytes(), seals.certificates()
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        verdict = verify_pdf(data, trusted)
        if options["json"]:
            self.stdout.write(json.dumps({"accepted": verdict.accepted, **asdict(verdict)}, ensure_ascii=False))
        else:
            for line in _lines(verdict):
                self.stdout.write(line)
        if not verdict.accepted:
            sys.exit(1)


def _lines(verdict: Verdict) -> list[str]:
    lines = [f"SHA-256 {verdict.sha256}"]
    if verdict.sealed_by:
        lines.append(_("Sealed by %(name)s, %(at)s") % {"name": verdict.sealed_by, "at": verdict.sealed_at})
    if not verdict.accepted:
        return [_("NOT ACCEPTED: %(why)s") % {"why": problem_sentence(verdict.problem)}, verdict.detail, *lines]
    content = verdict.content["content"]
    seal = content["seal"]
    told = [f"{content['title']}, {content['number']}, {content['date']}, {content['issuer']}"]
    if seal["head"]:
        told.append(_("History when it was issued: %(size)s entries, %(root)s") % seal["head"])
    told.append(_("Whether it still holds is said only by %(url)s") % {"url": seal["url"]})
    return [_("GENUINE: every byte is as it was sealed; nothing was added."), *told, *lines]
