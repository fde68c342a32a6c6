"""Every page about cases, as ``tests.screens.all_pages`` walks them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.screens.all_pages import played_scene, walk_through
from tests.screens.pages import ROWS
from tests.screens.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["played_scene"]


def test_every_page(browser: Browser, live_server: Any, scene: Scene) -> None:
    walk_through(browser, live_server.url, scene, [row for row in ROWS if row.view.startswith("cases:")])
