"""Questions to the database whose text is put together once.

Django puts the text of a query together each time it is asked. For the door to a case that takes longer than the
database needs to answer, and every step waits for it under its lock. A ``Prepared`` builds the queryset once for each
shape, with a ``Hole`` where a value will stand, keeps the text, and afterwards only fills the holes. What is asked is
still written as a queryset, through the same doors as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import Value
from django.db.transaction import TransactionManagementError


class Hole(Value):
    """A place in a query for a value that is known only when it is asked."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A placeholder whose parameter is the hole itself."""
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Text:
    """The query of one shape on one database; ``sql`` is empty when it can have no answer."""

    sql: str
    params: tuple[Any, ...]
    model: Any
    columns: tuple[str, ...]
    compiler: Any
    converters: dict[int, Any]
    locks: bool


class Prepared:
    """A query for whole rows of one model: ``build`` makes its queryset from a shape, values come later by name.

    Whatever ``build`` branches on belongs into the shape, and nothing else, because texts are kept as long as the
    process lives.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any]]) -> None:
        self._build = build
        self._texts: dict[tuple[Hashable, ...], _Text] = {}

    def rows(self, *shape: Hashable, **values: Any) -> list[Any]:
        """The rows, as the queryset would give them.

        Raises KeyError for a hole without a value, TransactionManagementError when rows are to be locked outside a
        transaction.
        """
        key = (connection.vendor, *shape)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _text_of(self._build(*shape))
        if text.locks and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked inside a transaction only.")
        if not text.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(text.sql, [_filled(param, values) for param in text.params])
            found = cursor.fetchall()
        if text.converters:
            found = text.compiler.apply_converters(found, text.converters)
        return [text.model.from_db(connection.alias, text.columns, row) for row in found]


def _filled(param: Any, values: dict[str, Any]) -> Any:
    if not isinstance(param, Hole):
        return param
    return param.output_field.get_db_prep_value(values[param.value], connection)


def _text_of(queryset: models.QuerySet[Any]) -> _Text:
    query = queryset.query
    compiler = query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return _Text("", (), queryset.model, (), compiler, {}, query.select_for_update)
    selected = [expression for expression, _sql, _alias in compiler.select]
    columns = tuple(expression.target.attname for expression in selected)
    if columns != tuple(field.attname for field in queryset.model._meta.concrete_fields):
        raise TypeError("a prepared query asks for whole rows of its model and for nothing else")
    return _Text(
        sql, tuple(params), queryset.model, columns, compiler, compiler.get_converters(selected),
        query.select_for_update,
    )  # fmt: skip


def save_in_place(row: models.Model, columns: tuple[str, ...], *, where: dict[str, Any]) -> bool:
    """Write ``columns`` of ``row`` by one UPDATE whose text is kept; False when no row is as ``where`` says any more.

    For what every step writes under its lock. Signals are not sent: nothing here listens to any.
    """
    sql, fields, conditions = _update(type(row), columns, tuple(where))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    values += [field.get_db_prep_value(where[field.attname], connection) for field in conditions]
    values.append(row.pk)
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
