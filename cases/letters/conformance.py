"""Whether a sealed letter really is PDF/A-3a and PDF/UA-1; looked at before it is released."""

from __future__ import annotations

import page

PROFILES = ("pdfa-3a", "pdfua-1")
#: How many failures the reason names.
NAMED = 3


class NotConforming(RuntimeError):
    """The letter breaks a rule of its format; the message names profile and rules."""


def check(pdf: bytes) -> None:
    """Raise NotConforming unless ``pdf`` keeps every rule of every profile."""
    for profile in PROFILES:
        try:
            report = page.validate_pdf_bytes(pdf, profile=profile)
        except page.PageError as error:
            raise NotConforming(f"{profile}: {error}") from error
        if not report.is_compliant:
            rules = [f"{failure.rule_id} ({failure.message})" for failure in report.failures[:NAMED]]
            raise NotConforming(f"{profile}: " + "; ".join(rules))
