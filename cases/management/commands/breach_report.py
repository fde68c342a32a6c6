"""``manage.py breach_report``: which data of which persons an account, a request or a period has seen."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware

from cases.audit.seen import DATA, seen, sessions


class Command(BaseCommand):
    help = "What was seen, for the notice UU 27/2022 art. 46 asks for within 3 x 24 hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", metavar="EMAIL", default="", help="what this account has seen")
        parser.add_argument("--request", metavar="ID", default="", help="what one request or job has seen")
        parser.add_argument("--session", metavar="NAME", default="", help="what one browser session has seen")
        parser.add_argument("--since", metavar="TIME", help="from this day or moment on")
        parser.add_argument("--until", metavar="TIME", help="before this day or moment")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [options[name] for name in ("account", "request", "session", "since", "until")]
        if not any(asked):
            raise CommandError(
                "Say which account, request, session or period: --account, --request, --session, --since, --until."
            )
        cases, exports = seen(
            email=options["account"],
            request_id=options["request"],
            session=options["session"],
            since=self.moment(options["since"]),
            until=self.moment(options["until"]),
        )
        used = sessions(options["account"]) if options["account"] else []
        if options["json"]:
            told = {
                "cases": [one.as_json() for one in cases],
                "exports": [
                    {"at": event.at.isoformat(), "what": event.name, "who": event.actor_name, **event.data}
                    for event in exports
                ],
                "sessions": [
                    {**asdict(one), "first": one.first.isoformat(), "last": one.last.isoformat()} for one in used
                ],
                "data": DATA,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{len(cases)} cases, {len(exports)} exports.")
        for one in cases:
            items = ", ".join(f"{name} × {count}" for name, count in sorted(one.items.items()))
            self.stdout.write(f"{one.case_number}  {one.person} ({one.nip or '-'})  {one.first:%Y-%m-%d %H:%M} UTC –")
            self.stdout.write(f"    {one.last:%Y-%m-%d %H:%M} UTC: {items}; by {'; '.join(sorted(one.readers))}")
        for event in exports:
            self.stdout.write(f"export {event.name}, {event.at:%Y-%m-%d %H:%M} UTC, {event.actor_name}: {event.data}")
        for session in used:
            self.stdout.write(
                f"session {session.name}: {session.count} readings, {session.first:%Y-%m-%d %H:%M} –"
                f" {session.last:%Y-%m-%d %H:%M} UTC"
            )
        for name, meaning in DATA.items():
            self.stdout.write(f"{name}: {meaning}")

    def moment(self, text: str | None) -> dt.datetime | None:
        if not text:
            return None
        try:
            found = parse_datetime(text) or parse_date(text)
        except ValueError as error:
            raise CommandError(f"{text}: {error}") from error
        if found is None:
            raise CommandError(f"{text} is no day or moment; write 2024-11-29 or 2024-11-29T10:00.")
        if not isinstance(found, dt.datetime):
            found = dt.datetime.combine(found, dt.time())
        return make_aware(found, get_current_timezone()) if is_naive(found) else found
