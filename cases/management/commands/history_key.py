"""``manage.py history_key FILE``: a key to sign heads with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from cases.audit.keys import generate, key_id, public_file, raw_public


class Command(BaseCommand):
    help = "Make an Ed25519 key for signing heads of the history. Name the file in HISTORY_KEY_FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to write the private key; must not exist yet")
        parser.add_argument("--remark", default="", help="kept beside the public key, e.g. whose it is and since when")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.exists():
            raise CommandError(f"{file} exists; a key is never overwritten.")
        key = generate(file, options["remark"])
        self.stdout.write(f"Key {key_id(raw_public(key))} written to {file}; give auditors {public_file(file)}.")
