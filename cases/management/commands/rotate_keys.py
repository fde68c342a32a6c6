"""``manage.py rotate_keys``: wrap every data key with the newest key of REPORTER_KEY_FILE."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from cases.sealed.box import Unopened
from cases.sealed.keys import NoKey, add_key, ring
from cases.sealed.store import rotate


class Command(BaseCommand):
    help = (
        "Wrap every data key of sealed content with the newest key of REPORTER_KEY_FILE. The portal keeps running; stop"
        " it and start it again at will. With --new a fresh key is added to the file first (or the file is made)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="add a fresh key first; it is the one in use at once")
        parser.add_argument("--remark", default="", help="kept beside the new key, e.g. who made it and when")
        parser.add_argument("--batch", type=int, default=200, help="data keys a transaction (default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            if not settings.REPORTER_KEY_FILE:
                raise CommandError("REPORTER_KEY_FILE names no file.")
            made = add_key(Path(settings.REPORTER_KEY_FILE), options["remark"])
            self.stdout.write(f"New key {made} in {settings.REPORTER_KEY_FILE}.")
        try:
            done, left = rotate(options["batch"])
            keys = ring()
        except (NoKey, Unopened) as error:
            raise CommandError(str(error)) from error
        old = [key_id for key_id in keys.keys if key_id != keys.current]
        self.stdout.write(f"{done} data keys wrapped with {keys.current}, {left} left.")
        if old and not left:
            self.stdout.write(
                f"No longer needed for this database: {', '.join(old)}. Remove their lines when no backup from before"
                " is to be opened again; what was shredded then is gone from those backups too."
            )
