"""``/metrics/`` for Prometheus: what waits, what was given up, when the beat came by, what is late. Counts only."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from cases.clock import today
from cases.selectors.background import given_up_tasks
from cases.selectors.work import late_deadlines, work_state
from portal.health import queue_age_seconds, queue_lengths


class PortalCollector(Collector):
    """Reads the tables at every scrape, so that any web process gives the same answer."""

    def collect(self) -> Iterator[Metric]:
        """One family a number."""
        work = work_state()
        single = {
            "portal_letters_pending": ("Letters waiting to be made", work.letters_pending),
            "portal_letters_failed": ("Letters given up", work.letters_failed),
            "portal_letter_oldest_seconds": ("Age of the oldest waiting letter", work.oldest_letter or 0),
            "portal_mails_pending": ("E-mails waiting to be sent", work.mails_pending),
            "portal_mails_dead": ("E-mails given up", work.mails_dead),
            "portal_mail_oldest_seconds": ("Age of the oldest waiting e-mail", work.oldest_mail or 0),
            "portal_tasks_given_up": ("Background tasks that failed for good", given_up_tasks()),
            "portal_queue_age_seconds": ("Age of the oldest message in the broker folder", queue_age_seconds() or 0),
            "portal_deadlines_late": ("Running deadlines that have passed", late_deadlines(today())),
            "portal_background_behind": ("1 when people are told that work is behind", int(work.behind)),
        }
        for name, (text, value) in single.items():
            yield GaugeMetricFamily(name, text, value=value)
        beats = GaugeMetricFamily("portal_beat_age_seconds", "Age of a job's last run", labels=["job"])
        for job, age in sorted(work.beats.items()):
            beats.add_metric([job], age)
        yield beats
        queues = GaugeMetricFamily("portal_queue_messages", "Messages waiting in a queue", labels=["queue"])
        for queue, length in queue_lengths().items():
            queues.add_metric([queue], length)
        yield queues


def _admitted(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return not settings.PRODUCTION
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers in Prometheus' text format; 404 without the token METRICS_TOKEN names."""
    if not _admitted(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(PortalCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
