"""Bounds of promotions: how often each may work and what it may cost. Counted before, so that none is overstepped.

A receipt that would overstep a budget is decided once more without that promotion: it gets all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from uuid import UUID

from kopilka.engine.claiming import Claim
from kopilka.engine.compiling.rules import Rule
from kopilka.engine.decision import BoundedUse, Decision, Reason, Why
from kopilka.engine.earning import Worked
from kopilka.engine.mechanics import Bounds, Whose
from kopilka.engine.sale import FULL, Sale

_POINTS = frozenset({Why.EARNED, Why.MULTIPLIED})


def limit_key(rule: str, place: int) -> str:
    """Under which a standing tells how often a rule was used within its limit at `place`."""
    return f"{rule}.limit{place}"


def money_key(rule: str) -> str:
    """Under which a standing tells how many minor units of its budget a rule has used."""
    return f"{rule}.money"


def points_key(rule: str) -> str:
    """Under which a standing tells how many smallest units of points of its budget a rule has used."""
    return f"{rule}.points"


def is_held_out(rule: str, member_id: UUID | None, holdout: int) -> bool:
    """Is the member among the `holdout` hundredths of a percent kept out of a rule? Always the same ones."""
    if member_id is None or not holdout:
        return False
    drawn = sha256(f"{rule}:{member_id}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % FULL < holdout


def within_bounds(sale: Sale, claims: list[Claim], over: frozenset[str]) -> list[Claim]:
    """The claims of rules that may still work; `over`: what they would cost was found to be more than is left."""
    kept: list[Claim] = []
    for rule, lines in claims:
        bounds = rule.said.bounds
        reason = None if bounds.is_empty else _why_not(sale, rule, bounds, over)
        if reason is not None:
            sale.refused.append(reason)
        else:
            kept.append((rule, _lines_allowed(sale, bounds, lines)))
    return kept


def allows(sale: Sale, code: str, bounds: Bounds, over: frozenset[str]) -> bool:
    """May a rule that is no promotion still work for this buyer?"""
    who, uses = sale.standing.member_id, sale.standing.uses
    if bounds.is_empty:
        return True
    if is_held_out(code, who, bounds.holdout) or code in over or _is_spent(code, bounds, uses):
        return False
    return all(
        limit.whose is Whose.RECEIPT
        or (uses.get(limit_key(code, place), 0) < limit.times and (limit.whose is not Whose.MEMBER or who is not None))
        for place, limit in enumerate(bounds.limits)
    )


def uses_of(sale: Sale, worked: list[Worked]) -> list[BoundedUse]:
    """What each bounded rule that did something has used."""
    told = {reason.rule for reason in sale.told}
    found: list[BoundedUse] = []
    for rule, _, _ in worked:
        bounds = rule.said.bounds
        if bounds.is_empty or not (rule.code in told or rule.has_prompt):
            continue
        used = BoundedUse(rule.code, branch=sale.receipt.branch)
        if bounds.budget is not None and bounds.budget.minor is not None:
            used.minor = sum(off for offs in sale.offs for code, off in offs if code == rule.code)
        if bounds.budget is not None and bounds.budget.units is not None:
            used.units = _units(sale, rule.code, bounds.budget.currency)
        found.append(used)
    return found


def decide_within(
    decide: Callable[[frozenset[str]], Decision], uses: dict[str, int], bounds: dict[str, Bounds]
) -> Decision:
    """Decide, and again without each rule that would overstep its budget, the first of them first."""
    over: frozenset[str] = frozenset()
    while True:
        decision = decide(over)
        used = decision.beyond.bounded if decision.beyond else []
        too_much = next((one.rule for one in used if _oversteps(one, bounds[one.rule], uses)), None)
        if too_much is None:
            return decision
        over |= {too_much}


def _why_not(sale: Sale, rule: Rule, bounds: Bounds, over: frozenset[str]) -> Reason | None:
    who, uses = sale.standing.member_id, sale.standing.uses
    if is_held_out(rule.code, who, bounds.holdout):
        return Reason(Why.HELD_OUT, rule.code)
    for place, limit in enumerate(bounds.limits):
        if limit.whose is Whose.MEMBER and who is None:
            return rule.anonymous
        if limit.whose is not Whose.RECEIPT and uses.get(limit_key(rule.code, place), 0) >= limit.times:
            return Reason(Why.LIMIT_REACHED, rule.code, detail=limit.whose.value)
    return Reason(Why.BUDGET_SPENT, rule.code) if rule.code in over or _is_spent(rule.code, bounds, uses) else None


def _is_spent(rule: str, bounds: Bounds, uses: dict[str, int]) -> bool:
    budget = bounds.budget
    if budget is None:
        return False
    money_gone = budget.minor is not None and uses.get(money_key(rule), 0) >= budget.minor
    return money_gone or (budget.units is not None and uses.get(points_key(rule), 0) >= budget.units)


def _oversteps(used: BoundedUse, bounds: Bounds, uses: dict[str, int]) -> bool:
    budget = bounds.budget
    if budget is None:
        return False
    if budget.minor is not None and uses.get(money_key(used.rule), 0) + used.minor > budget.minor:
        return True
    return budget.units is not None and uses.get(points_key(used.rule), 0) + used.units > budget.units


def _lines_allowed(sale: Sale, bounds: Bounds, lines: list[int]) -> list[int]:
    """A limit for each receipt counts lines: the dearest ones get it."""
    most = min((limit.times for limit in bounds.limits if limit.whose is Whose.RECEIPT), default=len(lines))
    if len(lines) <= most:
        return lines
    dearest = sorted(lines, key=lambda i: (-sale.nets[i], i))[:most]
    return sorted(dearest)


def _units(sale: Sale, rule: str, currency: str) -> int:
    """Smallest units of points it gave, rounded up: a budget is rather left unspent than overspent."""
    parts = [
        Fraction(reason.num, reason.den)
        for reason in sale.told
        if reason.why in _POINTS and reason.rule == rule and reason.detail == currency
    ]
    exact = sum(parts, Fraction())
    return -(-exact.numerator // exact.denominator)
