"""Queries that are put into SQL once and asked again and again.

Django builds and compiles a query anew each time; for the long ones of the pages (who may see what, with counts) that
costs several times what the database needs to answer. Here the queryset is built once for everything that shapes it,
and what differs from person to person and case to case is put in when it is asked. Rows are always read fresh: nothing
that comes out of the database is kept.

No person's right can end up in another's query, because the one who builds it never sees a person: ``Reader`` has the
desk, and names in place of values.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression, QuerySet, Value
from django.db.transaction import TransactionManagementError

from accounts.roles import Desk

if TYPE_CHECKING:
    from accounts.models import Officer

#: Prepared statements kept in a process: pages × desks, with some filters.
KEPT = 512
#: What may shape a query.
SIMPLE = (str, int, bool)


class Late(Expression):
    """A value of a prepared query that is put in when it is asked: here only its name stands."""

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A place for the value."""
        return "%s", [_Place(self.name)]

    def get_group_by_cols(self) -> list[Any]:
        """Nothing to group by: it is one value."""
        return []


@dataclass(frozen=True, slots=True)
class _Place:
    name: str


@dataclass(frozen=True, slots=True)
class _Seat:
    """The reader's institution: whether it has a region, not which."""

    pk: Late
    region: Late | str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as far as it shapes a query: the desk, whether there is a NIP and a region. Stands for an Officer."""

    desk: Desk
    has_nip: bool
    has_region: bool

    @property
    def pk(self) -> Late:
        """The desk's row."""
        return Late("officer")

    @property
    def institution_id(self) -> Late:
        """Its institution."""
        return Late("institution")

    @property
    def institution(self) -> _Seat:
        """Its institution."""
        return _Seat(Late("institution"), Late("region") if self.has_region else "")

    @property
    def nip(self) -> Late | str:
        """The person's NIP; empty for one without."""
        return Late("nip") if self.has_nip else ""

    @property
    def person_key(self) -> Late:
        """The person."""
        return Late("person")


def _values_of(officer: Officer | None) -> dict[str, Any]:
    return {} if officer is None else {
        "officer": officer.pk, "institution": officer.institution_id, "region": officer.institution.region,
        "nip": officer.nip, "person": officer.person_key,
    }  # fmt: skip


class _Statement:
    """A queryset in SQL, with the places of its late values."""

    def __init__(self, rows: QuerySet[Any], using: str) -> None:
        self.rows, self.using, self.none, self.locks = rows, using, False, rows.query.select_for_update
        self.compiler = rows.query.get_compiler(using)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.none = True
            return
        columns = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def ask(self, values: dict[str, Any]) -> Iterable[Any]:
        """The rows as the queryset would give them.

        Raises TransactionManagementError when rows are to be locked outside a transaction, on SQLite as well.
        """
        if self.locks and connections[self.using].get_autocommit():
            raise TransactionManagementError("Rows are locked inside a transaction only.")
        if self.none:
            return []
        iterable: Any = self.rows._iterable_class
        return iterable(_Asked(self, values))

    def plain(self, values: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
        """The rows as the driver hands them over, in values SQL knows: a day may be text."""
        if self.none:
            return ()
        connection = connections[self.using]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, _filled(self.params, values, connection))
            return tuple(map(tuple, cursor.fetchall()))


class _Asked:
    """What Django turns into rows: stands for the queryset and its query, with the statement ready and filled."""

    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, statement: _Statement, values: dict[str, Any]) -> None:
        self.statement, self.values = statement, values
        self.db, self.model, self._fields = statement.using, statement.rows.model, statement.rows._fields  # type: ignore[attr-defined]
        self.query = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.statement.rows.query, name)

    def get_compiler(self, using: str) -> Any:
        """A compiler that has done its work, on this thread's connection."""
        connection = connections[using]
        params = _filled(self.statement.params, self.values, connection)
        compiler = copy.copy(self.statement.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (self.statement.sql, params)
        compiler.get_converters = lambda _columns: self.statement.converters
        return compiler


def _filled(params: Iterable[Any], values: dict[str, Any], connection: Any) -> list[Any]:
    """The parameters with the late values in their places."""
    return [_fit(values[param.name], connection) if isinstance(param, _Place) else param for param in params]


def _fit(value: Any, connection: Any) -> Any:
    """A day as this database takes it."""
    return connection.ops.adapt_datefield_value(value) if type(value) is dt.date else value


@lru_cache(maxsize=KEPT)
def _statement(
    build: Callable[..., QuerySet[Any]],
    reader: Reader | None,
    shape: tuple[Hashable, ...],
    names: tuple[str, ...],
    using: str,
) -> _Statement:
    return _Statement(build(reader, *shape, **{name: Late(name) for name in names}), using)


def forget() -> None:
    """Prepare everything anew: for tests that change a door."""
    _statement.cache_clear()


class Prepared:
    """``ask(officer, *shape, **values)`` gives the rows of ``build(reader, *shape, **late)``; no officer, no reader.

    ``shape`` is whatever changes the SQL itself (which filters, which page): plain values, part of the key. ``values``
    are put in late. Raises TypeError for a shape that is not plain: two models are equal by their key, whatever else
    they hold.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build

    def __call__(self, officer: Officer | None, *shape: Hashable, **values: Any) -> list[Any]:
        """All rows."""
        return list(self.rows(officer, *shape, **values))

    def first(self, officer: Officer | None, *shape: Hashable, **values: Any) -> Any:
        """The first row; None without any."""
        return next(iter(self.rows(officer, *shape, **values)), None)

    def rows(self, officer: Officer | None, *shape: Hashable, **values: Any) -> Iterator[Any]:
        """The rows, read now."""
        statement = self._statement(officer, shape, values)
        yield from statement.ask({**_values_of(officer), **values})

    def plain(self, officer: Officer | None, *shape: Hashable, **values: Any) -> tuple[tuple[Any, ...], ...]:
        """The rows, read now, as the driver hands them over: for what is made of them only when they are others."""
        return self._statement(officer, shape, values).plain({**_values_of(officer), **values})

    def _statement(self, officer: Officer | None, shape: tuple[Hashable, ...], values: dict[str, Any]) -> _Statement:
        if not all(isinstance(part, SIMPLE) for part in shape):
            raise TypeError("What shapes a prepared query is plain text, number or yes and no.")
        reader = officer and Reader(officer.desk, bool(officer.nip), bool(officer.institution.region))
        return _statement(self.build, reader, shape, tuple(values), DEFAULT_DB_ALIAS)


def in_all(rows: QuerySet[Any], **counts: Any) -> QuerySet[Any]:
    """One row with counts over all the rows, as a queryset: ``aggregate`` would ask at once."""
    return rows.order_by().annotate(all_=Value(1)).values("all_").annotate(**counts).values_list(*counts)


def prepared(build: Callable[..., QuerySet[Any]]) -> Prepared:
    """Make a function that builds a queryset for a ``Reader`` into one that asks it for an officer."""
    return Prepared(build)
