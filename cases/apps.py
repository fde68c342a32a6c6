from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """What: reports, cases, letters, history."""

    name = "cases"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks that hold the table and its parts together; lend the accounts what they need."""
        from accounts.seams import seams
        from cases import checks  # noqa: F401
        from cases.clock import today
        from cases.desks import grant_desks, tasks

        seams.today, seams.tasks = today, tasks
        seams.changed, seams.happened = _account_changed, _account_event
        seams.succeed, seams.mail = _succeed, _mail
        grant_desks()
        post_migrate.connect(keep_history_append_only, sender=self)


def keep_history_append_only(using: str, **_kwargs: Any) -> None:
    """After every migrate: SQLite loses a table's triggers when a migration rebuilds the table."""
    from cases.audit.sql import install

    install(connections[using])


def _account_changed(actor: Any, what: str, key: str, changes: dict[str, list[Any]]) -> None:
    from cases.services.access import account_changed

    account_changed(actor=actor, what=what, key=key, changes=changes)


def _account_event(actor: Any, name: str, facts: dict[str, Any]) -> None:
    from cases.services.access import account_event

    account_event(actor=actor, name=name, facts=facts)


def _mail(to: str, subject: str, body: str) -> None:
    from cases.services.outbox import post

    post(to, subject, body)


def _succeed(old: Any, new: Any, asked: Any, decided: Any, reason: str) -> int:
    from cases.services.succession import succeed

    return succeed(old=old, new=new, asked=asked, decided=decided, reason=reason)
