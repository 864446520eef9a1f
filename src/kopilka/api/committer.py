"""One thread that writes purchases: what queued while the last batch was being committed is the next batch.

No timer waits for more: a lone till is served at once, tills arriving together share a commit. The thread owns its
database connection. On SQLite it does all other writes too, because there is one writer anyway.
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
from kopilka.api.workers import forget_connection, guarded
from kopilka.engine.refusal import Refusal
from kopilka.services.purchases import PurchaseRequest, PurchaseResult, confirm_purchases

log = logging.getLogger("kopilka.api")

BATCH_MAX = 256
QUEUE_MAX = 2_000
"""More waiting purchases than this are refused before their bodies are read: some seconds of work."""

STOP_SECONDS = 10.0

Settled = tuple[asyncio.Future[Any], Any]


@dataclass(slots=True)
class _Purchase:
    program_id: UUID
    request: PurchaseRequest
    future: asyncio.Future[PurchaseResult]


@dataclass(slots=True)
class _Work:
    """A write that is no purchase: it stands in the same queue and is done by itself."""

    work: Callable[[], Any]
    future: asyncio.Future[Any]


class Committer:
    """`start` inside the event loop whose requests it serves; `stop` answers everybody who waits, then ends."""

    def __init__(self, *, batch_max: int = BATCH_MAX, queue_max: int = QUEUE_MAX) -> None:
        self._queue: queue.SimpleQueue[_Purchase | _Work | None] = queue.SimpleQueue()
        self._batch_max = batch_max
        self._queue_max = queue_max
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="kopilka-committer", daemon=True)

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

    async def confirm(self, program_id: UUID, request: PurchaseRequest) -> PurchaseResult:
        """The purchase as it stands in the books, or its Refusal."""
        future: asyncio.Future[PurchaseResult] = asyncio.get_running_loop().create_future()
        self._queue.put(_Purchase(program_id, request, future))
        return await future

    async def write(self, work: Callable[[], Any]) -> Any:
        """Do another write in the committer's thread, after what is waiting already."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put(_Work(work, future))
        return await future

    def _run(self) -> None:
        try:
            while (waiting := self._next()) is not None:
                self._settle(waiting)
        finally:
            connections.close_all()

    def _next(self) -> list[_Purchase | _Work] | None:
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

    def _settle(self, waiting: list[_Purchase | _Work]) -> None:
        """Purchases by program, each program's in one batch; then the rest one by one. One word to the loop."""
        programs: dict[UUID, list[_Purchase]] = {}
        works: list[_Work] = []
        for item in waiting:
            if isinstance(item, _Work):
                works.append(item)
            else:
                programs.setdefault(item.program_id, []).append(item)
        settled: list[Settled] = []
        for program_id, items in programs.items():
            settled += _commit(program_id, items)
        if settled:
            self._tell(settled)
        for item in works:
            self._tell([(item.future, _outcome(item.work))])

    def _tell(self, settled: list[Settled]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, settled)


def _commit(program_id: UUID, items: list[_Purchase]) -> list[Settled]:
    outcome = _outcome(lambda: confirm_purchases(program_id=program_id, requests=[item.request for item in items]))
    if isinstance(outcome, Exception):
        return [(item.future, outcome) for item in items]
    return [(item.future, result) for item, result in zip(items, outcome, strict=True)]


def _outcome(work: Callable[[], Any]) -> Any:
    """The result, or the exception as a value: nothing may end this thread."""
    try:
        return guarded(work)
    except (Refusal, Problem) as refused:
        return refused
    except Exception as error:  # noqa: BLE001 - answered as 500 by whoever waits, and logged there
        forget_connection()
        return error


def _resolve(settled: list[Settled]) -> None:
    for future, outcome in settled:
        if future.done():
            continue  # the client went away; what was committed stays committed
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
