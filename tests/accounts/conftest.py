"""A few people at desks, without cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage

from accounts.models import Institution, Officer, User
from accounts.roles import Desk
from cases.services.outbox import sweep_mail

PASSWORD = "Kopi-Pagi-2024-Blitar"
Seat = Callable[..., Officer]


def institution(kind: str, code: str = "", **more: Any) -> Institution:
    defaults = {
        "kind": kind, "name": f"{kind} Contoh", "short_name": f"{kind} Contoh", "region": "35.72", "place": "Blitar",
        "head_title": "Ketua", "valid_from": dt.date(2014, 1, 1),
    }  # fmt: skip
    row, _made = Institution.objects.get_or_create(code=code or kind.lower(), defaults=defaults | more)
    return row


def sent() -> list[EmailMessage]:
    """The mails that left once the outbox was swept."""
    sweep_mail()
    return list(mail.outbox)


@pytest.fixture
def seat(db: None) -> Seat:
    """Puts a person at a desk; the same e-mail is the same person."""

    def at(desk: Desk, email: str = "sari@kantor.example", *, code: str = "", **more: Any) -> Officer:
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, email, PASSWORD)
        return Officer.objects.create(
            user=user, institution=institution(desk.kind, code), role=desk.role,
            **({"name": "Sari Contoh", "position": "Analis"} | more),
        )  # fmt: skip

    return at


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """No attempt of an earlier test counts."""
    cache.clear()
