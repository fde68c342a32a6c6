"""Every time a page shows carries the letters of the reader's zone, and no date stands as machines write it.

All institutions are moved to Jayapura (WIT, two hours before Jakarta); then every page of the list is read as text.
"""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from accounts.models import Institution
from accounts.moments import short_moment
from cases.models import Case, Event
from tests.play import play
from tests.screens.browser import Person
from tests.screens.conftest import REPORT, STEPS
from tests.screens.pages import ROWS
from tests.screens.scene import DAY, set_up

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TIME = re.compile(r"(?<![\w./-])(?:[01]\d|2[0-3])[.:][0-5]\d(?!\d|[./]\d)(?! (?:WIB|WITA|WIT)\b)")
ISO = re.compile(r"\b20\d\d-\d\d-\d\d")
#: Django's own pages; the parts with invented data. (The closed case is full of times its people typed.)
UNREAD = ("admin:*", "components")
#: What is not read: scripts, and values a person types (a date field wants the machine's form).
SILENT = {"script", "style", "template"}


class Words(HTMLParser):
    """The text of a page, without what nobody reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth, self.found = 0, list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.found.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.found).split())


def mistakes(text: str, zone: str = "WIT") -> list[str]:
    """Times without letters or with those of another zone, and dates as machines write them."""
    found = [text[max(0, m.start() - 30) : m.end() + 10] for rule in (TIME, ISO) for m in rule.finditer(text)]
    others = {"WIB", "WITA", "WIT"} - {zone}
    return found + [f"{name} on a page of {zone}" for name in sorted(others & set(re.findall(r"\w+", text)))]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Senin, 4 November 2024, 14.20 WIT", 0), ("nomor 012/PP.01.02/K.JI-99/11/2024", 0),
        ("4 Nov 2024 14.20", 1), ("at 14:20.", 1), ("2024-11-04", 1), ("14.20 WIB", 1),
    ],
)  # fmt: skip
def test_the_reader_of_texts_sees_what_is_wrong(text: str, wrong: int) -> None:
    assert len(mistakes(text)) == wrong, mistakes(text)


def test_every_page_speaks_of_the_readers_own_clock(settings: Any, client: Client) -> None:
    settings.DEMO, settings.DEMO_DATE = True, dt.date.fromisoformat(DAY)
    scene = set_up()
    Institution.objects.update(timezone="Asia/Jayapura")
    told, times = [], 0
    for row in ROWS:
        if not row.who or row.view in UNREAD or "{closed}" in row.address:
            continue
        browser = Client(headers={"accept-language": "id"})
        browser.force_login(scene.user(row.who))
        text = Words(browser.get(row.address.format(**scene.places)).content.decode()).text
        times += text.count(" WIT")
        told += [f"{row.who} {row.address}: …{line}…" for line in mistakes(text)]
    assert told == [], "\n".join(told)
    assert times > 30, "the pages show times at all"


def test_one_moment_two_clocks(world: Any) -> None:
    """The same event: 09.00 at the reviewer's in Jakarta time, 11.00 for the supervisor moved to Papua."""
    case: Case = play({"report": REPORT, "steps": STEPS}).case
    Institution.objects.filter(code="bawaslu-kota-blitar").update(timezone="Asia/Jayapura")
    event = Event.objects.get(case=case, name="accept")
    here = event.at.astimezone(ZoneInfo(django_settings.TIME_ZONE))
    for who, words in (("rina", f"{here:%H.%M} WIB"), ("yuni", f"{here + dt.timedelta(hours=2):%H.%M} WIT")):
        page = Person(world.officer(who), language="id").get(f"/cases/{case.number}/")
        assert words in page.text, page.text


def test_times_written_down_by_another_institution_keep_its_zone(world: Any) -> None:
    """An invitation for 09.30 in Papua is read as 09.30 WIT in Sidoarjo: it is a time of day there, not a moment."""
    Institution.objects.filter(code="bawaslu-kota-blitar").update(timezone="Asia/Jayapura")
    invited = {
        "on": "2024-11-05 09:00", "by": "yuni", "step": "invite",
        "data": {
            "people": [{"role": "REPORTED"}], "scheduled_on": "2024-11-07",
            "scheduled_at": "09:30", "place": "Ruang klarifikasi",
        },
    }  # fmt: skip
    case: Case = play({"report": REPORT, "steps": [STEPS[0], invited]}).case
    text = Person(world.officer("sekar"), language="id").get(f"/cases/{case.number}/").text
    assert "09.30 WIT" in text


def test_mails_about_an_account_say_the_zone(world: Any) -> None:
    moment = dt.datetime(2024, 11, 4, 2, 0, tzinfo=dt.UTC)
    assert short_moment(moment, "Asia/Jayapura") == "4 Nov 2024, 11.00 WIT"
    assert short_moment(moment, "Asia/Makassar") == "4 Nov 2024, 10.00 WITA"
    assert short_moment(moment).endswith("WIB")
    assert mail.outbox == []
