"""Filters that say how many rows each of their values would show. All of it lives in the address.

The rows of a list are grouped once, in the database, by every column that any filter looks at; from these few groups
("cells") come the counts of every value, of saved views and of the list itself. A count is the number of rows behind
its link: the other filters stay as they are, this one takes the value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from accounts.models import Officer
from cases.fields import Where, shown

Cell = Mapping[str, Any]
#: Column of a cell that holds how many rows it stands for.
ROWS = "n_rows"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: what people read, how many rows its link shows, whether it is chosen now."""

    value: str
    label: str
    count: int
    current: bool
    query: str


class FacetFilter(django_filters.CharFilter):
    """A filter with counts.

    ``columns`` are what the cells are grouped by; ``of`` gives the values a cell has, with their labels; ``where`` is
    the condition of a value on a row and must mean the same; ``known`` gives the label of a value that no row has now,
    empty when there is no such value. ``reads`` are the fields of a case it tells of (``cases.fields``).
    """

    def __init__(
        self,
        *,
        reads: Sequence[str],
        columns: Sequence[str],
        of: Callable[[Cell], Mapping[str, str]],
        where: Callable[[str], Q],
        known: Callable[[str], str] = lambda _value: "",
        order: Callable[[str], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.reads = tuple(reads)
        self.columns, self.of, self.where, self.known, self.order = tuple(columns), of, where, known, order
        super().__init__(**kwargs)

    def filter(self, rows: Any, value: str) -> Any:
        """The rows that have the value."""
        return rows.filter(self.where(value)) if value else rows


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter as a page draws it: its values with counts, the one chosen, and the address without it."""

    name: str
    label: str
    choices: list[Choice]
    chosen: Choice | None
    without: str


class FacetedList(django_filters.FilterSet):
    """A list with counted filters. ``facets`` are drawn; other filters (a search) narrow the rows beforehand.

    ``officer`` is set by whoever makes the list, before ``__init__``.
    """

    officer: Officer

    #: Parameters of the address that are no filters and stay when one is chosen.
    kept: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, *, queryset: QuerySet[Any]) -> None:
        super().__init__(data, queryset=queryset)
        self.asked = data

    def add(self, name: str, given: FacetFilter) -> None:
        """Add a counted filter, unless it counts by a field that the desk does not read."""
        if not all(shown(field, self.officer.desk.kind, Where.FACET) for field in given.reads):
            return
        given.field_name, given.parent, given.model = name, self, self.queryset.model
        self.filters[name] = given

    @property
    def facet_filters(self) -> dict[str, FacetFilter]:
        """The counted filters by their name in the address."""
        return {name: given for name, given in self.filters.items() if isinstance(given, FacetFilter)}

    @cached_property
    def answers(self) -> dict[str, str]:
        """What the address asks, cleaned; a value that cannot be read counts as unknown."""
        self.form.is_valid()
        return {name: str(value) for name, value in self.form.cleaned_data.items() if value not in (None, "")}

    @cached_property
    def rows(self) -> Any:
        """The rows before any counted filter."""
        found = self.queryset
        for name, given in self.filters.items():
            if not isinstance(given, FacetFilter) and self.answers.get(name):
                found = given.filter(found, self.answers[name])
        return found

    @cached_property
    def cells(self) -> list[Cell]:
        """The rows grouped by every column of the counted filters: one query."""
        columns = list(dict.fromkeys(column for facet in self.facet_filters.values() for column in facet.columns))
        return list(self.rows.order_by().values(*columns).annotate(**{ROWS: Count("pk")}))

    @cached_property
    def _values(self) -> dict[str, list[Mapping[str, str]]]:
        return {name: [facet.of(cell) for cell in self.cells] for name, facet in self.facet_filters.items()}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The values that rows have, with their labels, by filter."""
        found: dict[str, dict[str, str]] = {}
        for name, cells in self._values.items():
            found[name] = {value: label for cell in cells for value, label in cell.items()}
        return found

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The counted filters in force: asked for and known."""
        return {
            name: self.answers[name]
            for name in self.facet_filters
            if name in self.answers and self.label(name, self.answers[name])
        }

    @cached_property
    def unknown(self) -> list[tuple[str, str]]:
        """(filter, value) of what the address asks and nobody knows: left out, and said so."""
        understood = {*self.chosen, *(name for name in self.answers if name not in self.facet_filters)}
        return [
            (str(given.label), self.asked.get(name, "").replace("\x00", "")[:60])
            for name, given in self.filters.items()
            if self.asked.get(name, "").strip() and name not in understood
        ]

    @cached_property
    def _known(self) -> dict[tuple[str, str], str]:
        return {}

    def label(self, name: str, value: str) -> str:
        """What people read for a value; empty for one that does not exist."""
        if value in self.labels[name]:
            return self.labels[name][value]
        if (name, value) not in self._known:
            self._known[name, value] = self.facet_filters[name].known(value)
        return self._known[name, value]

    @property
    def qs(self) -> Any:
        """The rows that every filter lets through."""
        found = self.rows
        for name, value in self.chosen.items():
            found = self.facet_filters[name].filter(found, value)
        return found

    def matching(self, chosen: Mapping[str, str]) -> Iterable[Cell]:
        """Cells that have all the values chosen."""
        for index, cell in enumerate(self.cells):
            if all(value in self._values[name][index] for name, value in chosen.items()):
                yield cell

    def count(self, chosen: Mapping[str, str] | None = None) -> int:
        """How many rows have the values chosen (default: those in force)."""
        return sum(cell[ROWS] for cell in self.matching(self.chosen if chosen is None else chosen))

    def counts(self, name: str) -> Counter[str]:
        """How many rows each value of one filter would show, the other filters in force."""
        others = {other: value for other, value in self.chosen.items() if other != name}
        found: Counter[str] = Counter()
        for index, cell in enumerate(self.cells):
            if all(value in self._values[other][index] for other, value in others.items()):
                for value in self._values[name][index]:
                    found[value] += cell[ROWS]
        return found

    def query(self, **changed: str) -> str:
        """The address's filters with some of them changed; an empty value takes one out. Always in one order."""
        asked = QueryDict(mutable=True)
        for name in (*self.filters, *self.kept):
            here = self.chosen if name in self.facet_filters else self.answers if name in self.filters else self.asked
            value = changed.get(name, here.get(name, ""))
            if value:
                asked[name] = value
        return asked.urlencode()

    def facet(self, name: str) -> Facet:
        """One filter as a page draws it: values that have rows, and the one chosen even without any."""
        given, counts = self.facet_filters[name], self.counts(name)
        chosen = self.chosen.get(name, "")
        values = sorted({*(value for value in counts if counts[value]), *filter(None, [chosen])},
                        key=given.order or (lambda value: self.label(name, value).casefold()))  # fmt: skip
        choices = [
            Choice(
                value, self.label(name, value), counts[value], value == chosen,
                self.query(**{name: "" if value == chosen else value}),
            )
            for value in values
        ]  # fmt: skip
        return Facet(
            name, str(given.label), choices, next((c for c in choices if c.current), None), self.query(**{name: ""})
        )

    @cached_property
    def facets(self) -> list[Facet]:
        """Every filter that offers a choice."""
        drawn = [self.facet(name) for name in self.facet_filters]
        return [facet for facet in drawn if len(facet.choices) > 1 or facet.chosen]

    def count_of(self, query: str) -> int:
        """How many rows a saved set of filters shows. Only for sets without a search."""
        saved = QueryDict(query)
        chosen = {name: value for name in self.facet_filters if (value := saved.get(name)) and self.label(name, value)}
        return self.count(chosen)
