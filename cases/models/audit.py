"""What surrounds the history: the ends of its chains, the leaves of its tree, its signed heads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stream(models.Model):
    """The end of a chain that belongs to no case (a case's own row keeps its end). Locked while an event is added."""

    key = models.CharField(_("chain"), max_length=60, primary_key=True)
    last_seq = models.PositiveIntegerField(_("last event"), default=0)
    head_hash = models.CharField(_("hash of the last event"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")

    def __str__(self) -> str:
        return f"{self.key}: {self.last_seq}"


class Tree(models.Model):
    """The Merkle tree as it stands: one row, locked while leaves are added.

    ``log`` names this history for good, so that heads of two portals are never taken for each other's. ``peaks`` are
    the roots of the complete subtrees, hexadecimal: enough to go on.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    log = models.CharField(_("name of the log"), max_length=32)
    size = models.PositiveBigIntegerField(_("leaves"), default=0)
    peaks = models.JSONField(_("complete subtrees"), default=list)

    class Meta:
        verbose_name = _("history tree")
        verbose_name_plural = _("history tree")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_history_tree")]

    def __str__(self) -> str:
        return f"{self.log}: {self.size}"


class Leaf(models.Model):
    """An event's place in the tree: commit order, counted from 0. Append-only; ``hash`` is the event's hash."""

    index = models.PositiveBigIntegerField(_("place in the tree"), primary_key=True)
    event = models.OneToOneField("cases.Event", on_delete=models.PROTECT, related_name="leaf")
    stream = models.CharField(_("chain"), max_length=60)
    seq = models.PositiveIntegerField(_("number in the chain"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("leaf")
        verbose_name_plural = _("leaves")
        ordering = ("index",)

    def __str__(self) -> str:
        return f"{self.index}: {self.stream}/{self.seq}"


class Head(models.Model):
    """A signed statement: at this time the tree had this size and root. Append-only; copies leave the database."""

    size = models.PositiveBigIntegerField(_("leaves"), primary_key=True)
    root = models.CharField(_("root"), max_length=64)
    at = models.DateTimeField(_("at"))
    key = models.CharField(_("key"), max_length=16)
    signature = models.CharField(_("signature"), max_length=128)

    class Meta:
        verbose_name = _("head of the history")
        verbose_name_plural = _("heads of the history")
        ordering = ("size",)

    def __str__(self) -> str:
        return f"{self.size} {self.root[:12]}"
