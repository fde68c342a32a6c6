"""What the rooms above lend to this one: the calendar and the number of tasks on a desk.

``accounts`` never imports ``cases``; ``cases`` fills these in when it starts. Without it the plain calendar holds and
no task is counted; a mail goes out at once instead of through the outbox.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import Officer


def _no_tasks(_officer: Officer) -> int | None:
    return None


def _no_history(_actor: Officer | None, _what: str, _key: str, _changes: dict[str, list[Any]]) -> None:
    return


def _not_told(_actor: Officer | None, _name: str, _facts: dict[str, Any]) -> None:
    return


def _sent_at_once(to: str, subject: str, body: str) -> None:
    EmailMessage(subject, body, None, [to]).send()


def _no_cases(_old: Any, _new: Any, _asked: Officer, _decided: Officer, _reason: str) -> int:
    return 0


@dataclass(slots=True)
class Seams:
    """The lent functions.

    ``today`` is the portal's current date (a demo may stand on another day); ``tasks`` counts what waits for an
    officer's desk, None for a desk that nothing ever waits for; ``changed`` tells the history that ``actor`` changed
    an account, an institution or a desk (what, key, field → before and after); ``happened`` tells it of everything else
    about accounts: signing in, invitations, what two administrators decided (who, what, facts). ``mail`` puts a mail
    (to, subject, text) into the outbox: it commits with what it tells. ``succeed`` hands the
    open cases of one institution to another, for the two administrators who decided it; returns how many.
    """

    today: Callable[[], dt.date] = timezone.localdate
    tasks: Callable[[Officer], int | None] = _no_tasks
    changed: Callable[[Officer | None, str, str, dict[str, list[Any]]], None] = _no_history
    happened: Callable[[Officer | None, str, dict[str, Any]], None] = _not_told
    mail: Callable[[str, str, str], None] = _sent_at_once
    succeed: Callable[[Any, Any, Officer, Officer, str], int] = _no_cases


seams = Seams()
