"""A thread that works in batches: what queued while the last batch was being done is the next one.

One such thread commits purchases, another one answers quotes. No timer waits for more: a lone till is served at once,
tills arriving together share a commit. The thread owns its database connection. On SQLite the committer does all other
writes too, because there is one writer anyway.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections

from kopilka.api.faults import Fault, Problem
from kopilka.api.waiting import Act, Asked, Settled, batches_of, resolve, settled_with
from kopilka.api.workers import forget_connection, guarded
from kopilka.engine.refusal import Refusal

log = logging.getLogger("kopilka.api")

BATCH_MAX = 64
"""Larger batches gain nothing in the database, and with smaller ones requests are read while the last batch commits."""

QUEUE_MAX = 2_000
"""More waiting requests than this are refused before their bodies are read: some seconds of work."""

STOP_SECONDS = 10.0


@dataclass(slots=True)
class _Work:
    """Anything else: it stands in the same queue and is done by itself."""

    work: Callable[[], Any]
    future: asyncio.Future[Any]


class Committer:
    """`start` inside the event loop whose requests it serves; `stop` answers everybody who waits, then ends."""

    def __init__(self, name: str = "committer", *, batch_max: int = BATCH_MAX, queue_max: int = QUEUE_MAX) -> None:
        self._queue: queue.SimpleQueue[Asked | _Work | None] = queue.SimpleQueue()
        self._batch_max = batch_max
        self._queue_max = queue_max
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name=f"kopilka-{name}", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, STOP_SECONDS)

    def must_have_room(self) -> None:
        """Problem `overloaded`; asked before a body is read, when refusing costs next to nothing."""
        if self._queue.qsize() >= self._queue_max:
            raise Problem(Fault.OVERLOADED)

    def ask(self, act: Act, program_id: UUID, request: Any) -> asyncio.Future[Any]:
        """The result of one request in a batch of `act`; raises its Refusal when it is awaited."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put(Asked(act, program_id, request, future))
        return future

    def do(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        """Do other work in this thread, after what is waiting already."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put(_Work(work, future))
        return future

    def _run(self) -> None:
        try:
            while (waiting := self._next()) is not None:
                self._settle(waiting)
        finally:
            connections.close_all()

    def _next(self) -> list[Asked | _Work] | None:
        """What is waiting, at least one; None when there will be no more."""
        first = self._queue.get()
        if first is None:
            return None
        waiting = [first]
        while len(waiting) < self._batch_max:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            waiting.append(more)
        return waiting

    def _settle(self, waiting: list[Asked | _Work]) -> None:
        """Requests of one act and program in one batch; then the rest one by one."""
        asked: list[Asked] = []
        works: list[_Work] = []
        for item in waiting:
            if isinstance(item, _Work):
                works.append(item)
            else:
                asked.append(item)
        for batch in batches_of(asked):
            self._tell(_do_batch(batch))
        for item in works:
            self._tell([(item.future, _outcome(item.work))])

    def _tell(self, settled: list[Settled]) -> None:
        """One word to the event loop for a whole batch."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(resolve, settled)


def _do_batch(batch: list[Asked]) -> list[Settled]:
    first = batch[0]
    requests = [one.request for one in batch]
    return settled_with(batch, _outcome(lambda: first.act(program_id=first.program_id, requests=requests)))


def _outcome(work: Callable[[], Any]) -> Any:
    """The result, or the exception as a value: nothing may end this thread."""
    try:
        return guarded(work)
    except (Refusal, Problem) as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - answered as 500 by whoever waits, and logged there
        forget_connection()
        return error
