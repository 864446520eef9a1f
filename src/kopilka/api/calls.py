"""Opening a request: who asks, may he, in which language, under which idempotency key; then its body.

The order is the same for every operation of both lanes: key (401), capability (403), room for more work (503),
headers (400, 415), size and body (413, 408), JSON (400), fields (422). What waits for nothing is in `opening`.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from litestar.types import HTTPScope, Receive
from litestar.types.asgi_types import ReceiveMessage

from kopilka.api.desk import Desk
from kopilka.api.faults import Fault, Problem
from kopilka.api.opening import (
    Call,
    Headers,
    KeyUse,
    Rule,
    check_query,
    language_asked,
    open_for,
    open_known,
    read_data,
    request_id_of,
)
from kopilka.api.reader import BODY_BYTES_MAX
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView

__all__ = [
    "BODY_SECONDS_MAX",
    "Call",
    "Headers",
    "KeyUse",
    "Rule",
    "check_query",
    "drop_body",
    "language_asked",
    "open_call",
    "open_known",
    "read_body",
    "read_data",
    "read_id",
    "request_id_of",
]

BODY_SECONDS_MAX = 20.0

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


async def open_call(desk: Desk, scope: HTTPScope, rule: Rule) -> Call:
    """Everything that can be said before the body is read; what is remembered of nearly every key needs no waiting."""
    call = open_known(desk, scope, rule)
    if call is not None:
        return call
    headers: Headers = scope["state"]["headers"]
    holder = await desk.keys.holder_of(headers.get(b"authorization"))
    call = open_for(holder, desk, scope, rule)
    program = holder.program
    if desk.known_rulebook(program.id, program.rulebook_number) is None:
        await _learn_words(desk, program)
    return call


async def _learn_words(desk: Desk, program: ProgramView) -> None:
    """Refusals are told in the program's words; its rules are read at its first request and known from then on."""
    if program.rulebook_number:
        with suppress(Refusal):  # rules that cannot be read are no reason to keep better ones out
            await desk.rulebook(program.id, program.rulebook_number)


class _Patience:
    """Who is reading a body, and until when. One clock for all: a timer for each would cost more than the reading."""

    def __init__(self) -> None:
        self._until: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._clock: asyncio.TimerHandle | None = None

    def begin(self, task: asyncio.Task[Any]) -> None:
        loop = asyncio.get_running_loop()
        self._until[task] = loop.time() + BODY_SECONDS_MAX
        if self._clock is None:
            self._clock = loop.call_later(BODY_SECONDS_MAX / 16, self._look, loop)

    def end(self, task: asyncio.Task[Any]) -> None:
        del self._until[task]
        self._late.discard(task)

    def was_late(self, task: asyncio.Task[Any]) -> bool:
        """Did the clock run out for this task? Asked once, when it was cancelled."""
        if task not in self._late:
            return False
        self._late.remove(task)
        return task.uncancel() == 0

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, until in self._until.items():
            if until <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._clock = loop.call_later(BODY_SECONDS_MAX / 16, self._look, loop) if self._until else None


_patience: WeakKeyDictionary[asyncio.AbstractEventLoop, _Patience] = WeakKeyDictionary()


async def read_body(receive: Receive) -> bytes:
    """The whole body; Problem when it is too large, cut off, or takes longer than BODY_SECONDS_MAX."""
    task = asyncio.current_task()
    assert task is not None, "a body is read inside a task"
    loop = asyncio.get_running_loop()
    patience = _patience.get(loop) or _patience.setdefault(loop, _Patience())
    patience.begin(task)
    try:
        message = await receive()
        if message["type"] != "http.request" or message.get("more_body", False):
            return await _collect(receive, message)
        return _within(message.get("body", b""), BODY_BYTES_MAX)
    except asyncio.CancelledError:
        if patience.was_late(task):
            raise Problem(Fault.BODY_TIMEOUT) from None
        raise
    finally:
        patience.end(task)


async def drop_body(headers: Headers, receive: Receive) -> None:
    """Read what a client sends to an operation that wants nothing, such as an empty JSON object.

    Left unread it would stand before the next request of the same connection, and the server would close it.
    """
    length = headers.get(b"content-length")
    if (length is not None and length != b"0") or headers.get(b"transfer-encoding") is not None:
        await read_body(receive)


async def _collect(receive: Receive, message: ReceiveMessage) -> bytes:
    """A body that comes in parts, of which `message` is the first."""
    parts: list[bytes] = []
    left = BODY_BYTES_MAX
    while True:
        if message["type"] != "http.request":
            raise Problem(Fault.BODY_CUT)
        part = _within(message.get("body", b""), left)
        parts.append(part)
        left -= len(part)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


def _within(part: bytes, left: int) -> bytes:
    if len(part) > left:
        raise Problem(Fault.BODY_TOO_LARGE, maximum=BODY_BYTES_MAX)
    return part


def read_id(text: str, what: str) -> UUID:
    """An id of a path. One that could never be an id is simply not found, as an unknown one is."""
    if _ID.fullmatch(text) is None:
        raise Refusal(Code.NOT_FOUND, what=what)
    return UUID(text)
