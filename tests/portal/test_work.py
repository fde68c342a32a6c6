"""Whether background work is behind: told to people, to monitors, and to nobody without the token."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from cases.clock import real_now
from cases.models import Heartbeat
from cases.selectors.work import behind_sentence, forget, work_state
from cases.services.daily import beat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _look_again() -> None:
    forget()


def test_a_beat_that_stopped_is_told_on_every_page_and_to_the_monitor(client: Client) -> None:
    assert behind_sentence() == ""
    beat("mail")
    assert not work_state().behind
    Heartbeat.objects.update(at=real_now() - dt.timedelta(seconds=91))
    assert work_state().late_jobs == ["mail"]
    assert behind_sentence() == "", "looked up at most every 20 s"
    forget()
    assert behind_sentence()
    found = client.get("/health/").json()
    assert (found["ok"], found["behind"], found["last_beat_seconds"]["mail"]) == (True, True, 91)


def test_metrics_count_and_name_nobody(client: Client) -> None:
    beat("daily")
    text = client.get("/metrics/").content.decode()
    assert "portal_mails_pending 0.0" in text
    assert 'portal_beat_age_seconds{job="daily"} 0.0' in text
    assert 'portal_queue_messages{queue="mail"}' in text


def test_metrics_need_their_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "abc"
    assert client.get("/metrics/").status_code == 404
    assert client.get("/metrics/", headers={"authorization": "Bearer abd"}).status_code == 404
    assert client.get("/metrics/", headers={"authorization": "Bearer abc"}).status_code == 200
    settings.METRICS_TOKEN, settings.PRODUCTION, settings.SECURE_SSL_REDIRECT = "", True, False
    assert client.get("/metrics/").status_code == 404


def test_the_mail_folder_keeps_one_file_for_one_message(settings: Any, tmp_path: Any) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "portal.mail.FolderBackend"
    for _ in range(3):
        EmailMessage("Hal", "Isi", to=["a@kantor.example"], headers={"Message-ID": "<42@portal>"}).send()
    mail.send_mail("Lain", "Isi", None, ["b@kantor.example"])
    names = sorted(file.name for file in settings.MAIL_DIR.iterdir())
    assert len(names) == 2
    assert "42.eml" in names
    assert "Isi" in (settings.MAIL_DIR / "42.eml").read_text()


def test_the_beat_plans_what_the_portal_promises() -> None:
    plan = {entry["task"]: entry["schedule"] for entry in project.CELERY_BEAT_SCHEDULE.values()}
    assert plan["cases.tasks.sweep_letters"] <= 10
    assert plan["cases.tasks.sweep_mail"] <= 10
    assert plan["cases.tasks.daily_work"] <= 15 * 60
