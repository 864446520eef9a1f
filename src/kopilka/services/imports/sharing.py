"""Booking by several processes at once, where the database can: while it writes for one, another is computed.

Shares are of members, so two of them never lock the same row and nobody's receipts overtake each other. All book one
window, then all the next: so one number tells what is safely booked. Who is killed meanwhile leaves whole transactions
behind, and what they booked is found again.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from django.db import connection, connections

from kopilka.services.imports.processes import heard, told

PROCESSES = 2
SHARED_FROM = 2_000
"""Receipts from which other processes pay for being started."""
CLOSING_SECONDS = 10

B = TypeVar("B")
BookWindow = Callable[[int, int], B]
"""Books what lies after one place and up to another."""


def share_count(receipts: int) -> int:
    """SQLite has one writer; some systems cannot copy a process."""
    several = connection.vendor == "postgresql" and "fork" in get_all_start_methods()
    return PROCESSES if several and receipts >= SHARED_FROM else 1


@contextmanager
def sharers(count: int, share: Callable[[int], BookWindow[B]]) -> Iterator[Callable[[int, int], list[B]]]:
    """Gives a function that has a window booked by all shares and returns what each came to.

    `share` is called in the share's own process; a single share is booked right here. The first error is raised when
    all have answered.
    """
    if count == 1:
        book = share(0)
        yield lambda after, up_to: [book(after, up_to)]
        return
    connections.close_all()  # two processes cannot speak through one connection
    lines, processes = [], []
    copies = get_context("fork")
    try:
        for number in range(count):
            mine, theirs = copies.Pipe()
            lines.append(mine)
            processes.append(copies.Process(target=_serve, args=(share, number, theirs, list(lines)), daemon=True))
            processes[-1].start()
            theirs.close()
        yield lambda after, up_to: _all(lines, (after, up_to))
    finally:
        for line in lines:
            line.close()
        for process in processes:
            process.join(CLOSING_SECONDS)
            process.terminate()


def _all(lines: list[Connection], window: tuple[int, int]) -> list[B]:
    for line in lines:
        line.send(window)
    answers = [line.recv() for line in lines]
    return [heard(*answer) for answer in answers]


def _serve(share: Callable[[int], BookWindow[B]], number: int, line: Connection, others: list[Connection]) -> None:
    """Books window after window until nobody asks any more, be it that who asked was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who asks; this window is booked to its end
    for other in others:
        other.close()  # copies of the asking ends: while one is open, its loss is not noticed
    try:
        book = share(number)
        while True:
            line.send(told(book, *line.recv()))
    except (EOFError, ConnectionError):
        pass
    finally:
        connections.close_all()
