"""Mail without a server: one file per message in a folder, for the demo, development and crash tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Writes ``DATA_DIR/mail/<Message-ID>.eml``, whole or not at all.

    A message that is there already is the same message sent again by somebody who died before noting it; like a mail
    server that knows the Message-ID, the folder keeps one.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message; returns how many were given."""
        folder: Path = settings.MAIL_DIR
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            given = parseaddr(message.extra_headers.get("Message-ID", ""))[1].partition("@")[0]
            name = "".join(c for c in given if c.isalnum() or c in "-_") or uuid.uuid4().hex
            draft = folder / f".{name}.{uuid.uuid4().hex}"
            with draft.open("wb") as file:
                file.write(message.message().as_bytes())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / f"{name}.eml")
        return len(email_messages)
