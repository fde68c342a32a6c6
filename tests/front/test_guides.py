"""The guides per desk cannot rot: their pictures are taken by ``make shots``, their buttons stand in the table."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.roles import DESK_LABELS
from cases.workflow import INTAKE, STEPS
from tests.screens.pages import ROWS, WRONG

ROOT = Path(settings.BASE_DIR)
GUIDES = sorted((ROOT / "docs" / "panduan").glob("*.md"))


@pytest.fixture(scope="module")
def shots() -> Any:
    spec = importlib.util.spec_from_file_location("shots", ROOT / "scripts" / "shots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["shots"] = module
    spec.loader.exec_module(module)
    return module


def test_every_picture_is_taken_by_the_command(shots: Any) -> None:
    folder = ROOT / "docs" / "shots"
    taken = {shot.file(size) for shot in shots.SHOTS for size in shot.sizes}
    named = {
        name
        for guide in (*GUIDES, ROOT / "README.md")
        for name in re.findall(r"shots/([\w-]+\.png)", guide.read_text())
    }
    assert named <= taken
    lying = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert lying == taken, "make shots, and delete what no shot is called"
    assert sum((folder / name).stat().st_size for name in taken) < 12_000_000


def test_every_page_has_its_pictures(shots: Any) -> None:
    """Each row of the browser tests' list: one as wide as a screen, one as a phone, in both themes."""
    met = Counter(address for shot in shots.SHOTS if shot.every for address in shot.way)
    rows = Counter(row.address for row in (*ROWS, *WRONG))
    assert met == {address: 2 * count for address, count in rows.items()}
    assert {shot.theme for shot in shots.SHOTS if shot.every} == {"light", "dark"}


def test_every_button_named_is_one_and_every_step_is_explained() -> None:
    with override("id"):
        buttons = {_(step.label) for step in (INTAKE, *STEPS)}
    bold = {" ".join(name.split()) for guide in GUIDES for name in re.findall(r"\*\*([^*]+)\*\*", guide.read_text())}
    assert bold - buttons == {"tebal"}, "a name in bold is a button"
    assert buttons - bold == set(), "a step no guide tells of"


def test_every_desk_has_its_guide() -> None:
    text = "\n".join(guide.read_text() for guide in GUIDES).casefold()
    with override("id"):
        for label in DESK_LABELS.values():
            words = _(label).casefold()
            assert words.split(",")[0].split(" (")[0] in text, words
    names = {guide.name for guide in GUIDES}
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs/panduan/README.md").read_text())) == names - {
        "README.md"
    }
