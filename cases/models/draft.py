"""What an officer keeps for themselves: unfinished reports, the columns of a list. No part of a case."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.file import private_storage


class Draft(models.Model):
    """A report begun and not filed. Its key is the number it is filed under, so that it can be filed once.

    ``payload`` is what was typed, sealed (``cases.services.drafts`` opens it): it holds the reporter. ``version``
    counts the saves, so that a second page cannot write over what the first one saved. Goes when filed or thrown away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey("accounts.Officer", on_delete=models.CASCADE, related_name="drafts")
    payload = models.BinaryField(_("what was typed, sealed"))
    version = models.PositiveIntegerField(_("saves"), default=0)
    created_at = models.DateTimeField(_("begun at"))
    saved_at = models.DateTimeField(_("saved at"), db_index=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-saved_at",)

    def __str__(self) -> str:
        return str(self.pk)


def draft_path(file: DraftFile, _name: str) -> str:
    """Stored under an opaque name, like evidence."""
    return f"drafts/{file.pk.hex[:2]}/{file.pk.hex}"


class DraftFile(models.Model):
    """A checked file waiting in a draft; becomes evidence when the draft is filed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    title = models.CharField(_("what it shows"), max_length=200)
    file = models.FileField(_("file"), storage=private_storage, upload_to=draft_path)
    media_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.title


class ListColumns(models.Model):
    """The columns of the list of cases an officer wants to see."""

    officer = models.OneToOneField("accounts.Officer", on_delete=models.CASCADE, related_name="list_columns")
    columns = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("columns of a list")
        verbose_name_plural = _("columns of lists")

    def __str__(self) -> str:
        return ", ".join(self.columns)
