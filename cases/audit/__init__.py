"""The history proves itself: canonical form, chains, a Merkle tree over all events, signed heads, verification.

``canonical``, ``chain``, ``merkle``, ``keys``, ``heads`` and ``fold`` know no database; ``docs/history.md`` tells how
they fit together and what they do not prove.
"""
