"""Evidence and internal notes."""

from __future__ import annotations

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.querysets import EvidenceQuerySet, NoteQuerySet


def private_storage() -> Storage:
    """The private file storage: nothing in it has a public address. A callable, so that migrations freeze no folder."""
    return storages["private"]


def evidence_path(evidence: Evidence, _name: str) -> str:
    """Stored under an opaque name: the sender's file name could name the sender."""
    return f"sealed/cases_evidence/{evidence.pk.hex}"


def shown_path(evidence: Evidence, _name: str) -> str:
    """Where the copy people are shown lies."""
    return f"evidence/{evidence.pk.hex[:2]}/{evidence.pk.hex}"


class Evidence(models.Model):
    """A private file with the SHA-256 it had at receipt. ``case`` empty: it belongs to the whole report.

    ``file`` is the original, sealed: what a camera or a program wrote into it can name the reporter. People are handed
    ``shown``, the same thing without that; files received before there was one are handed out as they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey("cases.Report", on_delete=models.PROTECT, related_name="evidence")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    institution = models.ForeignKey("accounts.Institution", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what it shows"), max_length=200)
    title_salt = models.CharField(
        _("salt of the commitment"), max_length=64, blank=True, default="", editable=False,
        help_text=_("The history holds only a salted hash of what the file shows."),
    )  # fmt: skip
    file = models.FileField(_("file"), storage=private_storage, upload_to=evidence_path)
    shown = models.FileField(_("copy to show"), storage=private_storage, upload_to=shown_path, blank=True)
    media_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """An internal remark: read only by the institution that wrote it, and by auditors."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notes")
    institution = models.ForeignKey("accounts.Institution", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.Officer", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    created_at = models.DateTimeField(_("written at"))

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.text[:60]
