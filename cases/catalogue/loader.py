"""Loads the shipped reference data into the tables, again and again without harm.

Rows are matched by their key; only fields that differ are written; a row an office edited is left alone and
named. Files are read strictly: an unknown field, a wrong word, a missing key or two rows that hold on the
same day stop the load before anything is written. Holidays come from the ``holidays`` library.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import holidays
import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction

from cases.catalogue.bases import StepBasis
from cases.catalogue.choices import Confidence, HolidayKind
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

DATA = Path(__file__).parent / "data"
#: Years of holidays seeded. Later years have weekends only until this is moved.
YEARS = range(2019, 2029)
#: How the library marks a day that is not proclaimed yet.
ESTIMATE_MARK = "(perkiraan)"
LIBRARY = "python holidays"
#: Never compared nor written: the office's own and the database's.
OWN_FIELDS = frozenset({"id", "edited_by_office", "withdrawn", "added_by"})


class DataError(ValueError):
    """A data file is wrong. The message names file and row."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file and the table it fills. Without ``valid_from`` in the key the rows are not dated."""

    file: str
    model: type[models.Model]
    key: tuple[str, ...]


SOURCES: tuple[Source, ...] = (
    Source("positions.yaml", PositionClass, ("code", "valid_from")),
    Source("ranks.yaml", Rank, ("employment", "code")),
    Source("elections.yaml", Election, ("code",)),
    Source("violations.yaml", ViolationType, ("code", "valid_from")),
    Source("sanctions.yaml", SanctionType, ("code", "valid_from")),
    Source("authorities.yaml", PunishAuthority, ("code", "valid_from")),
    Source("deadlines.yaml", DeadlineRule, ("code", "regime", "valid_from")),
    Source("form_codes.yaml", FormCode, ("letter_kind", "regime", "valid_from")),
    Source("laws.yaml", LegalInstrument, ("code", "valid_from")),
    Source("retention.yaml", RetentionRule, ("code", "valid_from")),
    Source("step_bases.yaml", StepBasis, ("step", "regime", "valid_from")),
)
HOLIDAY_KEY = ("date", "region", "kind")


@dataclass(slots=True)
class Outcome:
    """What loading one table did. ``kept`` names rows left alone because an office edited them."""

    table: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: list[str] = field(default_factory=list)


def read(source: Source, folder: Path = DATA) -> list[models.Model]:
    """The rows of one file as unsaved, validated instances. Raises DataError naming file and row."""
    document = yaml.safe_load((folder / source.file).read_text(encoding="utf-8"))
    defaults = document.get("defaults", {})
    known = {f.name for f in source.model._meta.concrete_fields} - OWN_FIELDS
    found: list[models.Model] = []
    for number, row in enumerate(document["rows"], start=1):
        values = {**defaults, **row}
        where = f"{source.file}, row {number} ({values.get('code') or values.get('step') or '?'})"
        if unknown := sorted(set(values) - known):
            raise DataError(f"{where}: unknown field {', '.join(unknown)}")
        instance = source.model(**values)
        try:
            instance.clean_fields()
        except ValidationError as error:
            raise DataError(f"{where}: {error.message_dict}") from error
        found.append(instance)
    _refuse_overlaps(source, found)
    return found


def _refuse_overlaps(source: Source, rows: Iterable[Any]) -> None:
    """Two rows of one key on the same day would make every question ambiguous."""
    by_key: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        by_key[tuple(getattr(row, name) for name in source.key if name != "valid_from")].append(row)
    for key, group in by_key.items():
        if "valid_from" not in source.key:
            if len(group) > 1:
                raise DataError(f"{source.file}: {key} stands twice")
            continue
        for earlier, later in pairwise(sorted(group, key=lambda row: row.valid_from)):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                raise DataError(f"{source.file}: {key} holds twice on {later.valid_from}")


def holiday_rows(years: Iterable[int] = YEARS) -> list[Holiday]:
    """National holidays and joint leave of Indonesia as the library knows them, estimates marked."""
    source = f"{LIBRARY} {version('holidays')}"
    found = []
    for category, kind in (("public", HolidayKind.PUBLIC), ("government", HolidayKind.JOINT)):
        days = holidays.country_holidays("ID", years=years, categories=(category,), language="id")
        for day, name in sorted(days.items()):
            estimated = ESTIMATE_MARK in name
            found.append(
                Holiday(
                    date=day,
                    name=name.replace(ESTIMATE_MARK, "").strip()[:150],
                    kind=kind,
                    estimated=estimated,
                    source=source,
                    legal_basis="SKB 3 Menteri",
                    confidence=Confidence.DOUBTFUL if estimated else Confidence.SOURCED,
                )
            )
    return found


def _upsert(model: type[Any], key: tuple[str, ...], rows: Iterable[Any]) -> Outcome:
    """Add what is missing and write what differs, field by field."""
    outcome = Outcome(model._meta.model_name or "")
    names = [f.name for f in model._meta.concrete_fields if f.name not in OWN_FIELDS and f.name not in key]
    present = {tuple(getattr(old, name) for name in key): old for old in model._default_manager.all()}
    for row in rows:
        old = present.get(tuple(getattr(row, name) for name in key))
        if old is None:
            row.save(force_insert=True)
            outcome.added += 1
            continue
        differing = [name for name in names if getattr(old, name) != getattr(row, name)]
        if not differing:
            outcome.unchanged += 1
        elif old.edited_by_office:
            outcome.kept.append(str(old))
        else:
            for name in differing:
                setattr(old, name, getattr(row, name))
            old.save(update_fields=differing)
            outcome.changed += 1
    return outcome


def _remove_stale_holidays(rows: Iterable[Holiday], years: Iterable[int]) -> int:
    """Seeded days the library no longer knows (an estimate that moved) go; days an office touched stay."""
    seeded = {(row.date, row.region, row.kind) for row in rows}
    stale = [
        old.pk
        for old in Holiday.objects.filter(
            source__startswith=LIBRARY, edited_by_office=False, withdrawn=False, date__year__in=list(years)
        )
        if (old.date, old.region, old.kind) not in seeded
    ]
    Holiday.objects.filter(pk__in=stale).delete()
    return len(stale)


def load_all(folder: Path = DATA, years: Iterable[int] = YEARS) -> list[Outcome]:
    """Load every file and the holidays in one transaction; nothing is written when one file is wrong."""
    years = list(years)
    read_all = [(source, read(source, folder)) for source in SOURCES]
    days = holiday_rows(years)
    with transaction.atomic():
        outcomes = [_upsert(source.model, source.key, rows) for source, rows in read_all]
        outcome = _upsert(Holiday, HOLIDAY_KEY, days)
        outcome.removed = _remove_stale_holidays(days, years)
    return [*outcomes, outcome]


def seeded_until() -> dt.date | None:
    """The last holiday on record: deadlines beyond it count weekends only."""
    return Holiday.objects.aggregate(last=models.Max("date"))["last"]
