"""What the pages cost: weight, queries and server time, beside Django's own admin changelist over the same rows.

``vs_admin_changelist`` is the smaller of two ratios of requests a second with 5,000 cases: *My tasks* (one group, page
by page) and the case page, each against a plain changelist of the same cases with the same number of rows a page. All
three go through the same middleware, signed in, in one process; turns alternate, so that a busy machine disturbs them
alike. The queue is asked for with the rows it shows people, the changelist with seven columns and one filter.
"""

from __future__ import annotations

import datetime as dt
import gzip
import logging
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path

from accounts.models import Officer, User
from cases.catalogue.loader import load_all
from cases.clock import travel
from cases.models import Case, Deadline, DeadlineRule, Election, Event, Report
from cases.scenario.player import perform
from cases.scenario.schema import read_file
from cases.selectors.tasks import PAGE_ROWS
from cases.services.record import write_event
from portal import permissions
from portal import urls as portal_urls

SCENARIO = "scenarios/02-suka-sesudah-penetapan.yaml"
MOMENT = dt.datetime(2024, 11, 29, 3, 0, tzinfo=dt.UTC)
FEW, MANY = 10, 5000
GOAL = 3.0
ROUNDS = 40

Say = Callable[[str], None]


class Peer(admin.ModelAdmin):
    """A changelist as one writes it for cases: the same rows, the same page size."""

    list_display = ("number", "registration_number", "subject_name", "subject_nip", "state", "bawaslu", "due_on")
    list_filter = ("state",)
    list_select_related = ("bawaslu",)
    search_fields = ("number", "subject_name", "subject_nip")
    list_per_page = PAGE_ROWS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """What the queue's group holds."""
        return Case.objects.on_desk_of(request.officer)  # type: ignore[attr-defined]


peer_site = admin.AdminSite(name="peer")
peer_site.register(Case, Peer)
urlpatterns = [path("peer/", peer_site.urls), *portal_urls.urlpatterns]


@dataclass
class Measured:
    """One address with what it cost."""

    name: str
    address: str
    size: int = 0
    packed: int = 0
    queries: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The quicker quarter's median: what the page costs when nothing else runs."""
        ordered = sorted(self.times)
        return statistics.median(ordered[: max(1, len(ordered) // 4)])


def run(*, say: Say, scale: float, part: str) -> dict[str, Any]:
    """Measure; the dictionary printed as the last line."""
    load_all()
    performance = perform(read_file(settings.BASE_DIR / SCENARIO))[0]
    officer = Officer.objects.select_related("institution", "user").get(pk=performance.officers["rina"].pk)
    User.objects.filter(pk=officer.user_id).update(is_staff=True, is_superuser=True)
    told = performance.case
    ratios: dict[str, float] = {}
    made = 0
    for count in (FEW, max(FEW * 2, int(MANY * scale))):
        _fill(officer, told, made, count)
        made = count
        found = _measure(officer, max(6, int(ROUNDS * min(1.0, scale * 2))))
        say(f"{count} cases")
        for one in found:
            say(
                f"  {one.name:<22} {one.size / 1000:7.1f} kB, compressed {one.packed / 1000:5.1f} kB, "
                f"{one.queries:2} queries, {one.seconds * 1000:6.1f} ms, {1 / one.seconds:6.1f} requests/s"
            )
        queue, case, peer = found
        ratios = {
            "tasks_vs_admin_changelist": peer.seconds / queue.seconds,
            "case_vs_admin_changelist": peer.seconds / case.seconds,
        }
    ratios["vs_admin_changelist"] = min(ratios.values())
    met = ratios["vs_admin_changelist"] >= GOAL
    return {
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
        "goals": {"vs_admin_changelist": {"goal": f">= {GOAL:g}", "met": met}},
    }


@contextmanager
def _doors() -> Iterator[None]:
    """The peer's address exists for the time of the measurement."""
    permissions.PERMISSIONS["peer:*"] = permissions.STAFF
    try:
        with override_settings(ROOT_URLCONF="portal.bench.pages", ALLOWED_HOSTS=["*"], DEBUG=False):
            clear_url_caches()
            yield
    finally:
        del permissions.PERMISSIONS["peer:*"]
        clear_url_caches()


def _measure(officer: Officer, rounds: int) -> tuple[Measured, Measured, Measured]:
    number = Case.objects.on_desk_of(officer).order_by("due_on", "pk").values_list("number", flat=True)[0]
    pages = (
        Measured("My tasks, a group", "/?group=later"),
        Measured("case page", f"/cases/{number}/"),
        Measured("admin changelist", "/peer/cases/case/"),
    )
    client = Client(headers={"accept-language": "id"})
    logging.disable(logging.INFO)
    with _doors(), travel(MOMENT):
        client.force_login(officer.user)
        for one in pages:
            with CaptureQueriesContext(connection) as asked:
                response = client.get(one.address)
            if response.status_code != 200:
                raise RuntimeError(f"{one.address}: {response.status_code}")
            one.queries, one.size = len(asked), len(response.content)
            one.packed = len(gzip.compress(response.content))
        for _round in range(rounds):
            for one in pages:
                began = time.perf_counter()
                client.get(one.address)
                one.times.append(time.perf_counter() - began)
    logging.disable(logging.NOTSET)
    return pages


def _fill(officer: Officer, told: Case, made: int, count: int) -> None:
    """Invented cases on the reviewer's desk, each with a report, a deadline that runs, and a step in its history."""
    election = Election.objects.get(code="pilkada-2024")
    rule = DeadlineRule.objects.filter(code="reviewer_review").order_by("valid_from").last()
    if rule is None:
        raise RuntimeError("no rule for reviews in the reference data")
    day = MOMENT.date()
    template = Report.objects.get(pk=told.report_id)
    reports, cases = [], []
    names = [field.attname for field in Report._meta.concrete_fields if field.attname != "id"]
    for serial in range(made, count):
        report = Report(**{name: getattr(template, name) for name in names})
        report.number, report.election = f"{serial:05d}/BENCH", election
        reports.append(report)
    Report.objects.bulk_create(reports, batch_size=500)
    for serial, report in zip(range(made, count), reports, strict=True):
        cases.append(
            Case(
                number=f"2099-{serial:05d}", report=report, state="under_review", bawaslu_id=told.bawaslu_id,
                reviewer_id=officer.institution_id, reported_name=f"Pegawai {serial:05d}",
                registration_number=f"{serial:05d}/REG/BENCH/2024", snapshot=told.snapshot, employment=told.employment,
                subject_name=f"Pegawai {serial:05d}, S.E.", subject_nip=f"{197000000000000000 + serial}",
                violation_id=told.violation_id, target_status=told.target_status,
                due_on=day + dt.timedelta(days=10 + serial % 40), opened_on=day, moved_at=MOMENT, moves=1,
            )
        )  # fmt: skip
    Case.objects.bulk_create(cases, batch_size=500)
    Deadline.objects.bulk_create(
        [Deadline(case=c, rule=rule, started_on=day, due_on=c.due_on or day, latest_on=c.due_on or day) for c in cases],
        batch_size=500,
    )
    _with_history(officer, cases)


def _with_history(officer: Officer, cases: list[Case]) -> None:
    """One step each; the case that is opened has a whole history."""
    with travel(MOMENT):
        for case in cases:
            write_event(case=case, kind=Event.Kind.STEP, name="accept", actor=officer, from_state="forwarded")
