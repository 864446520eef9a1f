"""Which lines a promotion can concern, found by article, brand or category, so that absent goods cost nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kopilka.engine.checks import levels
from kopilka.engine.conditions import All, Condition, Op, Test
from kopilka.engine.receipt import Line

KEY_FACTS = ("sku", "brand", "category")
"""Facts by which lines are looked up, the most telling first."""

MEMO_MAX = 10_000


@dataclass(slots=True)
class Concerned:
    """Indexes of the rules that can concern an article of this brand and category, and the same as bits in `mask`."""

    sku: str
    brand: str
    category: str
    indexes: list[int]
    mask: int


@dataclass(frozen=True, slots=True)
class LineKey:
    """Only lines whose `fact` is one of `values` can fit."""

    fact: str
    values: frozenset[str]


def key_of(condition: Condition | None) -> tuple[LineKey | None, Condition | None]:
    """The key of a condition over lines, and what is left to be asked of the lines found by it."""
    parts = condition.parts if isinstance(condition, All) else (condition,) if condition else ()
    for fact in KEY_FACTS:
        for part in parts:
            if isinstance(part, Test) and part.fact == fact and part.op is Op.ONE_OF:
                assert isinstance(part.value, tuple)
                rest = tuple(other for other in parts if other is not part)
                return LineKey(fact, frozenset(part.value)), All(rest) if rest else None
    return None, condition


class LineIndex:
    """From a line to the indexes of the rules whose key it has. What was found for an article is kept."""

    __slots__ = ("_memo", "_rules")

    def __init__(self, keys: Iterable[tuple[int, LineKey]]) -> None:
        self._rules: dict[tuple[str, str], list[int]] = {}
        self._memo: dict[str, Concerned] = {}
        for index, key in keys:
            for value in key.values:
                self._rules.setdefault((key.fact, value), []).append(index)

    def find(self, line: Line) -> Concerned:
        """Kept by the article's code, for its brand and category are nearly always the same; others are looked up."""
        sku, brand, category = line.sku, line.brand, line.category
        key = sku or f"{brand}\n{category}"
        found = self._memo.get(key)
        if found is None or found.sku != sku or found.brand != brand or found.category != category:
            found = self._look_up(line)
            if len(self._memo) >= MEMO_MAX:
                self._memo.clear()
            self._memo[key] = found
        return found

    def _look_up(self, line: Line) -> Concerned:
        keys = [("sku", line.sku), ("brand", line.brand)]
        keys += [("category", level) for level in levels(line.category)]
        indexes = sorted({index for key in keys for index in self._rules.get(key, ())})
        return Concerned(line.sku, line.brand, line.category, indexes, sum(1 << index for index in indexes))
