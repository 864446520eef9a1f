"""Primary keys: UUID version 7, made in Python, growing with time (RFC 9562)."""

from __future__ import annotations

import os
import time
from uuid import UUID

_last = 0


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, 62 random bits.

    Ids made by one thread of one process grow strictly, so their order is the order of making.
    """
    global _last  # noqa: PLW0603 - one counter per process keeps the order inside a millisecond
    stamp = time.time_ns() * 4096 // 1_000_000
    if stamp <= _last:
        stamp = _last + 1
    _last = stamp
    high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xFFF)
    low = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return UUID(int=high << 64 | low)


def id_at(milliseconds: int) -> UUID:
    """The smallest UUIDv7 of a moment (Unix milliseconds): everything made before it sorts lower."""
    return UUID(int=(milliseconds << 16 | 0x7000) << 64 | 0x8000_0000_0000_0000)
