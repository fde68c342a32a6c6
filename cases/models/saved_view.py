"""A list as somebody likes to see it: the filter of one page, kept under a name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One officer's name for what stands after the question mark in the address of a list page.

    ``page`` is a key of ``cases.services.saved_views.PAGES``; an address itself is never kept, so nothing saved can
    lead out of the portal. It gives no rights: the page shows what the officer may see on the day it is opened.
    """

    officer = models.ForeignKey("accounts.Officer", on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(_("page"), max_length=20)
    label = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filter"), max_length=1000)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("label", "pk")
        constraints = [models.UniqueConstraint(fields=("officer", "page", "label"), name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.label
