"""What a desk may do in the administration pages, as Django permissions.

Nothing is written on the account: whoever acts from a desk has its permissions, and loses them with the desk. Each
room grants what it owns when it starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.roles import ADMIN_DESK, Desk

if TYPE_CHECKING:
    from accounts.models import Officer

_granted: defaultdict[Desk, set[str]] = defaultdict(set)


def permissions_on(app: str, models: Iterable[str], actions: Iterable[str]) -> set[str]:
    """Permission names such as ``accounts.view_user``."""
    return {f"{app}.{action}_{model}" for model in models for action in actions}


def grant(desk: Desk, permissions: Iterable[str]) -> None:
    """Let ``desk`` have ``permissions``."""
    _granted[desk].update(permissions)


def granted_to(desk: Desk | None) -> frozenset[str]:
    """The permissions of a desk; none without one."""
    return frozenset(_granted.get(desk, ())) if desk else frozenset()


def rights_of(officer: Officer | None) -> frozenset[str]:
    """The permissions of whoever acts from this desk. An administrator of one institution has pages of their own."""
    return frozenset() if officer is None or officer.administers_id is not None else granted_to(officer.desk)


# Nothing here is ever deleted: cases, letters and the history name accounts, people and institutions for good.
grant(ADMIN_DESK, permissions_on("accounts", ("user", "institution", "officer"), ("view", "add", "change")))
