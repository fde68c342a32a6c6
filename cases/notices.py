"""What people are told about: the table of notice kinds. Pure Python; texts are marked here and translated where shown.

``legal`` kinds concern a deadline of law, a duty that began or a letter that lost its force: they can be gathered into
a daily digest but not turned off. ``rank`` orders urgency; of several reminders on one day only the most urgent is
written.
"""

from __future__ import annotations

from dataclasses import dataclass


def _(text: str) -> str:
    """Mark for translation without importing Django."""
    return text


NOW, DIGEST, OFF = "NOW", "DIGEST", "OFF"
#: How an e-mail about a notice may come, with the words people choose from. The bell shows every notice anyway.
CHOICES: tuple[tuple[str, str], ...] = ((NOW, _("At once")), (DIGEST, _("Daily digest")), (OFF, _("No e-mail")))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """One kind of notice. ``text`` may use %(number)s, %(date)s and the facts written with it; it names no person."""

    name: str
    label: str
    text: str
    legal: bool = False
    default: str = NOW
    icon: str = "bell"
    tone: str = "info"


NOTICE_KINDS: tuple[NoticeKind, ...] = (
    NoticeKind(
        name="your_turn",
        label=_("A case waits for you"),
        text=_("Case %(number)s now waits for your desk."),
        legal=True,
        icon="inbox",
    ),
    NoticeKind(
        name="answered",
        label=_("The other side has answered"),
        text=_("In case %(number)s the other institution has acted: %(step)s."),
        icon="refresh",
    ),
    NoticeKind(
        name="informed",
        label=_("News in a case you carry"),
        text=_("In case %(number)s: %(step)s."),
        default=DIGEST,
        icon="info-circle",
    ),
    NoticeKind(
        name="half_time",
        label=_("Half of the time is gone"),
        text=_("Half of the time for case %(number)s is gone; it is due on %(date)s."),
        default=DIGEST,
        icon="hourglass",
    ),
    NoticeKind(
        name="three_days",
        label=_("Three days before the due date"),
        text=_("Case %(number)s is due in three days, on %(date)s."),
        legal=True,
        icon="clock",
        tone="soon",
    ),
    NoticeKind(
        name="one_day",
        label=_("One day before the due date"),
        text=_("Case %(number)s is due in one day, on %(date)s."),
        legal=True,
        icon="clock",
        tone="soon",
    ),
    NoticeKind(
        name="due_day",
        label=_("The due date"),
        text=_("Case %(number)s is due on this day, %(date)s."),
        legal=True,
        icon="clock",
        tone="soon",
    ),
    NoticeKind(
        name="overdue",
        label=_("The deadline has passed"),
        text=_("Case %(number)s was due on %(date)s and is late."),
        legal=True,
        icon="alert-triangle",
        tone="overdue",
    ),
    NoticeKind(
        name="overdue_elsewhere",
        label=_("Another institution is late"),
        text=_("Case %(number)s was due at %(institution)s on %(date)s and is late."),
        legal=True,
        icon="alert-triangle",
        tone="overdue",
    ),
    NoticeKind(
        name="deadline_moved",
        label=_("A deadline has changed"),
        text=_("The deadline of case %(number)s is now %(date)s."),
        legal=True,
        icon="calendar",
    ),
    NoticeKind(
        name="assigned",
        label=_("A case was given to you"),
        text=_("Case %(number)s was given to you."),
        legal=True,
        icon="user-check",
    ),
    NoticeKind(
        name="letter_withdrawn",
        label=_("A letter you received was withdrawn"),
        text=_("Letter %(letter)s in case %(number)s was withdrawn and is no longer in force."),
        legal=True,
        icon="alert-triangle",
        tone="overdue",
    ),
    NoticeKind(
        name="letter_replaced",
        label=_("A letter you received was replaced"),
        text=_("Letter %(letter)s in case %(number)s is no longer in force; letter %(successor)s takes its place."),
        legal=True,
        icon="refresh",
        tone="soon",
    ),
)
NOTICE_KIND: dict[str, NoticeKind] = {kind.name: kind for kind in NOTICE_KINDS}

#: Kinds that have done their work once the institution has acted or the deadline has ended.
ABOUT_A_TURN: tuple[str, ...] = (
    "your_turn", "answered", "half_time", "three_days", "one_day", "due_day", "overdue", "assigned"
)  # fmt: skip
#: Working days a deadline is late before the next institution and the auditors are told.
LATE_FOR_OTHERS = 3


def allowed_choices(kind: NoticeKind) -> tuple[str, ...]:
    """How e-mail about ``kind`` may come: a legal kind cannot be turned off."""
    return (NOW, DIGEST) if kind.legal else (NOW, DIGEST, OFF)
