"""Primary keys: UUID version 7, made in Python, growing with time (RFC 9562)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from struct import unpack
from uuid import UUID, SafeUUID

DRAWN_AT_ONCE = 512
"""Random numbers are drawn in blocks: asking the system for each would give the interpreter away every time."""

_last = 0
_chances: Iterator[int] = iter(())


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, 62 random bits.

    Ids made by one thread of one process grow strictly, so their order is the order of making.
    """
    global _last  # noqa: PLW0603 - one counter per process keeps the order inside a millisecond
    stamp = time.time_ns() * 4096 // 1_000_000
    if stamp <= _last:
        stamp = _last + 1
    _last = stamp
    chance = next(_chances, None)
    if chance is None:
        chance = _draw()
    high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xFFF)
    low = chance & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return uuid_of(high << 64 | low)


def uuid_of(number: int) -> UUID:
    """UUID(int=number) without its checks, which take longer than all the rest; several are made for a purchase."""
    made = _made(UUID)
    _fill(made, "int", number)
    _fill(made, "is_safe", SafeUUID.unknown)
    return made


_made, _fill = object.__new__, object.__setattr__


def id_at(milliseconds: int) -> UUID:
    """The smallest UUIDv7 of a moment (Unix milliseconds): everything made before it sorts lower."""
    return UUID(int=(milliseconds << 16 | 0x7000) << 64 | 0x8000_0000_0000_0000)


def _draw() -> int:
    """The first number of a new block. Two threads may both draw one: then one block is lost, and none used twice."""
    global _chances  # noqa: PLW0603 - the block belongs to the process
    block = iter(unpack(f"{DRAWN_AT_ONCE}Q", os.urandom(8 * DRAWN_AT_ONCE)))
    first: int = next(block)
    _chances = block
    return first


def _forget() -> None:
    """A forked process must not use the numbers of its parent again."""
    global _chances  # noqa: PLW0603 - the block belongs to the process
    _chances = iter(())


os.register_at_fork(after_in_child=_forget)
