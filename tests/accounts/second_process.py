"""A second process of the portal on the same database and cache: ``python -m tests.accounts.second_process``.

Arguments: the database's name, ``shared`` or ``own`` (a cache of its own: the control), the moment it is there (seconds
since the epoch), then ``code ACCOUNT DIGITS`` (try a one-time code) or ``wrong ADDRESS TIMES`` (try wrong passwords).
Prints what came of it.
"""

from __future__ import annotations

import logging
import sys

import django
import time_machine
from django.conf import settings


def main(database: str, cache: str, moment: str, act: str, who: str, what: str) -> str:
    settings.DATABASES["default"]["NAME"] = database
    if cache == "own":
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ALLOWED_HOSTS = ["*"]
    django.setup()
    logging.disable(logging.CRITICAL)
    with time_machine.travel(float(moment), tick=False):
        return attempt(act, who, what)


def attempt(act: str, who: str, what: str) -> str:
    if act == "code":
        from allauth.mfa.models import Authenticator
        from allauth.mfa.totp.internal.auth import TOTP

        row = Authenticator.objects.get(user_id=int(who), type=Authenticator.Type.TOTP)
        return str(TOTP(row).validate_code(what))
    from django.test import Client

    client = Client()
    answers = [
        client.post("/accounts/login/", {"login": who, "password": f"salah-salah-{time}"}) for time in range(int(what))
    ]
    return str([answer.status_code for answer in answers])


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
