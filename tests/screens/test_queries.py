"""Pages ask the database a constant number of times, at most fifteen, however many cases there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.models import Case
from tests.fixtures_world import Loaded
from tests.screens.browser import MOST_QUERIES, Person, on

pytestmark = pytest.mark.django_db
PAGES = ("/", "/?group=later", "/cases/", "/cases/?q=Pegawai&stage=1", "/letters/")


def counted(person: Person) -> dict[str, int]:
    case = Case.objects.order_by("pk").first()
    assert case is not None
    tabs = [f"/cases/{case.number}/?tab={tab}" for tab in ("timeline", "evidence", "letters", "notes")]
    found = {}
    for url in (*PAGES, *tabs):
        with on("2024-11-02"):
            page = person.get(url)
        assert page.status == 200, url
        found[url] = page.queries
    return found


def test_ten_and_two_hundred_cases_cost_the_same(world: Loaded, many: Callable[[int], None]) -> None:
    person = Person(world.officer("yuni"))
    many(10)
    few = counted(person)
    many(190)
    assert Case.objects.count() == 200
    full = counted(person)
    assert few == full
    assert max(full.values()) <= MOST_QUERIES, full
