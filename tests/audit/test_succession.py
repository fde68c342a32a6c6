"""After an institution handed its cases on, the history still says whose each case is."""

from __future__ import annotations

import pytest
from django.db import transaction

from cases.models import Case
from cases.services.checkpoint import checkpoint
from cases.services.succession import succeed
from tests.access.stage import set_scenes
from tests.accounts.conftest import institution
from tests.audit.history import look
from tests.fixtures_world import Loaded

pytestmark = pytest.mark.django_db

COLUMNS = {"BAWASLU": "bawaslu", "REVIEWER": "reviewer", "BKPSDM": "employer"}


def values(number: str) -> list[tuple[int | None, str]]:
    """Findings about columns of a case: at which event, which column."""
    found = [finding for finding in look().findings if finding.code == "value" and finding.stream == f"case:{number}"]
    return [(finding.seq, finding.detail.partition(":")[0]) for finding in found]


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_case_handed_on_and_quietly_put_back_is_found(world: Loaded, kind: str) -> None:
    scene = set_scenes(("examination",))["examination"]
    column, case = COLUMNS[kind], Case.objects.get(pk=scene.case.pk)
    old = getattr(case, column)
    new = institution(kind, f"{kind.lower()}-baru", name="Pengganti", region=old.region, letterhead=["PENGGANTI"])
    asked, decided = world.officer("admin"), world.officer("admin2")
    before = case.last_seq
    with transaction.atomic():
        assert succeed(old=old, new=new, asked=asked, decided=decided, reason="Perda 1/2026") == 1
    checkpoint()
    assert look().findings == []
    assert getattr(Case.objects.get(pk=case.pk), column) == new
    Case.objects.filter(pk=case.pk).update(**{column: old})
    assert values(case.number) == [(before + 1, column)]


@pytest.mark.parametrize("column", list(COLUMNS.values()))
def test_a_case_given_to_another_institution_without_an_event_is_found(world: Loaded, column: str) -> None:
    case = set_scenes(("examination",))["examination"].case
    checkpoint()
    assert values(case.number) == []
    other = institution("BKPSDM", "lain", name="Lain", letterhead=["LAIN"])
    Case.objects.filter(pk=case.pk).update(**{column: other})
    [(seq, found)] = values(case.number)
    assert (found, bool(seq)) == (column, True)
