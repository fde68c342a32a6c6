"""Background tasks that failed for good: noted, tried again by a person, crossed out once they have run.

Letters and mails are retried by their own rows (``letters``, ``outbox``); here stands what else may fail: a reckoning,
a daily head, an export. The task's message is gone then, so the row keeps what it takes to send it again.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import structlog
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.roles import ADMIN_DESK
from cases.clock import real_now
from cases.models import GivenUpTask, Letter, Mail
from cases.services.errors import Refused, WrongDesk
from cases.services.letters import retry_letter
from cases.services.outbox import retry_mail

log = structlog.get_logger(__name__)


def note_failure(
    *, task: str, args: Sequence[Any], queue: str, error: BaseException, where: TracebackType | None = None
) -> GivenUpTask:
    """Keep that ``task`` failed for good; failing again with the same arguments counts up."""
    told, at = _told(error, where), real_now()
    standing = GivenUpTask.objects.filter(task=task, args=list(args), done_at=None)
    counted = {"times": F("times") + 1, "last_at": at, "error": told, "queue": queue}
    if not standing.update(**counted):
        try:
            with transaction.atomic():
                return GivenUpTask.objects.create(
                    task=task, args=list(args), queue=queue, error=told, first_at=at, last_at=at
                )
        except IntegrityError:  # another worker was faster with the same failure
            standing.update(**counted)
    return standing.get()


def _told(error: BaseException, where: TracebackType | None) -> str:
    """The kind of error and where it arose; its message may quote people and is left out."""
    frames = traceback.extract_tb(where or error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    return f"{type(error).__name__} ({last.filename.rpartition('/')[2]}:{last.lineno}, {last.name})"[:300]


def note_success(*, task: str, args: Sequence[Any]) -> None:
    """Cross out an earlier failure of the same task: it has run after all."""
    standing = GivenUpTask.objects.filter(task=task, args=list(args), done_at=None)
    if standing.exists():  # read first: nothing is written by the thousands that never failed
        standing.update(done_at=real_now())


def retry_task(row: GivenUpTask) -> None:
    """Send the task again. The row stays open until it has run."""
    current_app.send_task(row.task, row.args, queue=row.queue, ignore_result=True)


#: What a person may have tried again, by the name the page uses: the rows that wait, and what is done to one.
_AGAIN: dict[str, Callable[[], tuple[QuerySet[Any], Callable[[Any], None]]]] = {
    "mail": lambda: (Mail.objects.filter(status=Mail.Status.DEAD), retry_mail),
    "letter": lambda: (Letter.objects.filter(status=Letter.Status.FAILED), retry_letter),
    "task": lambda: (GivenUpTask.objects.filter(done_at=None), retry_task),
}
KINDS = tuple(_AGAIN)


def try_again(*, actor: Officer, kind: str, key: str) -> str:
    """An administrator has one thing tried again; returns the sentence to tell. Raises Refused."""
    if actor.desk != ADMIN_DESK:
        raise WrongDesk(_("The administrator looks after the background work."))
    again = _AGAIN.get(kind)
    rows, act = again() if again else (None, None)
    try:
        row = rows.filter(pk=key).first() if rows is not None else None
    except (ValueError, ValidationError, OverflowError, DataError):  # no such key can exist
        row = None
    if row is None or act is None:
        raise Refused(_("This is no longer waiting for you: it is being tried again or done."))
    act(row)
    log.info("tried_again", what=kind, key=key, by=actor.pk)
    return _("It will be tried again.")


def try_all_again(*, actor: Officer, kind: str) -> int:
    """Have everything of one kind tried again; returns how many. Raises Refused."""
    if kind not in _AGAIN:
        raise Refused(_("There is nothing of that kind."))
    rows, _act = _AGAIN[kind]()
    count = 0
    for key in list(rows.values_list("pk", flat=True)):
        try:
            try_again(actor=actor, kind=kind, key=str(key))
        except WrongDesk:
            raise
        except Refused:
            continue
        count += 1
    return count
