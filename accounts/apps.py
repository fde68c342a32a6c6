from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who: institutions, officers, accounts, sign-in."""

    name = "accounts"
    verbose_name = _("People and institutions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens to accounts; make the table of limits with the other tables."""
        from accounts import records, second_factor, sessions  # noqa: F401  (importing registers the receivers)

        post_migrate.connect(make_cache_table, sender=self)


def make_cache_table(using: str, verbosity: int = 1, **_kwargs: Any) -> None:
    """After every migrate: the cache's table, where the cache is one (``createcachetable`` leaves an existing one)."""
    call_command("createcachetable", database=using, verbosity=0)
