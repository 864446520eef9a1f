"""What is missing to the next tier, and to keep this one: figures that everybody can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kopilka.engine.rulebook import Rulebook, Tier
from kopilka.engine.sale import Facts
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.judging import Judge, judge_of
from kopilka.engine.tiering.moments import current_frame
from kopilka.engine.tiering.ready import Asked, Part, ready_of


@dataclass(slots=True)
class Lack:
    """How much of a fact is missing: minor units of money, units of the currency `of`, or a number.

    For `largest` and `last_purchase` it is the sum one purchase must reach. `has` of `wanted` are there.
    """

    fact: str
    amount: int
    has: int
    wanted: int
    of: str = ""


@dataclass(slots=True)
class Way:
    """What is missing to a tier, the ways to it beside each other: one of `ways`, each of whose lacks must be filled.

    Empty `ways`: it cannot be said in figures. `until`: by when (None: there is no end).
    """

    tier: str
    ways: tuple[tuple[Lack, ...], ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`next` None on the highest tier; `keep` None where the tier is kept for ever."""

    tier: str
    next: Way | None
    keep: Way | None


AT_ONE_BLOW = frozenset({"largest", "last_purchase"})


def missing(rulebook: Rulebook, standing: Standing, tier: str, at: datetime) -> Progress:
    """What the member lacks at this moment; `tier` is the one he stands on."""
    ready = ready_of(rulebook)
    judge = judge_of(ready, standing, at, tier=tier)
    return Progress(tier, missing_to_next(judge, tier), _missing_to_keep(judge, standing, tier))


def missing_to_next(judge: Judge, tier: str) -> Way | None:
    rungs, following = judge.ready.rungs, judge.ready.rank(tier) + 1
    if following >= len(rungs):
        return None
    rung = rungs[following]
    return Way(rung.code, _ways(rung.enter, judge.entering(rung)), _window_end(rung.said, judge))


def _missing_to_keep(judge: Judge, standing: Standing, tier: str) -> Way | None:
    rung = judge.ready.rung(tier)
    if rung is None or rung.said.keep is None or not rung.rank:
        return None
    since = standing.tier_since or standing.enrolled_at or judge.at
    frame, due = current_frame(rung.said.keep, since, judge.at, judge.ready.rulebook.zone)
    until = standing.tier_until
    if until is not None and (due is None or due < until):
        due = until
    return Way(tier, _ways(rung.keep, judge.over(judge.kept(rung, frame))), due)


def _window_end(tier: Tier, judge: Judge) -> datetime | None:
    """What is bought in a calendar period counts until its end."""
    return tier.within.this.end(judge.at, judge.ready.rulebook.zone) if tier.within.this is not None else None


def _ways(asked: list[Asked], facts: Facts) -> tuple[tuple[Lack, ...], ...]:
    found: list[tuple[Lack, ...]] = []
    for way in asked:
        lacks = _lacks(way, facts)
        if lacks is not None:
            found.append(lacks)
    return tuple(found)


def _lacks(way: Asked, facts: Facts) -> tuple[Lack, ...] | None:
    """None when something that does not hold cannot be said in figures."""
    found: list[Lack] = []
    for part in way:
        if part.check(facts):
            continue
        lack = _lack(part, facts)
        if lack is None:
            return None
        found.append(lack)
    return tuple(found)


def _lack(part: Part, facts: Facts) -> Lack | None:
    wanted = part.wanted
    if wanted is None:
        return None
    value = facts[part.slot]
    has = value.get(part.of, 0) if part.of else (value or 0)
    if not isinstance(has, int):
        return None
    return Lack(part.fact, wanted if part.fact in AT_ONE_BLOW else wanted - has, has, wanted, part.of)
