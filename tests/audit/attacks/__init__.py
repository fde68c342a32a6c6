"""Ways to change the history behind the portal's back, as whoever owns the database would.

Each attack gets a random number generator and returns the place in the tree of the first event it spoils (None: it
spoils something that has no place there). It runs inside a savepoint without triggers; files are put back afterwards.
"""

from tests.audit.attacks import events, outside, rows  # noqa: F401 -- each names its attacks
from tests.audit.attacks.tools import ATTACKS, put_back

__all__ = ["ATTACKS", "put_back"]
