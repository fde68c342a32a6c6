"""How the background work is doing: what waits, since when, what was given up, when the beat last came by."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Value
from django.utils.translation import gettext as _

from cases.clock import now, real_now
from cases.models import Deadline, Heartbeat, Letter, Mail

#: From these ages in seconds on, people are told that the background work is behind.
LATE_BEAT, LATE_LETTER, LATE_MAIL = 90, 90, 180
#: The jobs whose beat is watched; the daily work comes by every quarter of an hour.
WATCHED = {"letters": LATE_BEAT, "mail": LATE_BEAT, "daily": 45 * 60}
#: How long a page may rely on what was seen, in seconds.
SEEN_FOR = 20


@dataclass(frozen=True, slots=True)
class Work:
    """Ages in seconds; None when nothing waits. ``beats`` maps a job to the age of its last run."""

    letters_pending: int = 0
    letters_failed: int = 0
    oldest_letter: int | None = None
    mails_pending: int = 0
    mails_dead: int = 0
    oldest_mail: int | None = None
    beats: dict[str, int] = field(default_factory=dict)

    @property
    def late_jobs(self) -> list[str]:
        """Watched jobs that ran once and have not come by for too long."""
        return [job for job, limit in WATCHED.items() if self.beats.get(job, 0) > limit]

    @property
    def behind(self) -> bool:
        """Whether people should be told."""
        return bool(self.late_jobs or (self.oldest_letter or 0) > LATE_LETTER or (self.oldest_mail or 0) > LATE_MAIL)


def _age(since: dt.datetime | None, at: dt.datetime) -> int | None:
    return None if since is None else max(0, int((at - since).total_seconds()))


def work_state() -> Work:
    """Look: one query.

    A letter's age is by the portal's own clock, a mail's by the machine's. Letters of cases played back carry dates of
    long ago; only the last day's count as waiting for somebody.
    """
    at, law = real_now(), now()
    recent = Q(created_at__gte=law - dt.timedelta(days=1))
    beats = Heartbeat.objects.order_by().values_list("job", Value(0), Value(0), "at")
    letters = _waiting(Letter.objects.all(), "letter:", Letter.Status.PENDING, Letter.Status.FAILED, recent)
    mails = _waiting(Mail.objects.all(), "mail:", Mail.Status.PENDING, Mail.Status.DEAD, Q())
    found = {name: (pending, failed, since) for name, pending, failed, since in beats.union(letters, mails, all=True)}
    pending, failed, oldest = found.pop("letter:")
    mails_pending, dead, oldest_mail = found.pop("mail:")
    return Work(
        letters_pending=pending,
        letters_failed=failed,
        oldest_letter=_age(oldest, law),
        mails_pending=mails_pending,
        mails_dead=dead,
        oldest_mail=_age(oldest_mail, at),
        beats={job: _age(since, at) or 0 for job, (_none, _no, since) in found.items()},
    )


def _waiting(rows: QuerySet[Any], name: str, pending: str, failed: str, counts: Q) -> QuerySet[Any, Any]:
    """One row: the name, how many wait, how many failed, since when the oldest waits of those that ``counts`` means."""
    of = Q(status=pending)
    return (
        rows.filter(status__in=(pending, failed))
        .order_by()
        .annotate(name_=Value(name))
        .values("name_")
        .annotate(
            waiting=Count("pk", filter=of),
            failed=Count("pk", filter=Q(status=failed)),
            oldest=Min("created_at", filter=of & counts),
        )
        .values_list("name_", "waiting", "failed", "oldest")
    )


@dataclass(slots=True)
class _Seen:
    behind: bool = False
    at: float = float("-inf")


_seen = _Seen()


def forget() -> None:
    """Look again at the next page."""
    _seen.at = float("-inf")


def behind_sentence() -> str:
    """One sentence for every page when the background work is behind, else empty; looked up at most every 20 s."""
    # Kept in the process, not in the shared cache: the sentence must come when Redis is what has gone.
    if time.monotonic() - _seen.at > SEEN_FOR:
        _seen.behind, _seen.at = work_state().behind, time.monotonic()
    if not _seen.behind:
        return ""
    return _("Background work is behind: letters and e-mails come later than usual. Nothing is lost.")


def late_deadlines(on: dt.date) -> int:
    """Running deadlines that lie before ``on``."""
    return Deadline.objects.filter(ended_on__isnull=True, paused_on__isnull=True, due_on__lt=on).count()
