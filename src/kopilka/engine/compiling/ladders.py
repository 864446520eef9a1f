"""Comparisons of one fact with many values, answered together: however many there are, it is one search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Any

from kopilka.engine.conditions import Op
from kopilka.engine.sale import Facts


@dataclass(slots=True)
class Ladder:
    """Comparisons of the fact in `slot` with sorted bounds: from which place on they hold."""

    slot: int
    bounds: list[int]
    masks: list[int]
    every: int
    counts_equal: bool

    def failing(self, facts: Facts) -> int:
        """The bits of the comparisons that do not hold. Nothing unknown compares."""
        value = facts[self.slot]
        if value is None:
            return self.every
        search = bisect_right if self.counts_equal else bisect_left
        return self.masks[search(self.bounds, value)]


def ladder_of(slot: int, op: Op, bits: dict[int, int]) -> Ladder:
    """Comparisons of the fact in `slot` by one `op` with each of `bits`, bound to bit."""
    bounds = sorted(bits)
    up = list(accumulate((bits[bound] for bound in bounds), or_, initial=0))
    down = list(accumulate((bits[bound] for bound in reversed(bounds)), or_, initial=0))[::-1]
    below = op in {Op.BELOW, Op.AT_MOST}
    return Ladder(slot, bounds, up if below else down, up[-1], op in {Op.BELOW, Op.AT_LEAST})


@dataclass(slots=True)
class Table:
    """Of the questions whether the fact in `slot` is one of some values, those that fail for each value named."""

    slot: int
    masks: dict[Any, int]
    every: int

    def failing(self, facts: Facts) -> int:
        """The bits of the questions whose answer is no; nothing unknown is one of anything."""
        return self.masks.get(facts[self.slot], self.every)


def table_of(slot: int, asked: Iterable[tuple[int, tuple[Any, ...]]]) -> Table:
    """Questions after the fact in `slot`: the bit of each, and its values."""
    bits = list(asked)
    every = reduce(or_, (bit for bit, _ in bits))
    masks: dict[Any, int] = {}
    for bit, values in bits:
        for value in values:
            masks[value] = masks.get(value, every) & ~bit
    return Table(slot, masks, every)
