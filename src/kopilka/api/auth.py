"""Who is asking: an API key becomes its program and its actor, remembered for a few seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from kopilka.api.faults import Fault, Problem
from kopilka.api.workers import Readers
from kopilka.services.access import KEY_LENGTH_MAX, KeyHolder, find_key

REMEMBERED_SECONDS = 4.0
"""A revoked key stops working within five seconds, in every process."""

FRESH_SECONDS = 2.0
"""After this a key in use is asked for again beside the requests, so that none of them waits for the database."""

HOLDERS_MAX = 10_000
SCHEME = "bearer"
KEY_BEGINS = "kp_"


@dataclass(slots=True)
class _Known:
    holder: KeyHolder
    asked_at: float


class Keys:
    """Holders of keys by the header that names them. Unknown keys are not remembered: they are asked for each time."""

    def __init__(self, readers: Readers, clock: Callable[[], float] = time.monotonic) -> None:
        self._readers = readers
        self._clock = clock
        self._known: dict[bytes, _Known] = {}
        self._asking: dict[bytes, asyncio.Task[KeyHolder | None]] = {}

    def known_holder(self, header: bytes | None) -> KeyHolder | None:
        """The holder where he is remembered: of nearly every request, which need not wait for anything then."""
        known = self._known.get(header) if header is not None else None
        if known is None or header is None:
            return None
        age = self._clock() - known.asked_at
        if age >= REMEMBERED_SECONDS:
            return None
        if age > FRESH_SECONDS:
            self._ask(header)
        return known.holder

    async def holder_of(self, header: bytes | None) -> KeyHolder:
        """Problem `unauthorized` for a missing, malformed, unknown or revoked key alike."""
        known = self.known_holder(header)
        if known is not None:
            return known
        if header is None or len(header) > KEY_LENGTH_MAX + len(SCHEME) + 1:
            raise Problem(Fault.UNAUTHORIZED)
        found = await asyncio.shield(self._ask(header))
        if found is None:
            raise Problem(Fault.UNAUTHORIZED)
        return found

    def _ask(self, header: bytes) -> asyncio.Task[KeyHolder | None]:
        """One question at a time for each key, however many requests wait for it."""
        task = self._asking.get(header)
        if task is None:
            task = self._asking[header] = asyncio.create_task(self._find(header))
            task.add_done_callback(lambda done: self._forget_task(header, done))
        return task

    def _forget_task(self, header: bytes, task: asyncio.Task[KeyHolder | None]) -> None:
        del self._asking[header]
        if not task.cancelled():
            task.exception()  # a failed renewal is not news: the next request asks again and is told

    async def _find(self, header: bytes) -> KeyHolder | None:
        scheme, _, plain = header.decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME or not plain.startswith(KEY_BEGINS):
            return None
        asked_at = self._clock()
        found = await self._readers.run(find_key, plain, at=datetime.now(UTC))
        if found is None:
            self._known.pop(header, None)
            return None
        if len(self._known) >= HOLDERS_MAX:
            self._known.clear()
        self._known[header] = _Known(found, asked_at)
        return found
