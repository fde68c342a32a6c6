"""Every word people read is there in Indonesian, and the catalogue is the one the sources ask for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import import_export
import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from accounts.roles import DESK_LABELS, DESK_PURPOSE
from cases.letters.kinds import KINDS
from cases.workflow import CLOCK_ACTS, STAGES, STATES, all_steps

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """``scripts/messages.py``, the command behind ``make messages``."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_complete_current_and_compiled(messages: ModuleType) -> None:
    """Nothing new in the sources, nothing gone, nothing untranslated or doubtful, placeholders equal, .mo from .po."""
    assert messages.problems() == []


def test_table_is_collected(messages: ModuleType) -> None:
    """Modules without Django mark their words with an ``_`` of their own; the catalogue must have them."""
    words = {
        *STAGES.values(),
        *(state.label for state in STATES),
        *(word for step in all_steps() for word in (step.label, step.help, step.done)),
        *(word for act in CLOCK_ACTS for word in (act.label, act.done)),
        *DESK_LABELS.values(),
        *DESK_PURPOSE.values(),
        *(kind.label for kind in KINDS.values()),
    }
    collected = {message.id for message in messages.collect()}
    assert words - collected == set()


def test_check_finds_each_fault(messages: ModuleType) -> None:
    """The check itself: an empty, a doubtful and a mutilated translation are all reported."""
    catalog: Catalog = messages.empty()
    catalog.add("empty", "")
    catalog.add("doubtful", "ragu", flags=["fuzzy"])
    catalog.add("%(n)d day left", "hari lagi")
    catalog.add("Review by {reviewer}", "Telaah {penelaah}")
    catalog.add("whole %(name)s", "utuh %(name)s")
    assert messages.untranslated(catalog) == ["empty", "doubtful"]
    assert len(messages.broken(catalog)) == 2


def test_words_arrive_on_screen() -> None:
    with translation.override("id"):
        assert translation.gettext("My tasks") == "Tugas saya"
        assert translation.ngettext("%(n)d working day left", "%(n)d working days left", 3) == "%(n)d hari kerja lagi"
        assert translation.pgettext("theme", "Dark") == "Gelap"
    with translation.override("en"):
        assert translation.gettext("My tasks") == "My tasks"
        assert translation.ngettext("%(n)d working day left", "%(n)d working days left", 1) == "%(n)d working day left"


def test_pages_of_a_library_speak_indonesian(messages: ModuleType) -> None:
    """What the export pages of django-import-export say has Indonesian words, from Django or from ``borrowed.txt``."""
    shown = Path(import_export.__file__).parent / "templates" / "admin" / "import_export"
    pages = [shown / f"{name}.html" for name in ("export", "resource_fields_list", "change_list_export_item")]
    same_in_both = {"Format"}
    with translation.override("id"):
        for page in pages:
            for function, words in messages.calls(page):
                key = messages.key_of(function, words)
                assert key is not None, (page.name, words)
                one = key[1] if isinstance(key[1], str) else key[1][0]
                said = translation.gettext(one) if isinstance(key[1], str) else translation.ngettext(*key[1], 2)
                assert said not in (one, key[1]) or one in same_in_both, f"{page.name}: {one}"
