"""A clean history is found clean; heads are kept outside and stay consistent."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.audit.heads import BadHead, read_heads
from cases.audit.merkle import consistency_proof, consistent, leaf_hash
from cases.models import Event, Head, Leaf, Tree
from cases.services import checkpoint as service
from cases.services.checkpoint import Contradiction, checkpoint, outside, public_keys
from tests.audit.history import look, make_history
from tests.fixtures_world import Loaded
from tests.play import play

pytestmark = pytest.mark.django_db


def test_a_clean_history_is_whole(world: Loaded) -> None:
    make_history()
    result = look()
    assert result.whole, [finding.sentence() for finding in result.findings]
    assert result.events == Event.objects.count() == result.leaves > 30
    assert result.cases >= 3
    assert result.waiting == 0
    assert result.letters
    assert result.evidence
    assert "whole" in result.verdict() or "utuh" in result.verdict()


def test_events_after_the_last_head_wait_for_the_next(world: Loaded) -> None:
    make_history(letters=0)
    play("scenarios/03-terlambat-tidak-diregistrasi.yaml")
    result = look()
    assert result.whole, result.verdict()
    assert result.waiting > 0
    checkpoint()
    assert look().waiting == 0


def test_heads_are_kept_outside_signed_and_consistent(world: Loaded, outside_folder: Path) -> None:
    make_history(letters=0)
    heads = list(read_heads(outside_folder / "heads.jsonl"))
    assert len(heads) == Head.objects.count() > 2
    leaves = [leaf_hash(bytes.fromhex(digest)) for digest in outside().leaves(heads[-1].size)]
    assert len(leaves) == Leaf.objects.count()
    for first in heads:
        assert first.is_signed(public_keys())
        proof = consistency_proof(leaves, first.size)
        newest = heads[-1]
        assert consistent(
            first.size, bytes.fromhex(first.root), newest.size, bytes.fromhex(newest.root), proof
        )  # every earlier head is a beginning of the newest
    assert (outside_folder / "heads.jsonl").stat().st_mode & 0o077 == 0


def test_nothing_new_makes_no_head(world: Loaded) -> None:
    make_history(letters=0)
    before = Head.objects.count()
    assert checkpoint() == checkpoint()
    assert Head.objects.count() == before


def test_small_batches_make_the_same_tree(world: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 7)
    make_history(letters=0)
    assert look().whole
    assert Tree.objects.get().size == Event.objects.count()


def test_a_half_written_head_is_written_again(world: Loaded, outside_folder: Path) -> None:
    make_history(letters=0)
    path = outside_folder / "heads.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    assert look().whole
    checkpoint()
    assert path.read_bytes() == b"".join(lines)


def test_a_head_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    file.write_text('{"log":"x","size":1.5}\n')
    with pytest.raises(BadHead, match="line 1"):
        list(read_heads(file))


def test_a_contradiction_stops_signing(world: Loaded, outside_folder: Path) -> None:
    make_history(letters=0)
    path = outside_folder / "heads.jsonl"
    path.write_text(path.read_text().replace('"root":"', '"root":"0', 1).rstrip("\n") + "\n")
    last = path.read_text().splitlines()[-1]
    path.write_text(last.replace(f'"size":{Tree.objects.get().size}', f'"size":{Tree.objects.get().size + 5}') + "\n")
    with pytest.raises(Contradiction):
        checkpoint()
    assert not look().whole
