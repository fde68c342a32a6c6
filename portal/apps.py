from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project as an app: its data folders, its system checks and its ``demo`` command."""

    name = "portal"

    def ready(self) -> None:
        """Make the data folders and register the system checks."""
        from portal import checks, data_dir  # noqa: F401  (importing checks registers them)

        data_dir.prepare()
