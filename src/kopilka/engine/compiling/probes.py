"""Everything the rules of a book ask about a sale, each question once: a rule holds when none of its bits has failed.

Fifty promotions ask the same few questions about tier, branch and hours. So each distinct question has a bit, all are
asked once per receipt, and a rule costs one comparison of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kopilka.engine.checks import COMPARE, Check
from kopilka.engine.compiling.ladders import Failing, ladder_of
from kopilka.engine.conditions import Op, Test
from kopilka.engine.fact_readers import SLOTS
from kopilka.engine.sale import Facts


class Probes:
    """The distinct questions of a book."""

    __slots__ = ("_bits", "_bounds", "_checks", "_ladders")

    def __init__(self) -> None:
        self._bits: dict[Hashable, int] = {}
        self._checks: list[tuple[int, Check]] = []
        self._bounds: dict[tuple[int, Op], dict[int, int]] = {}
        self._ladders: tuple[Failing, ...] = ()

    def bit(self, question: Hashable, make: Callable[[], Check]) -> int:
        """The bit of a question; `make` gives its check when it is asked for the first time."""
        bit = self._bits.get(question)
        if bit is None:
            bit = self._bits[question] = 1 << len(self._bits)
            if isinstance(question, Test) and question.op in COMPARE and isinstance(question.value, int):
                self._bounds.setdefault((SLOTS[question.fact], question.op), {})[question.value] = bit
            else:
                self._checks.append((bit, make()))
        return bit

    def close(self) -> None:
        """All questions are known: those that compare one fact are put in order."""
        self._ladders = tuple(ladder_of(slot, op, bits) for (slot, op), bits in self._bounds.items())

    def failed(self, facts: Facts) -> int:
        """The bits of all questions whose answer is no."""
        failed = 0
        for bit, check in self._checks:
            if not check(facts):
                failed |= bit
        for failing in self._ladders:
            failed |= failing(facts)
        return failed
