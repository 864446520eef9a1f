"""PINs: digits a person keeps in his head. Which of them are too easy to guess."""

from __future__ import annotations

from itertools import pairwise

from kopilka.engine.refusal import Code, Refusal

SHORTEST, LONGEST = 4, 8
SAME, UP, DOWN = 0, 1, 9
"""The step from digit to digit, modulo ten."""


def must_be_good_pin(pin: str, *, simple: bool = False) -> None:
    """`invalid` (pin; not_digits, pin_length, pin_too_simple). `simple`: one as 1111 will do, as in a demo."""
    if not (pin.isascii() and pin.isdigit()):
        raise Refusal(Code.INVALID, field="pin", reason="not_digits")
    if not SHORTEST <= len(pin) <= LONGEST:
        raise Refusal(Code.INVALID, field="pin", reason="pin_length")
    if not simple and is_simple(pin):
        raise Refusal(Code.INVALID, field="pin", reason="pin_too_simple")


def is_simple(pin: str) -> bool:
    """One digit, a run up or down, or one part again and again: 7777, 2345, 9876, 1212."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({SAME}, {UP}, {DOWN}) or any(_repeats(pin, part) for part in range(1, len(pin) // 2 + 1))


def _repeats(pin: str, part: int) -> bool:
    return len(pin) % part == 0 and pin == pin[:part] * (len(pin) // part)
