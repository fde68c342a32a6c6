"""Takes the portal's rules away one at a time and shows that the tests notice: ``python scripts/mutants.py``.

A mutant is one rule removed or turned round: a step's desk, its four eyes, a state it may start from, who sees a state,
whose content is shown to whom, a wall of the doors, the lock, the second look, a line of the permission map. Each is
judged against the hand-written oracles; a mutant nobody kills is named, exit code 1. ``--sample N`` tries N of them
(``--seed`` repeats a sample). Takes some minutes in full.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the mutants; 0 when every one was killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="try this many instead of all")
    parser.add_argument("--seed", type=int, help="of the sample to repeat")
    given = parser.parse_args()
    environ = {**os.environ, "MUTANTS": str(given.sample or "all")}
    if given.seed is not None:
        environ["MUTANTS_SEED"] = str(given.seed)
    command = [sys.executable, "-m", "pytest", "-q", "tests/access/test_matrix.py", "-k", "mutants"]
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
