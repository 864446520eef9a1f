"""Requests that wait for their batch, and those whose key is under way; compiled with what a purchase passes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kopilka.engine.refusal import Code, Refusal

Settled = tuple[asyncio.Future[Any], Any]

Act = Callable[..., Sequence[Any]]
"""A service over a batch: (program_id, requests) to one result or Refusal per request."""


@dataclass(slots=True)
class Asked:
    """A request in the queue, and who awaits its result."""

    act: Act
    program_id: UUID
    request: Any
    future: asyncio.Future[Any]


def batches_of(waiting: list[Asked]) -> list[list[Asked]]:
    """Requests of one act and program together, in their order: nearly always all of them."""
    batches: dict[tuple[Act, int], list[Asked]] = {}
    for one in waiting:
        same = (one.act, one.program_id.int)  # the hash of an id is interpreted
        if same not in batches:
            batches[same] = []
        batches[same].append(one)
    return list(batches.values())


def settled_with(batch: list[Asked], outcome: Any) -> list[Settled]:
    """Each with its own result; with the exception that ended the whole batch, all alike."""
    if isinstance(outcome, Exception):
        return [(one.future, outcome) for one in batch]
    return [(one.future, result) for one, result in zip(batch, outcome, strict=True)]


def resolve(settled: list[Settled]) -> None:
    """In the event loop: tell everybody who still waits."""
    for future, outcome in settled:
        if future.done():
            continue  # the client went away; what was committed stays committed
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


class Once:
    """A mark that may stand in `place` only once; a class, because a generator costs a microsecond more."""

    __slots__ = ("_mark", "_place")

    def __init__(self, place: set[tuple[int, str]], owner: UUID, key: str) -> None:
        self._place = place
        self._mark = (owner.int, key)  # the hash of an id is interpreted

    def __enter__(self) -> None:
        if self._mark in self._place:
            raise Refusal(Code.KEY_IN_FLIGHT)
        self._place.add(self._mark)

    def __exit__(self, *_: object) -> None:
        self._place.discard(self._mark)
