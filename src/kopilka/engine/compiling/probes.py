"""Everything the rules of a book ask about a sale, each question once: a rule holds when none of its bits has failed.

Fifty promotions ask the same few questions about tier, branch and hours. So each distinct question has a bit, all are
asked once per receipt, and a rule costs one comparison of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kopilka.engine.checks import COMPARE, Check
from kopilka.engine.compiling.ladders import Ladder, Table, ladder_of, table_of
from kopilka.engine.conditions import Op, Test
from kopilka.engine.fact_readers import SETS, SLOTS
from kopilka.engine.sale import Facts


class Probes:
    """The distinct questions of a book."""

    __slots__ = ("_bits", "_bounds", "_checks", "_ladders", "_tables", "_values")

    def __init__(self) -> None:
        self._bits: dict[Hashable, int] = {}
        self._checks: list[tuple[int, Check]] = []
        self._bounds: dict[tuple[int, Op], dict[int, int]] = {}
        self._values: dict[int, list[tuple[int, tuple[object, ...]]]] = {}
        self._ladders: list[Ladder] = []
        self._tables: list[Table] = []

    def bit(self, question: Hashable, make: Callable[[], Check]) -> int:
        """The bit of a question; `make` gives its check when it is asked for the first time."""
        bit = self._bits.get(question)
        if bit is None:
            bit = self._bits[question] = 1 << len(self._bits)
            self._ask(question, bit, make)
        return bit

    def _ask(self, question: Hashable, bit: int, make: Callable[[], Check]) -> None:
        if isinstance(question, Test) and question.op in COMPARE and isinstance(question.value, int):
            self._bounds.setdefault((SLOTS[question.fact], question.op), {})[question.value] = bit
        elif isinstance(question, Test) and _is_one_value(question):
            assert isinstance(question.value, tuple)
            self._values.setdefault(SLOTS[question.fact], []).append((bit, question.value))
        else:
            self._checks.append((bit, make()))

    def close(self) -> None:
        """All questions are known: those that compare one fact are put together."""
        self._ladders = [ladder_of(slot, op, bits) for (slot, op), bits in self._bounds.items()]
        self._tables = [table_of(slot, asked) for slot, asked in self._values.items()]

    def failed(self, facts: Facts) -> int:
        """The bits of all questions whose answer is no."""
        failed = 0
        for bit, check in self._checks:
            if not check(facts):
                failed |= bit
        for table in self._tables:
            failed |= table.failing(facts)
        for ladder in self._ladders:
            failed |= ladder.failing(facts)
        return failed


def _is_one_value(test: Test) -> bool:
    """Does it ask whether a fact with one value is one of some?"""
    return test.op is Op.ONE_OF and not test.of and test.fact not in SETS and isinstance(test.value, tuple)
