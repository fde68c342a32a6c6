"""The background work told to the people who look after it: what runs, what waits, what was given up. Names nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.dates import format_timedelta
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from cases.clock import real_now
from cases.letters import failures
from cases.letters.kinds import KINDS
from cases.models import GivenUpTask, Letter, Mail
from cases.selectors.work import WATCHED, Work, work_state

#: Rows drawn of each list; the number above it counts all.
MOST_ROWS = 50
#: What each watched job does.
JOBS: dict[str, str] = {
    "letters": gettext_noop("Making letters that were left"),
    "mail": gettext_noop("Sending e-mails that wait"),
    "daily": gettext_noop("Reminders, late deadlines, daily digests"),
}
#: Tasks that may be given up, in words; others are shown by their name.
TASKS: dict[str, str] = {
    "cases.tasks.render_letter": gettext_noop("Making a letter"),
    "cases.tasks.sweep_letters": JOBS["letters"],
    "cases.tasks.send_mails": gettext_noop("Sending e-mails"),
    "cases.tasks.sweep_mail": JOBS["mail"],
    "cases.tasks.daily_work": JOBS["daily"],
    "cases.tasks.checkpoint": gettext_noop("Signing the history's head"),
    "cases.tasks.history_job": gettext_noop("Checking the history, or making a bundle of it"),
    "cases.tasks.daily_head": gettext_noop("Mailing the day's head to the auditors"),
}
QUEUES: dict[str, str] = {
    "letters": gettext_noop("Letters"),
    "mail": gettext_noop("E-mails and reminders"),
    "exchange": gettext_noop("Imports and exports"),
}


@dataclass(slots=True)
class Given:
    """One kind of thing that was given up: ``kind`` as ``services.background.try_again`` calls it."""

    kind: str
    title: str
    count: int
    rows: list[dict[str, Any]]


@dataclass(slots=True)
class Page:
    """Everything the page shows."""

    work: Work
    jobs: list[dict[str, Any]]
    queues: list[dict[str, Any]]
    waiting: list[tuple[str, str]]
    given_up: list[Given]

    @property
    def given_up_count(self) -> int:
        """How many things wait for a person."""
        return sum(one.count for one in self.given_up)


def background_page(lengths: dict[str, int], age: int | None) -> Page:
    """Look. ``lengths`` and ``age`` (seconds, None when unknown) are the broker's queues, which the project knows."""
    work = work_state()
    return Page(
        work=work,
        jobs=[_job(name, work) for name in WATCHED],
        queues=[{"label": _(QUEUES.get(name, name)), "count": count} for name, count in lengths.items()],
        waiting=[
            (_("Letters"), _waits(work.letters_pending, work.oldest_letter)),
            (_("E-mails"), _waits(work.mails_pending, work.oldest_mail)),
            (_("Oldest message in the queue"), "" if age is None else span(age)),
        ],
        given_up=[one for one in (_letters(), _mails(), _tasks()) if one.count],
    )


def given_up_tasks() -> int:
    """How many tasks (letters and mails aside) failed for good and have not run since."""
    return GivenUpTask.objects.filter(done_at=None).count()


def span(seconds: float) -> str:
    """A length of time in words: “2 minutes”."""
    language = (get_language() or "id")[:2]
    return str(format_timedelta(dt.timedelta(seconds=seconds), threshold=1.2, locale=language))


def _ago(moment: dt.datetime) -> str:
    return _("%(time)s ago") % {"time": span(max(0.0, (real_now() - moment).total_seconds()))}


def _job(name: str, work: Work) -> dict[str, Any]:
    age = work.beats.get(name)
    late = name in work.late_jobs
    if age is None:
        tone, state = "neutral", _("has not run yet")
    elif late:
        tone, state = "overdue", _("late")
    else:
        tone, state = "done", _("runs")
    last = "" if age is None else _("%(time)s ago") % {"time": span(age)}
    return {"label": _(JOBS[name]), "tone": tone, "state": state, "last": last}


def _waits(count: int, oldest: int | None) -> str:
    if not count:
        return _("none waits")
    if oldest is None:
        return str(count)
    return _("%(n)d, the oldest for %(time)s") % {"n": count, "time": span(oldest)}


def _letters() -> Given:
    rows = Letter.objects.filter(status=Letter.Status.FAILED)
    return Given(
        "letter",
        _("Letters that could not be made"),
        rows.count(),
        [
            {
                "key": str(letter.pk),
                "what": letter.number,
                "detail": f"{_(KINDS[letter.kind].label)} · {letter.institution.short_name}",
                "why": failures.sentence(letter.error),
                "times": letter.attempts,
            }
            for letter in rows.select_related("institution").order_by("-created_at")[:MOST_ROWS]
        ],
    )


def _mails() -> Given:
    rows = Mail.objects.filter(status=Mail.Status.DEAD)
    return Given(
        "mail",
        _("E-mails that could not be sent"),
        rows.count(),
        [
            {
                "key": str(mail.pk),
                "what": mail.subject,
                "detail": _("to %(address)s, written %(ago)s") % {"address": mail.to, "ago": _ago(mail.created_at)},
                "why": mail.error,
                "times": mail.attempts,
            }
            for mail in rows.order_by("-created_at")[:MOST_ROWS]
        ],
    )


def _tasks() -> Given:
    rows = GivenUpTask.objects.filter(done_at=None)
    return Given(
        "task",
        _("Other work that failed"),
        rows.count(),
        [
            {
                "key": str(row.pk),
                "what": _(TASKS.get(row.task, row.task)),
                "detail": _("last %(ago)s") % {"ago": _ago(row.last_at)},
                "why": row.error,
                "times": row.times,
            }
            for row in rows[:MOST_ROWS]
        ],
    )
