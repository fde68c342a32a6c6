"""Mails about accounts go through the outbox: they commit with what they tell, and hold no secret in the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts import proposals
from accounts.models import Proposal
from accounts.roles import ADMIN_DESK, BKPSDM_OFFICER
from cases.models import Mail
from cases.services.outbox import sweep_mail
from tests.accounts.conftest import Seat, institution, sent

pytestmark = pytest.mark.django_db

MAIL = "sari@kantor.example"
FORGOTTEN = "/accounts/password/forgotten/"


@pytest.fixture
def asked(seat: Seat) -> tuple[Any, Proposal]:
    """A second administrator, and a desk that was asked for."""
    first = seat(ADMIN_DESK, "satu@kantor.example", name="Satu", nip="198001012005011001")
    second = seat(ADMIN_DESK, "dua@kantor.example", name="Dua", nip="198001012005011002")
    return second, proposals.ask_grant(
        actor=first, institution=institution("BKPSDM"), role="OFFICER", email="baru@kantor.example", name="Baru",
        nip="199203112016012901", position="Analis", rank="III/b", reason="Mengganti yang pensiun",
    )  # fmt: skip


def test_the_row_comes_first_sealed_and_is_empty_afterwards(client: Client, seat: Seat) -> None:
    seat(BKPSDM_OFFICER)
    client.post(FORGOTTEN, {"email": MAIL})
    row = Mail.objects.get()
    assert (row.status, row.to, row.officer) == ("PENDING", MAIL, None)
    assert mail.outbox == []
    kept = " ".join(str(value) for value in Mail.objects.values_list().get())
    assert "/password/new/" not in kept
    assert "/accounts/password/new/" in sent()[0].body
    row.refresh_from_db()
    assert (row.status, row.body) == ("SENT", "")


def test_what_is_taken_back_is_not_told(asked: tuple[Any, Proposal]) -> None:
    second, proposal = asked
    with transaction.atomic():
        proposals.decide(actor=second, proposal=proposal, approve=True)
        assert Mail.objects.exists()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert sent() == []


def test_a_mail_server_that_is_down_stops_nobody(
    asked: tuple[Any, Proposal], client: Client, seat: Seat, settings: Any
) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.accounts.test_mails.Down"
    seat(BKPSDM_OFFICER)
    assert client.post(FORGOTTEN, {"email": MAIL}).status_code == 302
    proposals.decide(actor=asked[0], proposal=asked[1], approve=True)
    assert sweep_mail() == 0
    assert set(Mail.objects.values_list("status", "attempts", "error")) == {("PENDING", 1, "OSError: no server")}
    settings.EMAIL_BACKEND = backend
    Mail.objects.update(next_try_at=Mail.objects.earliest("created_at").created_at)
    assert {message.to[0] for message in sent()} == {MAIL, "baru@kantor.example"}
    assert "/accounts/password/new/" in mail.outbox[-1].body


class Down:
    """A mail server that is down."""

    def __init__(self, **_options: Any) -> None:
        return

    def send_messages(self, _messages: Any) -> int:
        raise OSError("no server")
