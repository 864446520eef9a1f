"""A PIN of anybody's: kept as an argon2 hash, guessed at a few times, then locked for longer each time.

A try is taken before anybody looks whether it is right, under the lock of the row it is counted in, so that no two
tries at once count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kopilka.engine.refusal import Code, Refusal

TRIES = 5
NONE_WRONG = {"wrong_tries": 0, "locks": 0, "locked_until": None}
"""What is counted of somebody who has typed it right, or has a new one."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class WithPin(Protocol):
    """A row that counts tries."""

    pin_hash: Any
    wrong_tries: Any
    locks: Any
    locked_until: Any

    def save(self, *, update_fields: list[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Tried:
    """One try that is counted already. `left` more are, unless the row is locked from now on, for so long."""

    pin_hash: str
    left: int
    lock: timedelta | None


def take_a_try(row: WithPin, *, locks: Sequence[timedelta], at: datetime) -> Tried:
    """Take one of the tries, and with the last of them the lock; `locks`: how long the first, the second … lasts.

    `too_many_tries` (retry_after_seconds) while it is locked, whatever is typed.
    """
    if row.locked_until is not None and at < row.locked_until:
        wait = row.locked_until - at
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=max(1, int(wait.total_seconds()) + 1))
    tries = 1 if row.wrong_tries >= TRIES else row.wrong_tries + 1
    lock = locks[min(row.locks, len(locks) - 1)] if tries == TRIES else None
    row.wrong_tries, row.locks = tries, row.locks + (lock is not None)
    row.locked_until = at + lock if lock else None
    row.save(update_fields=["wrong_tries", "locks", "locked_until"])
    return Tried(row.pin_hash, TRIES - tries, lock)


def must_fit(tried: Tried, pin: str) -> None:
    """`code_wrong` (tries_left), or `too_many_tries` (retry_after_seconds) when it was the last one."""
    with suppress(VerificationError, InvalidHashError):
        _HASHER.verify(tried.pin_hash, pin)
        return
    if tried.lock is not None:
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=int(tried.lock.total_seconds()))
    raise Refusal(Code.CODE_WRONG, tries_left=tried.left)


def hash_pin(pin: str) -> str:
    return _HASHER.hash(pin)
