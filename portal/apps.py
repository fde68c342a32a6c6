from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project as an app: its system checks and its ``demo`` command."""

    name = "portal"

    def ready(self) -> None:
        """Register the system checks."""
        from portal import checks  # noqa: F401
