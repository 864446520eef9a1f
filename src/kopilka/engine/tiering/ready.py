"""The tiers of a rulebook made ready to be asked: their checks, the facts they need, how far back they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from kopilka.engine.checks import Check, check_of, parts_of, tests_of
from kopilka.engine.conditions import Any, Condition, Op, Test
from kopilka.engine.fact_readers import READERS, SLOTS, Reader
from kopilka.engine.rulebook import Rulebook, Tier
from kopilka.engine.rulebook_tiers import Keep
from kopilka.engine.spans import before

KEPT_MAX = 64
COUNTED = frozenset({"spent", "purchases", "largest"})
"""Facts that a stretch of time bounds."""


@dataclass(slots=True)
class Part:
    """One condition with its `check`. What wants a figure to be high enough says which one: the `fact` in its `slot`,
    of the currency `of`, and the least that is enough; of other conditions `wanted` is None.
    """

    check: Check
    fact: str = ""
    slot: int = 0
    of: str = ""
    wanted: int | None = None


Asked = list[Part]
"""Conditions that must all hold."""


@dataclass(slots=True)
class Rung:
    """A tier with the ways to enter and to keep it: one of them must hold. Nothing to check always holds.

    `of_all_time`: whatever was ever bought counts for entering.
    """

    said: Tier
    code: str
    rank: int
    of_all_time: bool
    enter: list[Asked]
    keep: list[Asked]


@dataclass(frozen=True, slots=True)
class Ready:
    """`rungs` from the lowest; `readers` read every fact a tier asks about.

    `asks_bought`: single purchases must be known, `asks_largest` also the largest of all time, `asks_earned` points
    ever given. `is_timed`: tiers change by time alone. `fingerprint`: of what reviews depend on.
    """

    rulebook: Rulebook
    rungs: tuple[Rung, ...]
    readers: tuple[tuple[int, Reader], ...]
    asks_bought: bool
    asks_largest: bool
    asks_earned: bool
    asks_points: bool
    is_timed: bool
    fingerprint: str
    ranks: dict[str, int]

    @property
    def needs_books(self) -> bool:
        """Must more be read than the member's own row to know his tier?"""
        return self.asks_bought or self.asks_largest or self.asks_earned or self.is_timed

    def rung(self, code: str) -> Rung | None:
        rank = self.ranks.get(code)
        return None if rank is None else self.rungs[rank]

    def rank(self, code: str) -> int:
        """Below the first for a tier that the rulebook does not know."""
        return self.ranks.get(code, -1)

    def looks_back_to(self, at: datetime) -> datetime:
        """Purchases before this moment need not be known one by one."""
        zone, found = self.rulebook.zone, [at]
        for rung in self.rungs:
            found += filter(None, [rung.said.within.start(at, zone)])
            if rung.said.keep is not None:
                found.append(_back(rung.said.keep, at, self.rulebook))
        counting = self.rulebook.counting
        if not counting.after.is_empty:
            found.append(before(counting.after, at, zone))
        return min(found)


def _back(keep: Keep, at: datetime, rulebook: Rulebook) -> datetime:
    """The beginning of the earliest stretch that may be looked at now."""
    zone, span = rulebook.zone, keep.within
    end = before(keep.grace, at, zone)
    if span.this is None:
        return before(span.life, end, zone)
    return span.this.start(span.this.start(end, zone) - _MOMENT, zone)


_MOMENT = datetime.resolution
_ready: dict[str, Ready] = {}


def ready_of(rulebook: Rulebook) -> Ready:
    """Kept by fingerprint, and made anew when another rulebook carries the same one."""
    found = _ready.get(rulebook.fingerprint)
    if found is None or (found.rulebook is not rulebook and found.rulebook != rulebook):
        if len(_ready) >= KEPT_MAX:
            _ready.clear()
        found = _ready[rulebook.fingerprint] = make_ready(rulebook)
    elif found.rulebook is not rulebook:
        found = _ready[rulebook.fingerprint] = replace(found, rulebook=rulebook)
    return found


def make_ready(rulebook: Rulebook) -> Ready:
    tiers = rulebook.tiers
    asked = {test.fact for condition in _conditions(rulebook) for test in tests_of(condition)}
    keeps = [tier.keep for tier in tiers if tier.keep is not None]
    spans = [tier.within for tier in tiers] + [keep.within for keep in keeps]
    delayed = not rulebook.counting.after.is_empty
    return Ready(
        rulebook=rulebook,
        rungs=tuple(
            Rung(
                tier,
                tier.code,
                rank,
                tier.within.is_empty,
                _asked(tier.enter),
                _asked(tier.keep.when) if tier.keep else [],
            )
            for rank, tier in enumerate(tiers)
        ),
        readers=tuple((SLOTS[fact], READERS[fact]) for fact in sorted(asked)),
        asks_bought=delayed or any(not span.is_empty for span in spans),
        asks_largest="largest" in asked,
        asks_earned="earned" in asked,
        asks_points=bool(asked & {"balance", "earned"}),
        is_timed=delayed or bool(keeps),
        ranks={tier.code: rank for rank, tier in enumerate(tiers)},
        fingerprint=sha256(repr((tiers, rulebook.counting, rulebook.zone.key)).encode()).hexdigest(),
    )


def _asked(condition: Condition | None) -> list[Asked]:
    ways = condition.parts if isinstance(condition, Any) else (condition,)
    return [[_part(part) for part in parts_of(way)] for way in ways]


def _part(part: Condition) -> Part:
    check = check_of(part)
    if not isinstance(part, Test) or part.op not in {Op.ABOVE, Op.AT_LEAST} or not isinstance(part.value, int):
        return Part(check)
    return Part(check, part.fact, SLOTS[part.fact], part.of, part.value + (part.op is Op.ABOVE))


def _conditions(rulebook: Rulebook) -> Iterator[Condition]:
    for tier in rulebook.tiers:
        if tier.enter is not None:
            yield tier.enter
        if tier.keep is not None:
            yield tier.keep.when


def counted_facts(condition: Condition) -> bool:
    """Does it ask only for what is bought, so that time alone changes it by letting purchases go?"""
    return all(test.fact in COUNTED for test in tests_of(condition))
