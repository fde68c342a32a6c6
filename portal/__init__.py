"""The project: settings, addresses, background work, health, start-up. Nothing here knows a rule of law."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
