"""One UPDATE whose text is put together once, for what every step writes under its lock while others wait."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db import connection, models

NOTHING_ELSE: Mapping[str, Any] = MappingProxyType({})


def save_in_place(row: models.Model, columns: tuple[str, ...], *, where: Mapping[str, Any] = NOTHING_ELSE) -> bool:
    """Write ``columns`` of ``row`` by one UPDATE whose text is kept; False when no row is as ``where`` says any more.

    For what every step writes under its lock. Signals are not sent: nothing here listens to any.
    """
    sql, fields, conditions = _update(type(row), columns, tuple(where))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    values += [field.get_db_prep_value(where[field.attname], connection) for field in conditions]
    values.append(row._meta.pk.get_db_prep_value(row.pk, connection))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.rowcount == 1)


@cache
def _update(
    model: type[models.Model], columns: tuple[str, ...], where: tuple[str, ...]
) -> tuple[str, list[Any], list[Any]]:
    known: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
    fields, conditions = [known[name] for name in columns], [known[name] for name in where]
    text = (
        f'UPDATE "{model._meta.db_table}" SET '  # noqa: S608 -- names of our own table and columns
        + ", ".join(f'"{field.column}" = %s' for field in fields)
        + " WHERE "
        + " AND ".join(f'"{field.column}" = %s' for field in (*conditions, model._meta.pk))
    )
    return text, fields, conditions
