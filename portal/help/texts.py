"""What each page is for. A page of ``tests.screens.pages`` without a text here fails a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class About:
    """The title of a page's help and its sentences, one paragraph each."""

    title: Any
    lines: tuple[Any, ...]


#: By view name; ``namespace:*`` as in the permission map.
HELP: dict[str, About] = {
    "accounts:login": About(
        _("Signing in"),
        (
            _("Sign in with your office e-mail and password, then with your second key. A password may be pasted."),
            _("In the demo a card for each desk signs you in without a password."),
        ),
    ),
    "accounts:desk": About(
        _("Choosing a desk"),
        (_("You act from one desk at a time. What you see and what you may do depends on it, not on your name."),),
    ),
    "mfa_index": About(
        _("Your sign-in"),
        (
            _("Password, second factor and passkeys of your account, and the browsers you are signed in with."),
            _("Keep the recovery codes on paper: each lets you in once when the second factor is lost."),
        ),
    ),
    "accounts:people": About(
        _("People"),
        (
            _("Who sits at which desk of the institutions you keep, and what waits for a second administrator."),
            _("You ask for a desk or a new second key; another administrator approves. Closing a desk works at once."),
        ),
    ),
    "background": About(
        _("Background work"),
        (_("What the portal does by itself: letters, mail, deadlines. What is late or failed is shown first."),),
    ),
    "cases:tasks": About(
        _("My tasks"),
        (
            _("Every case whose next step is yours, the most urgent first. The number of a group is what it lists."),
            _("What others have in hand stands at the end, with whom and since when."),
        ),
    ),
    "cases:list": About(
        _("All cases"),
        (
            _("Every case you may see. A case number, a NIP or a letter number typed in full opens the case at once."),
            _("Filters and order stand in the address, so that a list can be kept as a bookmark."),
        ),
    ),
    "cases:new": About(
        _("New report or finding"),
        (
            _("Writes down a report or a finding. One case is opened for each employee named."),
            _("Who reported is kept apart and sealed: nobody outside your office reads it."),
            _("The date of the act decides whether it falls under list A (ethics) or list B (discipline)."),
        ),
    ),
    "cases:detail": About(
        _("A case"),
        (
            _("The blue frame holds your next step and says what it will do. Dashed steps say what they still need."),
            _("The deadline is counted day by day. Below stand the history, the evidence, the letters and the notes."),
            _("Somebody may act while you read. Then nothing is done, you are told what changed, your input is kept."),
        ),
    ),
    "cases:identity": About(
        _("The reporter's identity"),
        (
            _("The reporter is sealed. Opening the seal needs a reason and a second person, and is recorded for good."),
            _("What is opened can be read for a few minutes only."),
        ),
    ),
    "cases:conflict": About(
        _("Conflict of interest"),
        (_("Say here that you should not act in this case. From then on its steps are closed to you."),),
    ),
    "cases:letters": About(
        _("Letters"),
        (_("Every letter you may read. A letter is made by itself when a step is taken; its text stays as it was."),),
    ),
    "cases:letter": About(
        _("A letter"),
        (_("The letter as it was issued, with its number, its date and to whom it goes."),),
    ),
    "cases:notices": About(
        _("Notices"),
        (_("What happened in your cases and which deadlines are near. Below you choose what is also sent by e-mail."),),
    ),
    "cases:calendar": About(
        _("Calendar"),
        (_("The deadlines of your desk by month. A private address shows them in your own calendar."),),
    ),
    "cases:holidays": About(
        _("Days off"),
        (_("The days that are not counted. Before a decree is taken over it shows which deadlines would move."),),
    ),
    "cases:team": About(
        _("Team"),
        (_("Who has how much in hand. Cases can be given to a colleague; the history records from whom to whom."),),
    ),
    "cases:employees": About(
        _("Employees"),
        (
            _("The registry of your institution. A case copies name, position and rank when it is registered."),
            _("A file is shown in full before anything is saved: what is new, what changes, what is wrong."),
        ),
    ),
    "cases:export": About(
        _("Export"),
        (_("The cases you may see, as a table. Names of reporters and witnesses are never in it."),),
    ),
    "cases:history": About(
        _("History"),
        (_("Everything that happened and who read what. Entries are linked by fingerprints: a change would show."),),
    ),
    "cases:history_check": About(
        _("Checking a history"),
        (_("Recounts every fingerprint of one case and says what is intact, what is not, and what cannot be known."),),
    ),
    "cases:history_job": About(
        _("Work on the history"),
        (
            _("Shows how far a check of the whole history, or the making of a case's bundle, has come."),
            _("A bundle holds one case's events, files and proofs, and a program that checks them without the portal."),
        ),
    ),
    "cases:retention": About(
        _("Retention"),
        (
            _("Closed cases whose time of keeping is over. One person asks for destruction, another approves it."),
            _("Destroyed are the parts the retention class names; events, numbers and hashes always stay."),
        ),
    ),
    "help": About(_("Help"), (_("What the pages are for, what the words mean, and which keys help."),)),
    "help_page": About(_("Help"), (_("What the pages are for, what the words mean, and which keys help."),)),
    "components": About(
        _("Components"), (_("Every part of the portal's pages once, with invented data, for those who write pages."),)
    ),
    "admin:*": About(
        _("Administration"),
        (
            _("Accounts, institutions, desks and the data of the law. Rows are closed by a date, not deleted."),
            _("A row you change becomes the office's own: new versions of the portal leave it alone."),
        ),
    ),
}


#: Views that show what another view shows, by the beginning of their names.
SHARED = (
    ("cases:move", "cases:detail"),
    ("cases:draft", "cases:new"),
    ("cases:letter", "cases:letter"),
    ("cases:verify", "cases:letter"),
    ("mfa_", "mfa_index"),
    ("accounts:ask", "accounts:people"),
    ("accounts:person", "accounts:people"),
    ("accounts:succession", "accounts:people"),
    ("accounts:proceed", "mfa_index"),
    ("account_", "mfa_index"),
    ("usersessions_", "mfa_index"),
)


def topic_of(view: str) -> str:
    """The address part of a view's help; empty when there is none."""
    if view not in HELP:
        view = next((other for start, other in SHARED if view.startswith(start)), view)
    name = view if view in HELP else f"{view.rpartition(':')[0]}:*"
    return name.replace(":*", "").replace(":", "-") if name in HELP else ""


def about(topic: str) -> About | None:
    """The help at an address part."""
    return next((text for view, text in HELP.items() if topic_of(view) == topic), None)
