"""The outbox of e-mail: rows first, sends second.

A mail row commits with what it tells about. Afterwards any worker may send it: it takes a lease on the row, sends, and
notes it. A broker message only says "look now"; when it is lost the sweeper looks anyway. A worker that dies while
sending loses its lease after ``LEASE``, and the mail goes out again under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
import uuid
from collections.abc import Iterable, Sequence

import structlog
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.sealing import seal, unseal
from cases.clock import real_now
from cases.models import Mail, Notice
from cases.notices import NOW

log = structlog.get_logger(__name__)

#: The task's name, sent by name: tasks import services, never the other way round.
SEND_TASK = "cases.tasks.send_mails"
QUEUE = "mail"

#: Root of the ids derived from what a notice or mail is about.
NAMESPACE = uuid.UUID("6d8a4c1e-5f0b-5a53-9b1d-2f4f6f0a7c11")
LEASE = dt.timedelta(seconds=15)
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=10), dt.timedelta(hours=1)


def derived_id(*parts: object) -> uuid.UUID:
    """The id of whatever ``parts`` describe: the same parts, the same id."""
    return uuid.uuid5(NAMESPACE, "|".join(str(part) for part in parts))


def mail_for(notice: Notice) -> Mail:
    """The unsaved mail that carries one notice. No personal data: a number, a date, an address."""
    with override(settings.LANGUAGE_CODE):
        sentence = sentence_of(notice)
        return Mail(
            id=derived_id("mail", notice.pk),
            officer_id=notice.officer_id,
            to=notice.officer.user.email,
            subject=f"{_(notice.about.label)}: {notice.facts['number']}",
            body=_body([sentence], [_address(notice)]),
            next_try_at=real_now(),
            created_at=real_now(),
        )


def digest_for(notices: Sequence[Notice], on: dt.date) -> Mail:
    """The unsaved mail that gathers one officer's notices up to a day. ``notices`` must not be empty."""
    officer = notices[0].officer
    with override(settings.LANGUAGE_CODE):
        return Mail(
            id=derived_id("digest", officer.pk, on),
            officer=officer,
            to=officer.user.email,
            subject=_("Daily digest: %(count)s notices") % {"count": len(notices)},
            body=_body([sentence_of(notice) for notice in notices], [_address(notice) for notice in notices]),
            next_try_at=real_now(),
            created_at=real_now(),
        )


def post(to: str, subject: str, body: str) -> None:
    """Put a mail about an account in the outbox; it commits with what it tells.

    Its text may hold a link that sets a password: nobody finds that by reading the table or a copy of it.
    """
    mail = Mail(to=to, subject=subject, body=seal(body), sealed=True, next_try_at=real_now(), created_at=real_now())
    mail.save(force_insert=True)
    wake([mail.pk])


def sentence_of(notice: Notice) -> str:
    """A notice in words, in the active language."""
    from cases.formats import long_date
    from cases.workflow import step_or_intake

    facts = dict(notice.facts)
    if facts.get("date"):
        facts["date"] = long_date(dt.date.fromisoformat(facts["date"]), weekday=True)
    if facts.get("step"):
        facts["step"] = _(step_or_intake(facts["step"]).label)
    return _(notice.about.text) % {"number": "", "date": "", "step": "", "institution": "", **facts}


def _address(notice: Notice) -> str:
    return f"{settings.BASE_URL}{notice.case.get_absolute_url()}"


def _body(sentences: Iterable[str], addresses: Iterable[str]) -> str:
    lines = [f"{sentence}\n{address}\n" for sentence, address in zip(sentences, addresses, strict=True)]
    foot = _("This message names nobody; what it is about can be read in the portal after signing in.")
    return "\n".join([*lines, foot, ""])


def enqueue(notices: Sequence[Notice]) -> None:
    """Write the mails of those among ``notices`` that go out at once, and wake a worker after the commit.

    Call before the notices are saved, in their transaction: each is given its mail here.
    """
    due = [notice for notice in notices if notice.delivery == NOW and notice.officer.user.email]
    mails = [mail_for(notice) for notice in due]
    if not mails:
        return
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    for notice, mail in zip(due, mails, strict=True):
        notice.mail = mail
    wake([mail.pk for mail in mails])


