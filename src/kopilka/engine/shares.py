"""Shares of a sale: who besides the buyer gets what part of it. Decided with the purchase, posted after it."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from kopilka.engine.bounds import allows
from kopilka.engine.coalition import partner_at
from kopilka.engine.compiling.book import Book
from kopilka.engine.compiling.shares import SHARES, Given, ShareRule, SplitRule
from kopilka.engine.decision import BoundedUse, SharePlan
from kopilka.engine.earning import bases_of, shares_of
from kopilka.engine.fact_readers import agent_of
from kopilka.engine.mechanics import Share, To
from kopilka.engine.money import split
from kopilka.engine.points import MAX_POINTS, round_by
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Sale


def share_out(sale: Sale, book: Book, over: frozenset[str]) -> tuple[list[SharePlan], list[str]]:
    """What everybody else gets, and the segments that another split was for, this one sale only.

    On goods that earn nothing nobody earns. Nobody gets a share of what he buys himself.
    `over`: rules that would overstep their budgets; shares that were switched off give nothing.
    """
    off = book.rulebook.rules_off
    plans: list[SharePlan] = []
    used_up: dict[str, None] = {}
    bases = bases_of(sale, book.rulebook.earn_base)
    for rule in book.shares:
        who = _who(rule.said, sale, book.rulebook)
        lines = _lines(rule, sale) if who and _holds(rule, sale, over) else []
        if off and f"shares.{rule.said.code}" in off:
            continue
        if not lines:
            continue
        other = _split_in_force(rule, sale)
        if other is not None and other.once:
            used_up[other.segment] = None
        for given in rule.gives if other is None else other.gives:
            plan = _plan(sale, rule.said, given, lines, bases)
            if plan is not None:
                plan.who, plan.split = who, other.code if other else ""
                plans.append(plan)
    return plans, list(used_up)


def uses_of_shares(plans: Sequence[SharePlan], book: Book) -> list[BoundedUse]:
    """What each bounded share has used, in the points of its budget."""
    found: dict[str, BoundedUse] = {}
    for plan in plans:
        code = f"{SHARES}{plan.rule}"
        bounds = book.bounds.get(code)
        if bounds is not None:
            used = found.setdefault(code, BoundedUse(code))
            if (
                bounds.budget is not None
                and bounds.budget.units is not None
                and bounds.budget.currency == plan.currency
            ):
                used.units += plan.units
    return list(found.values())


def _who(said: Share, sale: Sale, rulebook: Rulebook) -> str:
    """The code of the one who gets it, an inviter's id as text; empty: nobody is there."""
    match said.to:
        case To.INVITER:
            return _inviter(sale, said.level)
        case To.AGENT:
            return agent_of(sale)
        case To.EMPLOYEE:
            return _known(sale, "employee", sale.receipt.staff)
    at_branch = None if said.partner else partner_at(rulebook, sale.receipt.branch)
    return _known(sale, "partner", said.partner or (at_branch.code if at_branch else ""))


def _inviter(sale: Sale, level: int) -> str:
    standing = sale.standing
    above = standing.inviters or ((standing.inviter,) if standing.inviter else ())
    if len(above) < level or above[level - 1] == standing.member_id:
        return ""
    return str(above[level - 1])


def _known(sale: Sale, kind: str, code: str) -> str:
    standing = sale.standing
    if not code or (kind, code) in standing.roles:
        return ""
    return code if standing.beneficiaries is None or (kind, code) in standing.beneficiaries else ""


def _holds(rule: ShareRule, sale: Sale, over: frozenset[str]) -> bool:
    said, standing = rule.said, sale.standing
    if said.first and (standing.member_id is None or standing.purchases >= said.first):
        return False
    if not said.window.holds(sale.at) or not all(check(sale.facts) for check in rule.checks):
        return False
    return allows(sale, f"{SHARES}{said.code}", said.bounds, over)


def _lines(rule: ShareRule, sale: Sale) -> list[int]:
    selects, off = rule.selects, sale.earning_off
    return [i for i in sale.live if i not in off and (selects is None or selects(sale.lines[i], sale.facts))]


def _split_in_force(rule: ShareRule, sale: Sale) -> SplitRule | None:
    return next((one for one in rule.splits if one.segment in sale.standing.segments), None)


def _plan(sale: Sale, said: Share, given: Given, lines: list[int], bases: list[int]) -> SharePlan | None:
    """Exact shares of the lines, rounded once, and given back to the lines by largest remainder."""
    grid = given.rule.grid
    exact = shares_of(sale, given.rule, lines, bases)
    total = sum(exact)
    units = round_by(given.currency.rounding, total, grid)
    if units <= 0:
        return None
    if units > MAX_POINTS:
        raise Refusal(Code.OUT_OF_RANGE, field="points", minimum=0, maximum=MAX_POINTS)
    common = gcd(total, grid)
    zone = sale.local.tzinfo
    assert zone is not None
    starts_at = sale.at if given.starts_after.is_empty else given.starts_after.after(sale.local, zone)
    return SharePlan(
        rule=said.code,
        to=said.to.value,
        who="",
        currency=given.currency.code,
        units=units,
        num=total // common,
        den=grid // common,
        starts_at=starts_at,
        expires_at=None if given.life.is_empty else given.life.after(starts_at, zone),
        by_line={sale.lines[i].number: part for i, part in zip(lines, split(units, exact), strict=True) if part},
        level=said.level if said.to is To.INVITER else 0,
        funded_by=said.funded_by,
    )
