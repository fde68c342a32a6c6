"""The demo's world for any test: reference data, institutions, officers, employees of ``scenarios/_base.yaml``.

Used through the ``world`` fixture (``tests/conftest.py``).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.models import Institution, Officer, User
from cases.catalogue.loader import SOURCES, load_all
from cases.models import Employee, Holiday
from cases.scenario.schema import World, read_file
from cases.scenario.world import Stage
from tests.play import SCENARIOS

#: In an order in which rows find what they point to.
TABLES: tuple[type[models.Model], ...] = (
    *(source.model for source in SOURCES), Holiday, Institution, User, Officer, Employee,
)  # fmt: skip
_kept: dict[type[models.Model], list[Any]] = {}
_ids: dict[str, int] = {}


class Loaded:
    """The world as loaded: officers by their id in the file, institutions by code, employees by NIP."""

    def __init__(self) -> None:
        officers = Officer.objects.select_related("institution", "user").in_bulk(list(_ids.values()))
        self.officers: dict[str, Officer] = {name: officers[pk] for name, pk in _ids.items()}
        self.institutions: dict[str, Institution] = {row.code: row for row in Institution.objects.all()}
        self.employees: dict[str, Employee] = {row.nip: row for row in Employee.objects.select_related("employer")}

    def officer(self, name: str) -> Officer:
        """The officer with this id in ``scenarios/_base.yaml``: yuni, hendra, rina, pramono, agus, wahyu, sekar …"""
        return self.officers[name]


def load_world() -> Loaded:
    """Fill the tables: from the files the first time, from memory (a dozen inserts) afterwards."""
    if not _kept:
        load_all()
        world: World = read_file(SCENARIOS / "_base.yaml")[0].world
        _ids.update({name: officer.pk for name, officer in Stage().set_up(world).items()})
        _kept.update({table: list(table._default_manager.order_by("pk")) for table in TABLES})
    else:
        for table, rows in _kept.items():
            table._default_manager.bulk_create(rows)
    return Loaded()
