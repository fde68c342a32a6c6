from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who: institutions, officers, accounts, sign-in."""

    name = "accounts"
    verbose_name = _("People and institutions")
    default_auto_field = "django.db.models.BigAutoField"
