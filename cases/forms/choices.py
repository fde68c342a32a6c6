"""Choices that only forms need."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DECLINE_REASONS = [
    ("LATE", _("Filed after the limit")),
    ("FORMAL", _("Formal requirements not met")),
    ("MATERIAL", _("Material requirements not met")),
    ("COMPETENCE", _("Not within competence")),
    ("HANDLED", _("Already handled")),
    ("NOT_ASN", _("The reported person is not a civil servant")),
]
OATHS = [
    ("TAKEN", _("Oath taken")),
    ("REFUSED", _("Oath refused")),
    ("NOT_ASKED", _("Not asked (reported person)")),
]
PROPOSED_OUTCOMES = [
    ("FORWARD", _("Forward to the reviewing body")),
    ("DISMISS", _("Dismiss")),
]
EXAMINED_BY = [
    ("SUPERIOR", _("Direct superior")),
    ("TEAM", _("Examination team")),
    ("COUNCIL", _("Ethics council")),
]
IMPACTS = [
    ("UNIT", _("On the work unit")),
    ("AGENCY", _("On the agency")),
    ("STATE", _("On the state or government")),
]
MANNERS = [
    ("IN_PERSON", _("Handed over in person")),
    ("SENT", _("Sent to the employee's address")),
    ("SUPERIOR", _("Through the direct superior")),
]
RECORD_SYSTEMS = [
    ("IDIS", "I'DIS"),
    ("SIASN", "SIASN"),
]
