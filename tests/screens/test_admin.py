"""Administration: reference data belongs to the office, records are only read."""

from __future__ import annotations

import pytest

from cases.models import Election, Event
from tests.fixtures_world import Loaded
from tests.screens.browser import Person
from tests.screens.conftest import Told

pytestmark = pytest.mark.django_db
TABLES = (
    "election",
    "violationtype",
    "sanctiontype",
    "punishauthority",
    "deadlinerule",
    "holiday",
    "rank",
    "positionclass",
    "formcode",
    "legalinstrument",
    "stepbasis",
)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_reference_data_has_its_page(world: Loaded, table: str) -> None:
    assert Person(world.officer("admin")).get(f"/admin/cases/{table}/").status == 200


def test_saving_makes_the_row_the_offices(world: Loaded) -> None:
    admin = Person(world.officer("admin"))
    election = Election.objects.get(code="pilkada-2024")
    assert not election.edited_by_office
    address = f"/admin/cases/election/{election.pk}/change/"
    page = admin.get(address)
    form = next(form for form in page.forms if "name" in form.fields and "code" in form.fields)
    assert admin.client.post(address, form.fields | {"note": "Diperiksa."}).status_code == 302
    election.refresh_from_db()
    assert election.edited_by_office
    assert election.note == "Diperiksa."
    assert admin.client.post(f"/admin/cases/election/{election.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_history_is_read_by_who_may_see_the_case(world: Loaded, told: Told) -> None:
    case = told("accept")
    event = Event.objects.filter(case=case).first()
    assert event is not None
    auditor = Person(world.officer("sekar"))
    assert event.actor_name in auditor.get("/admin/cases/event/").text
    page = auditor.get(f"/admin/cases/event/{event.pk}/change/")
    assert page.status == 200
    assert auditor.client.post(f"/admin/cases/event/{event.pk}/change/", {"actor_name": "x"}).status_code == 403
    stranger = Person(world.officer("bondan"))
    assert event.actor_name not in stranger.get("/admin/cases/event/").text
    assert Person(world.officer("admin")).get("/admin/cases/event/").status in (403, 404)


def test_nobody_else_reaches_the_administration(world: Loaded) -> None:
    for name in ("hendra", "rina", "pramono", "suryo"):
        assert Person(world.officer(name)).get("/admin/").status == 404
