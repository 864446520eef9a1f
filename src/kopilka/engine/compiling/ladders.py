"""Comparisons of one fact with many bounds, answered together: however many steps, it is one search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate
from operator import or_

from kopilka.engine.conditions import Op
from kopilka.engine.sale import Facts

Failing = Callable[[Facts], int]
"""The bits of the comparisons that do not hold."""


def ladder_of(slot: int, op: Op, bits: dict[int, int]) -> Failing:
    """Comparisons of the fact in `slot` by one `op` with each of `bits`, bound to bit. Nothing unknown compares."""
    bounds = sorted(bits)
    up = list(accumulate((bits[bound] for bound in bounds), or_, initial=0))
    down = list(accumulate((bits[bound] for bound in reversed(bounds)), or_, initial=0))[::-1]
    below = op in {Op.BELOW, Op.AT_MOST}
    search = bisect_right if op in {Op.BELOW, Op.AT_LEAST} else bisect_left
    masks, every = up if below else down, up[-1]

    def failing(facts: Facts) -> int:
        value = facts[slot]
        return every if value is None else masks[search(bounds, value)]

    return failing
