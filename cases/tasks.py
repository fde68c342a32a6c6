"""Background tasks: an id or a date in, a service call, nothing else.

Each may run twice, late, or ten times at once: the services look at the rows, never at the message. What fails for
good is kept (``services.background``) and can be tried again by an administrator.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from celery import shared_task

from cases.services import checkpoint as history
from cases.services import daily, history_jobs, letters, outbox

#: Retried with growing pauses (5 s, 10 s, 20 s … with chance in them), then given up. For tasks that nothing else
#: repeats soon: a sweep that fails is followed by the next one anyway.
PATIENT: dict[str, Any] = {
    "autoretry_for": (Exception,), "max_retries": 5, "retry_backoff": 5, "retry_backoff_max": 300, "retry_jitter": True
}  # fmt: skip


@shared_task(name="cases.tasks.render_letter", ignore_result=True, **PATIENT)
def render_letter(letter_id: str) -> None:
    """Render one issued letter; does nothing when it is ready."""
    letters.render_letter_now(letter_id)


@shared_task(name="cases.tasks.sweep_letters", ignore_result=True)
def sweep_letters(at_once: bool = False) -> int:
    """Finish what was left pending; ``at_once`` also what is quite new (a worker that has just started)."""
    made = letters.sweep(older_than=dt.timedelta()) if at_once else letters.sweep()
    daily.beat("letters")
    return made


@shared_task(name="cases.tasks.send_mails", ignore_result=True, **PATIENT)
def send_mails(mail_ids: list[str]) -> int:
    """Send these mails, each unless it is sent or in other hands."""
    return sum(outbox.send(mail_id) for mail_id in mail_ids)


@shared_task(name="cases.tasks.sweep_mail", ignore_result=True)
def sweep_mail() -> int:
    """Send what a lost message, a dead worker or a failing server left."""
    sent = outbox.sweep_mail()
    daily.beat("mail")
    return sent


@shared_task(name="cases.tasks.daily_work", ignore_result=True, **PATIENT)
def daily_work(on: str | None = None) -> None:
    """Reminders, late deadlines, recomputation, digests; for today by each institution's clock, or for a date."""
    daily.run(dt.date.fromisoformat(on) if on else None)


@shared_task(name="cases.tasks.checkpoint", ignore_result=True)
def checkpoint() -> None:
    """Sign a head over what is new in the history, and keep it outside the database."""
    history.checkpoint()


@shared_task(name="cases.tasks.daily_head", ignore_result=True, **PATIENT)
def daily_head() -> int:
    """Look at the whole history for events without a place, and mail the head to the auditors."""
    history.checkpoint(whole=True)
    return history.mail_head()


@shared_task(name="cases.tasks.history_job", ignore_result=True, soft_time_limit=3500, time_limit=3600)
def history_job(job_id: str) -> None:
    """Check the whole history, or make one bundle; does nothing when that is done or in other hands."""
    history_jobs.run_job(job_id)


@shared_task(name="cases.tasks.sweep_history_jobs", ignore_result=True)
def sweep_history_jobs() -> int:
    """Wake workers for work on the history that a crash or a lost message left, and throw old results away."""
    return history_jobs.sweep_jobs()
