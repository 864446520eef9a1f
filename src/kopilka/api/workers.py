"""Threads that own their database connections: Django's connections do not live in the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, connections

from kopilka.api.faults import Fault, Problem
from kopilka.api.turns import turns

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
"""Few: each holds a connection, and threads that compute take the interpreter from the committer."""


class Readers:
    """A few threads for reads and rare writes. Each keeps its connection until `close`."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="kopilka-reader")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in one of the threads; Problem `unavailable` when the database does not answer."""
        with turns:
            return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: guarded(work, *args, **kwargs))

    def close(self) -> None:
        close_pool(self._pool, self._threads)


def close_pool(pool: ThreadPoolExecutor, threads: int) -> None:
    """Let every thread close its connection, then end: SQLite leaves no journal behind."""
    together = threading.Barrier(threads)

    def leave() -> None:
        connections.close_all()
        together.wait(timeout=5)

    left = [pool.submit(leave) for _ in range(threads)]
    pool.shutdown(wait=True)
    for future in left:
        future.exception()


def guarded(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """A lost connection is dropped, so that the next work opens a new one, and told as `unavailable`."""
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        forget_connection()
        raise Problem(Fault.UNAVAILABLE) from error


def forget_connection() -> None:
    """Close this thread's connection whatever state it is in; Django opens a new one when it is next needed."""
    try:
        connection.close()
    except Exception:  # noqa: BLE001 - a broken connection may fail to close in any way
        connection.connection = None
