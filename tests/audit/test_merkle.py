"""The Merkle tree against RFC 6962's own words, its published example, and mutated proofs."""

from __future__ import annotations

import hashlib
import random

import pytest

from cases.audit import merkle
from cases.audit.merkle import consistency_proof, consistent, includes, inclusion_proof, leaf_hash, node_hash, root_of

# The input and roots of the certificate-transparency reference implementation's test.
REFERENCE = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, as written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def some(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


def test_the_reference_roots() -> None:
    leaves = [leaf_hash(bytes.fromhex(data)) for data in REFERENCE]
    assert [root_of(leaves[: n + 1]).hex() for n in range(8)] == ROOTS
    assert root_of([]) == by_definition([]) == merkle.EMPTY_ROOT


def test_every_root_and_proof_up_to_seventy() -> None:
    leaves = some(70)
    for size in range(1, 71):
        root = root_of(leaves[:size])
        assert root == by_definition(leaves[:size])
        for index in range(size):
            assert includes(root, size, index, leaves[index], inclusion_proof(leaves[:size], index))
        for first in range(1, size + 1):
            proof = consistency_proof(leaves[:size], first)
            assert consistent(first, root_of(leaves[:first]), size, root, proof)


def test_a_frontier_goes_on_from_its_peaks() -> None:
    leaves = some(40)
    frontier = merkle.Frontier()
    for count, leaf in enumerate(leaves, 1):
        frontier = merkle.Frontier(frontier.size, frontier.peaks)
        frontier.append(leaf)
        assert frontier.root() == root_of(leaves[:count])
    with pytest.raises(ValueError, match="peak"):
        merkle.Frontier(5, [b"x"])


def flipped(value: bytes, rng: random.Random) -> bytes:
    changed = bytearray(value)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def mutated(proof: list[bytes], rng: random.Random) -> list[bytes]:
    proof = list(proof)
    act = rng.randrange(6)
    if act == 0 and proof:
        at = rng.randrange(len(proof))
        proof[at] = flipped(proof[at], rng)
    elif act == 1 and proof:
        del proof[rng.randrange(len(proof))]
    elif act == 2:
        proof.insert(rng.randrange(len(proof) + 1), rng.randbytes(32))
    elif act == 3 and len(proof) > 1:
        at = rng.randrange(len(proof) - 1)
        proof[at], proof[at + 1] = proof[at + 1], proof[at]
    elif act == 4 and proof:
        proof.append(proof[-1])
    elif act == 5 and proof:
        proof[0] = proof[0][:31]
    return proof


def test_mutated_proofs_are_refused() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    refused = 0
    while refused < 5000:
        size = rng.randrange(2, 40)
        leaves = some(size)
        root, index, first = root_of(leaves), rng.randrange(size), rng.randrange(1, size + 1)
        proof, link = inclusion_proof(leaves, index), consistency_proof(leaves, first)
        leaf, old = leaves[index], root_of(leaves[:first])
        attacks = [
            includes(root, size, index, leaf, proof) if (bad := mutated(proof, rng)) == proof else
            includes(root, size, index, leaf, bad),
            includes(flipped(root, rng), size, index, leaf, proof),
            includes(root, size, index, flipped(leaf, rng), proof),
            includes(root, size, (index + 1) % size, leaf, proof),
            includes(root, size, index, node_hash(leaf, proof[0]), proof[1:]),  # a node taken for a leaf
            consistent(first, flipped(old, rng), size, root, link),
            consistent(first, old, size, flipped(root, rng), link),
            first != size and consistent(first, old, size, root, mutated(link, rng)) and False,
        ]  # fmt: skip
        if bad == proof:
            attacks.pop(0)
        assert not any(attacks), (seed, size, index, first, attacks)
        refused += len(attacks)
    print(f"{refused} mutated proofs refused")