def post_once(letters: Iterable[tuple[uuid.UUID, str, str, str]]) -> int:
    """Write mails to people outside, as (id, address, subject, text), unless they stand already; how many are new."""
    with transaction.atomic():
        wanted = {
            key: Mail(id=key, to=to, subject=subject, body=body, next_try_at=real_now(), created_at=real_now())
            for key, to, subject, body in letters
        }
        for key in Mail.objects.filter(pk__in=wanted).values_list("pk", flat=True):
            del wanted[key]
        Mail.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        wake(wanted)
    return len(wanted)


def wake(ids: Iterable[uuid.UUID]) -> None:
    """Ask a worker to send these mails once the rows are visible to it. Losing the message costs nothing."""
    keys = [str(pk) for pk in ids]
    transaction.on_commit(
        lambda: current_app.send_task(SEND_TASK, [keys], queue=QUEUE, ignore_result=True), robust=True
    )


def send(mail_id: uuid.UUID | str) -> bool:
    """Send one mail unless it is sent, not due, or in another worker's hands; True when it went out now."""
    at = real_now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    claimed = Mail.objects.filter(free, pk=mail_id, status=Mail.Status.PENDING, next_try_at__lte=at).update(
        leased_until=at + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    mail = Mail.objects.get(pk=mail_id)
    if mail.attempts > MAX_ATTEMPTS:
        # Every worker that tried it died over it: no more of them are risked.
        _failed(mail, "Every attempt ended with the worker's death")
        return False
    try:
        EmailMessage(
            subject=mail.subject,
            body=unseal(mail.body) if mail.sealed else mail.body,
            to=[mail.to],
            headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
        ).send()
    except Exception as error:  # noqa: BLE001 -- whatever a mail backend raises is this mail's failure, not the worker's
        _failed(mail, f"{type(error).__name__}: {error}"[:500])
        return False
    mail.status, mail.sent_at, mail.leased_until, mail.error = Mail.Status.SENT, real_now(), None, ""
    mail.body = "" if mail.sealed else mail.body
    mail.save(update_fields=["status", "sent_at", "leased_until", "error", "body"])
    return True


def message_id(mail: Mail) -> str:
    """The mail's Message-ID: the same at every attempt."""
    host = settings.BASE_URL.partition("://")[2].partition("/")[0].partition(":")[0] or "portal.invalid"
    return f"<{mail.pk}@{host}>"


def _failed(mail: Mail, error: str) -> None:
    dead = mail.attempts >= MAX_ATTEMPTS
    wait = min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
    Mail.objects.filter(pk=mail.pk).update(
        status=Mail.Status.DEAD if dead else Mail.Status.PENDING,
        next_try_at=real_now() + wait,
        leased_until=None,
        error=error,
    )
    log.warning("mail_failed", mail=str(mail.pk), attempt=mail.attempts, dead=dead, error=error.partition(":")[0])


def sweep_mail(*, limit: int = 200, within: float = 25.0) -> int:
    """Send what is due and in nobody's hands; returns how many went out. Takes ``within`` seconds and one mail at most.

    A server that is slow to refuse must not hold the sweep beyond its time limit; the next one goes on.
    """
    at, until = real_now(), time.monotonic() + within
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    due = Mail.objects.filter(free, status=Mail.Status.PENDING, next_try_at__lte=at).order_by("next_try_at")
    keys = list(due.values_list("pk", flat=True)[:limit])
    return sum(send(pk) for pk in itertools.takewhile(lambda _pk: time.monotonic() < until, keys))


def retry_mail(mail: Mail) -> None:
    """Put a mail that was given up back into the outbox."""
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk, status=Mail.Status.DEAD).update(
            status=Mail.Status.PENDING, attempts=0, error="", next_try_at=real_now(), leased_until=None
        )
        wake([mail.pk])
