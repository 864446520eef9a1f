"""Rotating codes: what a member's card shows for half a minute, so that a photo of it is worth nothing soon after.

48 digits and nothing else, because a scanner that types in any keyboard layout types digits right:

    77 | number of the session, 19 | slot, 8 | mark, 19

A slot is `SLOT_SECONDS` of Unix time. The mark is HMAC-SHA256 of all digits before it under the session's own secret,
its first 8 bytes as a number, halved. `web/static/web/live_code.js` writes the same digits in the browser.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

PREFIX = "77"
NUMBER_DIGITS, SLOT_DIGITS, MARK_DIGITS = 19, 8, 19
DIGITS = len(PREFIX) + NUMBER_DIGITS + SLOT_DIGITS + MARK_DIGITS
SLOT_SECONDS = 30
SLOTS_AROUND = 1
"""A code is good in its own slot, the one before and the one after: clocks differ, and a scan takes a moment."""


@dataclass(frozen=True, slots=True)
class LiveCode:
    """A rotating code as read: `number` names the session, `slot` the half minute, `mark` proves both."""

    number: int
    slot: int
    mark: str

    def is_marked_by(self, secret: bytes) -> bool:
        return hmac.compare_digest(self.mark, mark_of(secret, self.number, self.slot))

    def is_shown(self, at: datetime) -> bool:
        return abs(slot_of(at) - self.slot) <= SLOTS_AROUND


def slot_of(at: datetime) -> int:
    return int(at.timestamp()) // SLOT_SECONDS


def mark_of(secret: bytes, number: int, slot: int) -> str:
    """The last 19 digits of a code."""
    first = int.from_bytes(hmac.digest(secret, _head(number, slot).encode(), "sha256")[:8])
    return f"{first >> 1:0{MARK_DIGITS}}"


def write_code(secret: bytes, number: int, slot: int) -> str:
    return _head(number, slot) + mark_of(secret, number, slot)


def looks_live(text: str) -> bool:
    """Is this written as a rotating code? Nothing is checked but its form."""
    return len(text) == DIGITS and text.startswith(PREFIX) and text.isascii() and text.isdigit()


def parse(text: str) -> LiveCode | None:
    """What stands in a rotating code; None for any other text."""
    if not looks_live(text):
        return None
    number_ends = len(PREFIX) + NUMBER_DIGITS
    slot_ends = number_ends + SLOT_DIGITS
    return LiveCode(int(text[len(PREFIX) : number_ends]), int(text[number_ends:slot_ends]), text[slot_ends:])


def _head(number: int, slot: int) -> str:
    return f"{PREFIX}{number:0{NUMBER_DIGITS}}{slot:0{SLOT_DIGITS}}"
