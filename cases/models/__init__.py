"""The data. State and constraints only: no side effects, no overridden save() that does work, no signals."""

from cases.catalogue.bases import StepBasis
from cases.catalogue.models import (
    DeadlineRule,
    Election,
    Holiday,
    PositionClass,
    PunishAuthority,
    Rank,
    SanctionType,
    ViolationType,
)
from cases.catalogue.printed import FormCode, LegalInstrument
from cases.catalogue.retention import RetentionRule
from cases.models.audit import Head, Leaf, Stream, Tree
from cases.models.background import GivenUpTask
from cases.models.case import Case, Deadline, Extension, Pause
from cases.models.decision import Appeal, Decision
from cases.models.draft import Draft, DraftFile, ListColumns
from cases.models.duty import Assignment, CalendarFeed
from cases.models.employee import Employee
from cases.models.event import Event
from cases.models.file import Evidence, Note
from cases.models.hearing import Examiner, Minutes, Summons
from cases.models.letter import Delivery, Letter, NumberSeries
from cases.models.notice import Heartbeat, Mail, Notice, NoticeChoice, Reminder
from cases.models.report import Report, Reporter, Witness
from cases.models.saved_view import SavedView
from cases.models.sealed import SealedKey
from cases.models.upkeep import Disposal, HistoryJob
from cases.models.wall import Conflict, IdentityRequest

__all__ = [
    "Appeal",
    "Assignment",
    "CalendarFeed",
    "Case",
    "Conflict",
    "Deadline",
    "DeadlineRule",
    "Decision",
    "Delivery",
    "Disposal",
    "Draft",
    "DraftFile",
    "Election",
    "Employee",
    "Event",
    "Evidence",
    "Examiner",
    "Extension",
    "FormCode",
    "GivenUpTask",
    "Head",
    "Heartbeat",
    "HistoryJob",
    "Holiday",
    "IdentityRequest",
    "Leaf",
    "LegalInstrument",
    "Letter",
    "ListColumns",
    "Mail",
    "Minutes",
    "Note",
    "Notice",
    "NoticeChoice",
    "NumberSeries",
    "Pause",
    "PositionClass",
    "PunishAuthority",
    "Rank",
    "Reminder",
    "Report",
    "Reporter",
    "RetentionRule",
    "SanctionType",
    "SavedView",
    "SealedKey",
    "StepBasis",
    "Stream",
    "Summons",
    "Tree",
    "ViolationType",
    "Witness",
]
