"""Sitting at a desk: a browser that is signed in and acts from it."""

from __future__ import annotations

from django.test import Client

from accounts.models import Officer


def signed_in(officer: Officer) -> Client:
    """A client of this person, acting from this desk."""
    client = Client()
    client.force_login(officer.user)
    session = client.session
    session["desk"] = officer.pk
    session.save()
    return client
