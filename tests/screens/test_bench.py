"""The measurement of pages runs and says what it compared; the numbers themselves are nobody's test."""

from __future__ import annotations

import pytest

from cases.models import Case
from portal import permissions
from portal.bench import pages

pytestmark = pytest.mark.django_db


def test_pages_are_measured_beside_the_changelist() -> None:
    said: list[str] = []
    result = pages.run(say=said.append, scale=0.004, part="")
    assert set(result["ratios"]) >= {"vs_admin_changelist", "tasks_vs_admin_changelist", "case_vs_admin_changelist"}
    goal = result["goals"]["vs_admin_changelist"]
    assert goal["met"] is (min(result["ratios"].values()) >= pages.GOAL)
    assert Case.objects.filter(number__startswith="2099-").count() == 20
    assert [line for line in said if "admin changelist" in line and "queries" in line]
    assert "peer:*" not in permissions.PERMISSIONS
