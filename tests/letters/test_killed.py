"""A worker is killed with -9 between any two parts of making a letter; after the sweep the letter exists exactly once.

Real processes on the session's database: the worker is forked, killed where the test says, and the rest is the
sweeper's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from cases.clock import travel
from cases.letters import press
from cases.models import Event, Letter, NumberSeries
from cases.services import letters as service
from cases.services.letters import render_letter_now, sweep
from cases.services.move import move
from tests.access.stage import Scene, answers, set_scenes
from tests.fixtures_world import Loaded

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(world: Loaded) -> Scene:
    """A case whose assessment is to be submitted: one event, one letter, one number."""
    return set_scenes(("assessment",))["assessment"]


def take(scene: Scene, world: Loaded) -> None:
    """Submit the assessment."""
    actor = world.officer("yuni")
    with travel(scene.at):
        given = answers("propose", scene, actor)
        move(case=scene.case, step="propose", actor=actor, seen=scene.case.seen_token, **given)


def in_a_process_that_dies(work: Callable[[], Any]) -> None:
    """Fork, work, and be killed on the way. The parent's connections are not touched."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(7)
    _pid, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), f"it was to be killed and ended with {os.waitstatus_to_exitcode(status)}"
    assert os.WTERMSIG(status) == signal.SIGKILL


def die(*_: object, **__: object) -> None:
    """Kill -9 of oneself."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, and then death."""

    def wrapped(*given: Any, **named: Any) -> None:
        function(*given, **named)
        die()

    return wrapped


def exactly_once() -> None:
    """One letter, made, with its bytes, its number and one event; nothing else of it is lying about."""
    (letter,) = Letter.objects.filter(kind="assessment")
    assert letter.status == Letter.Status.READY
    with letter.file.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == letter.sha256
    made = Event.objects.filter(name="letter_made")
    assert [event.data["sha256"] for event in made if event.data["letter"] == str(letter.pk)] == [letter.sha256]
    assert NumberSeries.objects.get(scope="bawaslu-kota-blitar", series="assessment").last == letter.serial == 1
    _folders, files = letter.file.storage.listdir(f"letters/{letter.pk.hex[:2]}")
    assert [name for name in files if name.startswith(letter.pk.hex)] == [letter.file.name.rpartition("/")[2]]


def test_killed_before_the_commit_nothing_happened(
    scene: Scene, world: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cases.services import move as mover

    with monkeypatch.context() as patched:
        patched.setattr(mover, "issue_letters", after(service.issue_letters))
        in_a_process_that_dies(lambda: take(scene, world))
    assert not Letter.objects.filter(kind="assessment").exists()
    assert not NumberSeries.objects.filter(scope="bawaslu-kota-blitar", series="assessment").exists()
    take(scene, world)
    sweep(older_than=dt.timedelta())
    exactly_once()


def test_killed_in_the_middle_of_writing_the_letter_is_whole(
    scene: Scene, world: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the bytes lie on the disk; the next worker must not take them for the letter."""
    take(scene, world)
    (letter,) = Letter.objects.filter(kind="assessment")

    def half(file: ContentFile, chunk_size: int | None = None) -> Iterator[bytes]:
        whole = file.read()
        yield whole[: len(whole) // 2]
        die()

    with monkeypatch.context() as patched:
        patched.setattr(ContentFile, "chunks", half)
        patched.setattr(service.conformance, "check", lambda _pdf: None)
        in_a_process_that_dies(lambda: render_letter_now(str(letter.pk)))
    sweep(older_than=dt.timedelta())
    exactly_once()


#: Where a worker dies: between numbering and rendering, rendering and sealing, sealing and checking, checking and
#: storing, storing and putting it on record, and after that.
PLACES: dict[str, tuple[Any, str, bool]] = {
    "numbered": (press.Press, "print", False),
    "rendered": (press.Press, "print", True),
    "sealing": (service, "seal_pdf", False),
    "sealed": (service, "seal_pdf", True),
    "storing": (service, "_release", False),
    "stored": (service, "_release", True),
}


@pytest.mark.parametrize("place", PLACES)
def test_killed_anywhere_the_letter_exists_once(
    scene: Scene, world: Loaded, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    take(scene, world)
    (letter,) = Letter.objects.filter(kind="assessment")
    owner, name, afterwards = PLACES[place]
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, after(getattr(owner, name)) if afterwards else die)
        # The validator's threads do not survive a fork; the sweep below checks the letter with it.
        patched.setattr(service.conformance, "check", lambda _pdf: None)
        in_a_process_that_dies(lambda: render_letter_now(str(letter.pk)))
    sweep(older_than=dt.timedelta())
    sweep(older_than=dt.timedelta())
    exactly_once()
