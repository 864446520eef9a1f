"""Booking by several connections at once, where the database can: while it writes for one, another is computed.

Shares are of members, so two of them never lock the same row and nobody's receipts overtake each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar
from zlib import crc32

from django.db import connection, connections

from kopilka.services.imports.receipts import FileReceipt

CONNECTIONS = 2
CLOSING_SECONDS = 10

R = TypeVar("R")


class Sharers:
    """Does the same work on several shares; with one connection (SQLite has one writer) in the caller's own thread."""

    def __init__(self, pool: ThreadPoolExecutor | None, count: int) -> None:
        self._pool = pool
        self._count = count

    def each(self, receipts: Iterable[FileReceipt], work: Callable[[Sequence[FileReceipt]], R]) -> list[R]:
        """What `work` gave for every share that holds something; the first error is raised when all have ended."""
        shares: list[list[FileReceipt]] = [[] for _ in range(self._count)]
        for one in receipts:
            shares[crc32((one.member or one.number).encode()) % self._count].append(one)
        wanted = [share for share in shares if share]
        if self._pool is None or len(wanted) < 2:  # noqa: PLR2004 - a single share needs no other thread
            return [work(share) for share in wanted]
        futures = [self._pool.submit(work, share) for share in wanted]
        return [future.result() for future in futures]


@contextmanager
def sharers() -> Iterator[Sharers]:
    if connection.vendor != "postgresql":
        yield Sharers(None, 1)
        return
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="import") as pool:
        try:
            yield Sharers(pool, CONNECTIONS)
        finally:
            _close_connections(pool)


def _close_connections(pool: ThreadPoolExecutor) -> None:
    """Every thread closes its own; a barrier keeps one thread from doing it for all."""
    barrier = Barrier(CONNECTIONS, timeout=CLOSING_SECONDS)

    def close() -> None:
        barrier.wait()
        connections.close_all()

    for done in [pool.submit(close) for _ in range(CONNECTIONS)]:
        done.result()
