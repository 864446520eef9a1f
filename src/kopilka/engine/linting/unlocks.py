"""What opens locked promotions: which of them anybody can ever get, and which only open one another."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.conditions import Any, Condition, Not, Test
from kopilka.engine.mechanics import Automation, On
from kopilka.engine.rulebook import Rulebook

Need = tuple[str, str]
"""What must be had before: (promotion, code), (coupon, code), (tag, text), (gift, code)."""

COUPON, GIFT, PROMOTION, TAG = "coupon", "gift", "promotion", "tag"


@dataclass(frozen=True, slots=True)
class Opening:
    """What one automation hands over, and what must be there before it can."""

    code: str
    gives: frozenset[Need]
    needs: frozenset[Need]


def openable(rulebook: Rulebook) -> frozenset[str]:
    """Codes of locked promotions that somebody can get some day."""
    return frozenset(code for kind, code in within_reach(rulebook) if kind == PROMOTION)


def within_reach(rulebook: Rulebook) -> frozenset[Need]:
    """Everything that can be had, worked out from what needs nothing, step by step until nothing new comes."""
    openings = openings_of(rulebook)
    handed = {need for opening in openings for need in opening.gives}
    had = {need for opening in openings for need in opening.needs if need not in handed}
    had |= _free(rulebook)
    waiting = openings
    while True:
        now = [opening for opening in waiting if opening.needs <= had]
        had |= {need for opening in now for need in opening.gives}
        if not now:
            return frozenset(had)
        waiting = [opening for opening in waiting if opening not in now]


def circle_of(rulebook: Rulebook, promotion: str) -> list[str]:
    """The automations by which a promotion waits for itself, in order; empty when it waits for something else."""
    openings = openings_of(rulebook)
    wanted: Need = (PROMOTION, promotion)
    chain: list[str] = []
    had = within_reach(rulebook)
    while True:
        opening = next((one for one in openings if wanted in one.gives), None)
        if opening is None:
            return []
        if opening.code in chain:
            return chain[chain.index(opening.code) :]
        chain.append(opening.code)
        missing = sorted(need for need in opening.needs if need not in had)
        if not missing:
            return []
        wanted = missing[0]


def openings_of(rulebook: Rulebook) -> list[Opening]:
    return [_opening(one, rulebook) for one in rulebook.mechanics.automations.values()]


def _opening(one: Automation, rulebook: Rulebook) -> Opening:
    gives: set[Need] = {(PROMOTION, unlock.promotion) for unlock in one.unlocks}
    gives |= {(COUPON, give.coupon) for give in one.gives if give.coupon}
    gives |= {(GIFT, give.gift) for give in one.gives if give.gift}
    gives |= {(TAG, tag) for tag in one.tags_on}
    needs = _asked(one.when)
    if one.trigger.on is On.COUPON_USED:
        needs |= {need for kind, code in needs if kind == COUPON for need in _to_use(code, rulebook)}
    return Opening(one.code, frozenset(gives), frozenset(needs))


def _to_use(coupon: str, rulebook: Rulebook) -> set[Need]:
    """A coupon is used with a promotion; where all of those are locked, one of them must be open first."""
    users = [one for one in rulebook.promotions if one.coupon == coupon]
    if users and all(one.locked for one in users):
        return {(PROMOTION, users[0].code)}
    return set()


def _asked(condition: Condition | None) -> set[Need]:
    """What a condition cannot hold without; of alternatives nothing is certain."""
    match condition:
        case None | Not() | Any():
            return set()
        case Test(fact, _, value):
            if fact in {"tags", "coupon"} and isinstance(value, tuple) and len(value) == 1:
                return {(TAG if fact == "tags" else COUPON, str(value[0]))}
            return set()
    return {need for part in condition.parts for need in _asked(part)}


def _free(rulebook: Rulebook) -> set[Need]:
    """Coupons whose words anybody can name, gifts anybody can choose, promotions that are not locked."""
    coupons = {(COUPON, one.code) for one in rulebook.coupons.values() if one.words}
    gifts = {(GIFT, one.code) for one in rulebook.mechanics.gifts.values() if one.prices or one.auto}
    return coupons | gifts | {(PROMOTION, one.code) for one in rulebook.promotions if not one.locked}
