"""What a process has loaded stays as long as the process: not looked through for garbage again and again.

Python's collector walks through everything that is alive each time the oldest generation is swept: half a million
objects of modules, models and templates, 50 to 100 ms, now and then in the middle of a step that holds a case's lock
while others wait. Gunicorn and Celery processes call ``settle`` once they have loaded the application.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Throw away the garbage of loading and set the rest aside for good."""
    gc.collect()
    gc.freeze()
