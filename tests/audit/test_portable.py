"""The second verifier: alone with a bundle, it accepts what is whole and nothing else."""

from __future__ import annotations

import ast
import dataclasses
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given

from accounts.models import Officer
from cases.audit import merkle, portable
from cases.audit.canonical import canonical
from cases.audit.heads import read_heads, sign
from cases.audit.keys import key_id, raw_public
from cases.models import Case, Event
from cases.sealed.reporter import open_identity
from cases.services.dossier import export_history
from cases.services.errors import WrongDesk
from tests.audit.history import look, make_history
from tests.audit.test_canonical import VALUES
from tests.audit.test_merkle import flipped, mutated, some
from tests.fixtures_world import Loaded

SOURCE = Path(portable.__file__)


def test_it_stands_alone_and_is_short() -> None:
    tree = ast.parse(SOURCE.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    assert len(SOURCE.read_text().splitlines()) <= 300


@given(VALUES)
def test_its_own_canonical_form_is_the_same(value: object) -> None:
    assert portable.canonical(value).encode() == canonical(value)


# RFC 8032 §7.1, tests 1 to 3, and the one with 1023 bytes is left to the library comparison below.
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_rfcs_own_signatures(public: str, message: str, signature: str) -> None:
    values = [bytes.fromhex(text) for text in (public, message, signature)]
    assert portable.signed(*values)
    assert not portable.signed(values[0], values[1] + b"x", values[2])


def test_ten_thousand_mutated_proofs_and_heads_are_refused() -> None:
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    counts = {"inclusion": 0, "consistency": 0, "heads": 0}
    while counts["inclusion"] + counts["consistency"] < 9600:
        size = rng.randrange(3, 70)
        leaves = some(size)
        root, index, first = merkle.root_of(leaves), rng.randrange(size), rng.randrange(1, size)
        proof, link = merkle.inclusion_proof(leaves, index), merkle.consistency_proof(leaves, first)
        old, leaf = merkle.root_of(leaves[:first]), leaves[index]
        assert portable.includes(root, size, index, leaf, proof)
        assert portable.consistent(first, old, size, root, link)
        doubled = merkle.root_of([*leaves, leaves[-1]])
        for bad in (
            (root, size + 1 if index == size - 1 and size & (size - 1) == 0 else 2 * size, index, leaf, proof),
            (root, size, (index + rng.randrange(1, size)) % size, leaf, proof),
            (root, size, index, merkle.node_hash(leaf, proof[0]), proof[1:]),  # a node taken for a leaf
            (root, size, index, flipped(leaf, rng), proof),
            (flipped(root, rng), size, index, leaf, proof),
            (doubled, size, index, leaf, proof),  # the last leaf twice
            (root, size, size, leaves[-1], proof),
            (root, size, -1, leaf, proof),
            *((root, size, index, leaf, other) for other in [mutated(proof, rng)] if other != proof),
        ):
            assert not portable.includes(*bad), (seed, bad)
            counts["inclusion"] += 1
        for worse in (
            (first, flipped(old, rng), size, root, link),
            (first, old, size, flipped(root, rng), link),
            (first, root, size, old, link),
            (first, old, size, doubled, link),
            (0, old, size, root, link),
            (size + 1, old, size, root, link),
            *((first, old, size, root, other) for other in [_shuffled(link, rng)] if other != link),
        ):
            assert not portable.consistent(*worse), (seed, worse)
            counts["consistency"] += 1
    key = Ed25519PrivateKey.generate()
    keys = {key_id(raw_public(key)): raw_public(key)}
    head = dataclasses.asdict(sign(key, log="x", size=9, root=b"\1" * 32, at="2024-11-29T00:00:00.000000Z"))
    assert portable.good_head(head, keys)
    while counts["heads"] < 400:
        name = rng.choice(["size", "root", "at", "log", "sig", "v"])
        value: Any = head[name] + rng.randrange(1, 99) if isinstance(head[name], int) else _other(head[name], rng)
        assert not portable.good_head({**head, name: value}, keys), (seed, name, value)
        counts["heads"] += 1
    assert not portable.good_head({**head, "key": "0" * 16}, keys)
    print(f"\nmutated and refused: {counts} (seed {seed})")
    assert sum(counts.values()) >= 10_000


def _shuffled(link: list[bytes], rng: random.Random) -> list[bytes]:
    """Like ``mutated``, but never only adding to or doubling what is not looked at."""
    return [flipped(step, rng) if at == 0 else step for at, step in enumerate(link)]


def _other(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice([c for c in "0123456789abcdef" if c != text[at]]) + text[at + 1 :]


# ---------------------------------------------------------------------- bundles


def read_heads_root(folder: Path) -> str:
    *_earlier, newest = read_heads(folder / "heads.jsonl")
    return newest.root


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The verifier as an auditor runs it: the file from the bundle, without the portal's packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), "--json", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else {"wrong": [done.stderr]}


@pytest.mark.django_db
def test_a_bundle_proves_itself_and_every_change_to_it_shows(
    world: Loaded, tmp_path: Path, outside_folder: Path, settings: Any
) -> None:
    make_history(letters=4)
    case = Case.objects.order_by("pk")[0]
    auditor = Officer.objects.get(role="AUDITOR", institution__region=case.bawaslu.region)
    target = io.BytesIO()
    counts = export_history(case=case, actor=auditor, target=target)
    assert counts["events"] == case.events.count()
    assert counts["files"] > 1
    assert Event.objects.get(stream="system:exports").case_number == case.number
    with pytest.raises(WrongDesk):
        export_history(case=case, actor=world.officer("yuni"), target=io.BytesIO())
    whole = tmp_path / "whole"
    zipfile.ZipFile(target).extractall(whole)
    assert auditor.name in (whole / "README.txt").read_text()
    reporter = open_identity(case.report.sealed_reporter)
    for path in whole.glob("*.*"):
        if path.suffix != ".pdf":
            assert reporter["name"] not in path.read_text()
    paper = pypdfium2.PdfDocument(whole / "dossier.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert case.subject_name in text
    assert auditor.name in text
    assert read_heads_root(outside_folder) in text.replace("\r", "").replace("\n", "")
    assert reporter["name"] not in text
    assert len(paper) > 2
    code, told = run(
        whole, "--keys", settings.HISTORY_KEY_FILE + ".pub", "--heads", str(outside_folder / "heads.jsonl")
    )
    assert (code, told["ok"], told["events"]) == (0, True, counts["events"]), told
    assert run(whole)[0] == 0

    def spoil(name: str, change: Any) -> None:
        broken = tmp_path / "broken"
        shutil.rmtree(broken, ignore_errors=True)
        shutil.copytree(whole, broken)
        path = next(broken.glob(name))
        path.write_bytes(change(path.read_bytes()))
        code, told = run(broken)
        assert code in (1, 2), (name, told)
        assert told["wrong"]

    lines = (whole / "events.jsonl").read_bytes().splitlines(keepends=True)
    spoil("events.jsonl", lambda _data: b"".join(lines[1:]))
    spoil("events.jsonl", lambda _data: b"".join(lines[:2] + lines[3:]))
    spoil("events.jsonl", lambda _data: b"".join([lines[1], lines[0], *lines[2:]]))
    spoil("events.jsonl", lambda data: data.replace(b'"kind":"STEP"', b'"kind":"NOTE"', 1))
    spoil("events.jsonl", lambda data: data.replace(b'"reason":""', b'"reason":"x"', 1))
    spoil("events.jsonl", lambda data: data.replace(b'"index":0', b'"index":1', 1))
    spoil("heads.jsonl", lambda data: data.replace(b'"size":', b'"size":1', 1))
    spoil("heads.jsonl", lambda data: data.replace(b'"root":"', b'"root":"0', 1))
    spoil("proofs.json", lambda data: data.replace(b'["', b'["00', 1))
    spoil("case.json", lambda data: data.replace(case.state.encode(), b"received"))
    spoil("files/*.pdf", lambda data: data + b" ")
    assert look().whole
