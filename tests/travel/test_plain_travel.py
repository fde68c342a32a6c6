"""The whole travel with JavaScript off."""

from __future__ import annotations

import pytest

from tests.travel.whole import At, at, travel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["at"]


@pytest.fixture
def scripts() -> bool:
    return False


def test_from_report_to_closed(at: At) -> None:
    travel(at, every_letter=False)
