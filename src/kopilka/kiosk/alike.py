"""An answer that takes as long for one customer as for another: its time tells nobody whose phone is known (T7)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STEP_SECONDS = 0.3
"""Several times what enrolling takes; whatever takes longer still ends on a whole step."""


@contextmanager
def in_whole_steps() -> Iterator[None]:
    """Whatever is done inside ends a whole number of steps after it began, also when it is refused.

    Nothing may be locked while it waits: the work inside has its transactions to itself.
    """
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(STEP_SECONDS - (time.monotonic() - began) % STEP_SECONDS)
