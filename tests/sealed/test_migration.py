"""Reporters recorded before sealing are sealed when the database is brought up to date, and can be brought back."""

from __future__ import annotations

from importlib import import_module
from typing import Self

import pytest
from django.apps import apps
from django.db import connection

from cases.models import Reporter, SealedKey
from cases.sealed.reporter import open_identity, open_statement
from tests.sealed.conftest import identity

MIGRATION = import_module("cases.migrations.0009_sealed")


@pytest.mark.django_db
def test_clear_rows_are_sealed_and_come_back(reporters: list[Reporter]) -> None:
    SealedKey.objects.all().delete()
    for number, reporter in enumerate(reporters):
        Reporter.objects.filter(pk=reporter.pk).update(statement="Kata saya", **identity(number))
    with connection.schema_editor(atomic=False) if connection.vendor != "sqlite" else Editor() as editor:
        MIGRATION.seal(apps, editor)
        for number, reporter in enumerate(Reporter.objects.order_by("pk")):
            assert reporter.name != identity(number)["name"]
            assert open_identity(reporter) == identity(number)
            assert open_statement(reporter) == "Kata saya"
        MIGRATION.unseal(apps, editor)
    assert Reporter.objects.order_by("pk")[0].name == identity(0)["name"]


class Editor:
    """SQLite's own editor refuses to start inside a test's transaction; the data part needs its connection only."""

    connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return
