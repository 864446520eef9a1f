"""Primary keys: UUID version 7, made in Python, growing with time (RFC 9562)."""

from __future__ import annotations

import os
import time
from struct import Struct, unpack
from uuid import UUID, SafeUUID

DRAWN_AT_ONCE = 512
"""Random numbers are drawn in blocks: asking the system for each would give the interpreter away every time."""

_last = 0
_chances: list[int] = []

_read = int.from_bytes
_packed = Struct(">IHHQ").pack

# Every chance of a block is given the two bits of its variant at once.
_CHANCE = int.from_bytes((0x3FFF_FFFF_FFFF_FFFF).to_bytes(8, "big") * DRAWN_AT_ONCE, "big")
_VARIANT = int.from_bytes((0x8000_0000_0000_0000).to_bytes(8, "big") * DRAWN_AT_ONCE, "big")


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, 12 bits of the millisecond's fraction, 62 random bits.

    Ids made by one thread of one process grow strictly, so their order is the order of making.
    """
    return uuid_of(_read(_key_of(_stamps(1)), "big"))


def new_keys(count: int) -> list[bytes]:
    """As many new ids as their sixteen bytes, for rows that nobody names before they are written."""
    first = _stamps(count)
    return [_key_of(stamp) for stamp in range(first, first + count)]


def _stamps(count: int) -> int:
    """The first of so many stamps in a row: a moment in 4,096ths of a millisecond, later than any before."""
    global _last  # noqa: PLW0603 - one counter per process keeps the order inside a millisecond
    nanoseconds = time.time_ns()
    stamp = (nanoseconds // 1_000_000) << 12 | (nanoseconds % 1_000_000 << 12) // 1_000_000
    if stamp <= _last:
        stamp = _last + 1
    _last = stamp + count - 1
    return stamp


def _key_of(stamp: int) -> bytes:
    try:
        chance = _chances.pop()
    except IndexError:
        chance = _draw()
    return _packed(stamp >> 28, stamp >> 12 & 0xFFFF, 0x7000 | stamp & 0xFFF, chance)


def uuid_of(number: int) -> UUID:
    """UUID(int=number) without its checks, which take longer than all the rest; several are made for a purchase."""
    made = _made(UUID)
    _fill_number(made, number)
    _fill_safety(made, _UNKNOWN)
    return made


def id_of(text: str) -> UUID:
    """UUID(text), which searches for every way to write one; ValueError where it is none."""
    digits = text.replace("-", "")
    return uuid_of(int(digits, 16)) if len(digits) == _DIGITS else UUID(text)


_DIGITS = 32
_made = object.__new__
_fill_number, _fill_safety = vars(UUID)["int"].__set__, vars(UUID)["is_safe"].__set__
_UNKNOWN = SafeUUID.unknown


def id_at(milliseconds: int) -> UUID:
    """The smallest UUIDv7 of a moment (Unix milliseconds): everything made before it sorts lower."""
    return UUID(int=(milliseconds << 16 | 0x7000) << 64 | 0x8000_0000_0000_0000)


def _draw() -> int:
    """One of a new block of chances, each with the two bits of its variant before it.

    Two threads may both draw one: then one block is lost, and none used twice.
    """
    global _chances  # noqa: PLW0603 - the block belongs to the process
    drawn = _read(os.urandom(8 * DRAWN_AT_ONCE), "big") & _CHANCE | _VARIANT
    block = list(unpack(f">{DRAWN_AT_ONCE}Q", drawn.to_bytes(8 * DRAWN_AT_ONCE, "big")))
    one: int = block.pop()
    _chances = block
    return one


def _forget() -> None:
    """A forked process must not use the numbers of its parent again."""
    global _chances  # noqa: PLW0603 - the block belongs to the process
    _chances = []


os.register_at_fork(after_in_child=_forget)
