"""The Merkle tree of RFC 6962 (§2.1) over all events in commit order: roots, proofs, and checking proofs.

A leaf's data is the event's hash (32 bytes). Checking follows RFC 9162 §2.1.3.2 and §2.1.4.2. No database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: ``SHA-256(0x00 ‖ data)``."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: ``SHA-256(0x01 ‖ left ‖ right)``."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree that remembers only the roots of its complete subtrees: a few hashes, whatever its size."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError("a tree has one peak for each binary one of its size")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash on the right."""
        size = self.size
        while size & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            size >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


class Tree:
    """Leaf hashes with the roots of their subtrees, each reckoned once: many proofs over one tree."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self._roots: dict[tuple[int, int], bytes] = {}

    def root(self, low: int = 0, high: int | None = None) -> bytes:
        """The root over leaves ``low`` up to, not including, ``high``."""
        high = len(self.leaves) if high is None else high
        if high == low:
            return EMPTY_ROOT
        if high - low == 1:
            return self.leaves[low]
        known = self._roots.get((low, high))
        if known is None:
            middle = low + _split(high - low)
            known = self._roots[low, high] = node_hash(self.root(low, middle), self.root(middle, high))
        return known

    def inclusion(self, index: int) -> list[bytes]:
        """The hashes that lead from leaf ``index`` to the root. Raises IndexError."""
        if not 0 <= index < len(self.leaves):
            raise IndexError("no such leaf")
        proof: list[bytes] = []
        low, high = 0, len(self.leaves)
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                proof.append(self.root(middle, high))
                high = middle
            else:
                proof.append(self.root(low, middle))
                low = middle
        return proof[::-1]

    def consistency(self, first: int) -> list[bytes]:
        """The hashes that show that this tree continues the one over its first ``first`` leaves. Raises IndexError."""
        if not 0 < first <= len(self.leaves):
            raise IndexError("no such earlier tree")
        proof: list[bytes] = []
        low, high, whole = 0, len(self.leaves), True
        while first != high:
            middle = low + _split(high - low)
            if first <= middle:
                proof.append(self.root(middle, high))
                high = middle
            else:
                proof.append(self.root(low, middle))
                low, whole = middle, False
        if not whole:
            proof.append(self.root(low, high))
        return proof[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """One proof that leaf ``index`` stands in the tree over ``leaves`` (leaf hashes). Raises IndexError."""
    return Tree(leaves).inclusion(index)


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """One proof that the tree over ``leaves`` continues the one over the first ``first``. Raises IndexError."""
    return Tree(leaves).consistency(first)


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that ``leaf`` (a leaf hash) stands at ``index`` in the tree of ``size`` and ``root``."""
    if not 0 <= index < size or not _hashes(root, leaf, *proof):
        return False
    node, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, step)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def consistent(first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of size ``second`` begins with the tree of size ``first``."""
    if not 0 < first <= second or not _hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _hashes(*values: bytes) -> bool:
    return all(isinstance(value, bytes) and len(value) == 32 for value in values)
