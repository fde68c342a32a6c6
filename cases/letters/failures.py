"""Why a letter could not be made, in words. Stored as ``code: technical detail``; people read the sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.letters.conformance import NotConforming
from cases.letters.rendering import RenderingFailed
from cases.letters.signers import NoSeal

LONGEST = 500
MEANINGS = {
    "time": gettext_lazy("Laying it out took too long. Very long texts or tables may be the cause."),
    "memory": gettext_lazy("Laying it out needed more memory than a letter may use."),
    "nested": gettext_lazy("Its content is nested too deeply."),
    "long": gettext_lazy("It is longer than a letter may be."),
    "missing": gettext_lazy("Its template asks for something the frozen content does not hold."),
    "asset": gettext_lazy("It asked for a picture or file that is not shipped with the portal; nothing was fetched."),
    "changed": gettext_lazy("Its template version is not the one it was issued with."),
    "died": gettext_lazy("The process that lays letters out ended unexpectedly."),
    "busy": gettext_lazy("Every process that lays letters out was busy for too long."),
    "seal": gettext_lazy("It could not be sealed: the signing key is missing or may not seal it."),
    "conformance": gettext_lazy(
        "After sealing it did not pass the check as PDF/A-3 and PDF/UA, so it was not released."
    ),
    "other": gettext_lazy("An unexpected error stopped it."),
}
#: What may go well another time without anything being changed.
PASSING = ("died", "busy")


def told(error: Exception) -> str:
    """What the row keeps of a failure."""
    if isinstance(error, RenderingFailed):
        return f"{error.code if error.code in MEANINGS else 'other'}: {error}"[:LONGEST]
    code = "conformance" if isinstance(error, NotConforming) else "seal" if isinstance(error, NoSeal) else "other"
    return f"{code}: {type(error).__name__}: {error}"[:LONGEST]


def sentence(stored: str) -> str:
    """The reason in the active language."""
    code = stored.partition(":")[0]
    return str(MEANINGS.get(code, MEANINGS["other"])) if stored else _("No reason was noted.")
