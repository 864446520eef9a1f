"""How long a thread keeps the interpreter while another one waits for it.

The event loop and the committer give it away by themselves every few milliseconds: each time they wait for a socket or
for the database. Interrupting them meanwhile costs a tenth of a purchase and gains nothing, so they get long turns. A
page or a long read computes without waiting for anything; while one is under way, all turns are short.
"""

from __future__ import annotations

import sys
from types import TracebackType

LONG = 0.02
SHORT = 0.0005
"""Seconds."""


class Turns:
    """`with turns:` around what others compute beside the tills. In the event loop only: counting needs no lock."""

    def __init__(self) -> None:
        self._others = 0
        self._before = SHORT

    def __enter__(self) -> None:
        if not self._others:
            self._before = sys.getswitchinterval()
            sys.setswitchinterval(min(SHORT, self._before))
        self._others += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._others -= 1
        if not self._others:
            sys.setswitchinterval(self._before)


turns = Turns()
