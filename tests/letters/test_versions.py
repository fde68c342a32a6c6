"""A template version is frozen once letters came from it: its files are held to the hashes noted then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from cases.letters import versions
from cases.letters.kinds import KINDS
from cases.models import Letter
from cases.services import letters as service
from tests.fixtures_world import Loaded


def test_every_version_is_what_was_noted() -> None:
    """Red? A frozen version's file changed: put it back and make the next version (docs/letters.md says how)."""
    for version in versions.manifest():
        assert versions.changed(int(version)) == [], version
    call_command("letter_versions")


def test_the_version_in_use_is_frozen_and_holds_every_kind() -> None:
    entry = versions.manifest()[str(versions.CURRENT)]
    assert entry["frozen"]
    for kind in KINDS.values():
        assert f"templates/{versions.template_of(versions.CURRENT, kind.template)}" in entry["files"]
    assert any(path.endswith("letters.css") for path in entry["files"])


def test_a_later_version_lies_in_a_folder_of_its_own() -> None:
    assert versions.template_of(1, "letters/summons.html") == "letters/summons.html"
    assert versions.template_of(3, "letters/summons.html") == "letters/v3/summons.html"
    assert versions.files_of(99) == {}


@pytest.fixture
def spoiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One template of the frozen version reads otherwise than it did."""
    path = "templates/letters/dinas.html"
    real = versions.files_of
    monkeypatch.setattr(versions, "files_of", lambda version: {**real(version), path: "0" * 64})
    versions.whole.cache_clear()
    yield path
    versions.whole.cache_clear()


def test_a_changed_file_is_noticed(spoiled: str) -> None:
    assert versions.changed(versions.CURRENT) == [spoiled]
    with pytest.raises(CommandError, match=r"dinas\.html"):
        call_command("letter_versions")
    with pytest.raises(CommandError, match="is frozen"):
        call_command("letter_versions", "--write")


@pytest.mark.django_db
def test_a_letter_is_not_made_from_changed_templates(world: Loaded, spoiled: str) -> None:
    from tests.access.stage import set_scenes

    set_scenes(("plenary",))
    letter = Letter.objects.filter(kind="assessment").latest("created_at")
    assert letter.template_version == versions.CURRENT
    failed = service.render_letter_now(str(letter.pk))
    assert failed.status != Letter.Status.READY
    assert failed.error == f"changed: {spoiled}"
