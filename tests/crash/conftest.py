"""The clock on the wall, as the tests of deadlines set it."""

from tests.clock.conftest import wall

__all__ = ["wall"]
