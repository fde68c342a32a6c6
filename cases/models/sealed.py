"""Data keys of sealed rows, wrapped with a key that is not in the database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SealedKey(models.Model):
    """The data key of one sealed row. Without this row its content can never be read again: that is how it is shredded.

    ``name`` is the data key's own, ``wrapped_with`` the id of the key in the key file. Read and written only by
    ``cases.sealed.store``.
    """

    table = models.CharField(_("table"), max_length=40)
    row = models.CharField(_("row"), max_length=40)
    name = models.CharField(_("data key"), max_length=16)
    wrapped_with = models.CharField(_("wrapped with"), max_length=16, db_index=True)
    wrapped = models.CharField(_("wrapped key"), max_length=120)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        constraints = [models.UniqueConstraint(fields=("table", "row"), name="one_data_key_per_sealed_row")]

    def __str__(self) -> str:
        return f"{self.table}/{self.row}"
