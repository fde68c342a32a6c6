"""System checks of the project: a production that is not safe does not start, a view without a rule neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from portal.production import problems


@checks.register(checks.Tags.security)
def production_is_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """One error per reason not to run as production."""
    return [checks.Error(sentence, id=check_id) for check_id, sentence in problems()]


@checks.register(checks.Tags.urls)
def every_view_has_a_rule(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """One error per address that nobody wrote a permission rule for."""
    from portal.permissions import views_without_rule

    return [
        checks.Error(
            f"The view {name!r} has no rule.",
            hint="Add it to PERMISSIONS in portal/permissions.py; without a rule it answers 404 to everybody.",
            id="portal.E010",
        )
        for name in views_without_rule()
    ]
