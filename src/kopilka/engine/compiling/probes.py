"""Everything the rules of a book ask about a sale, each question once: a rule holds when none of its bits has failed.

Fifty promotions ask the same few questions about tier, branch and hours. So each distinct question has a bit, all are
asked once per receipt, and a rule costs one comparison of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kopilka.engine.checks import Check
from kopilka.engine.sale import Facts


class Probes:
    """The distinct questions of a book."""

    __slots__ = ("_bits", "_checks")

    def __init__(self) -> None:
        self._bits: dict[Hashable, int] = {}
        self._checks: list[tuple[int, Check]] = []

    def bit(self, question: Hashable, make: Callable[[], Check]) -> int:
        """The bit of a question; `make` gives its check when it is asked for the first time."""
        bit = self._bits.get(question)
        if bit is None:
            bit = self._bits[question] = 1 << len(self._bits)
            self._checks.append((bit, make()))
        return bit

    def failed(self, facts: Facts) -> int:
        """The bits of all questions whose answer is no."""
        failed = 0
        for bit, check in self._checks:
            if not check(facts):
                failed |= bit
        return failed
