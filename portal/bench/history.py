"""What the proof of the history costs.

**A step** (``_history_steps``): lock through the door, every question the table asks, the state machine, one UPDATE of
what changed, and what is remembered. ``append_cost``: the whole step with deadline and notices against the same without
hashing. ``vs_raw``: the guarded step against the bare UPDATE + INSERT. ``vs_simple_history``, ``vs_auditlog``: the same
guarded step remembered by them (``_peers`` says what is given to whom). A disk that confirms each commit takes as long
for everybody and would hide what is compared: these ratios are taken without waiting for it, and once more with
(``…_with_disk``, which no goal is held against).

**Eight writers** (``_history_writers``, PostgreSQL): ``vs_global_chain``, each step on its case's own chain against all
on one.

**A million events** (``_history_verify``): ``verify_1m_seconds``; ``memory_flat``, the most memory held while verifying
all against a tenth of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.bench import _history_steps, _history_verify, _history_writers

GOALS: dict[str, tuple[str, float]] = {
    "append_cost": ("<=", 1.15),
    "vs_raw": (">=", 0.4),
    "vs_simple_history": (">=", 1.5),
    "vs_auditlog": (">=", 2.0),
    "vs_global_chain": (">=", 1.5),
    "memory_flat": ("<=", 1.1),
}

Say = Callable[[str], None]
#: Measured in this order, each in a database of its own: steps without their hash would be found by the verification.
PARTS = ("append", "global_chain", "verify")


def run(*, say: Say, scale: float, part: str) -> dict[str, Any]:
    """Measure; the dictionary printed as the last line."""
    parts: dict[str, Callable[[Say, float], dict[str, float]]] = {
        "append": _history_steps.measure,
        "global_chain": _history_writers.measure,
        "verify": _history_verify.measure,
    }
    ratios: dict[str, float] = {}
    for name, measure in parts.items():
        if part in ("", name):
            ratios |= measure(say, scale)
    goals = {
        name: {"goal": f"{sign} {limit}", "met": value <= limit if sign == "<=" else value >= limit}
        for name, (sign, limit) in GOALS.items()
        if (value := ratios.get(name)) is not None
    }
    return {"ratios": {name: round(value, 3) for name, value in ratios.items()}, "goals": goals}
