"""A promotion made ready to be played: checks instead of conditions, and the reasons it may give made beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kopilka.engine.checks import Check, Selects, checks_of, selector, tests_of
from kopilka.engine.compiling.earns import EarnRule
from kopilka.engine.compiling.lines import LineKey, key_of
from kopilka.engine.conditions import Condition
from kopilka.engine.decision import Reason, Why
from kopilka.engine.fact_readers import MOMENT, SLOTS
from kopilka.engine.period import Window
from kopilka.engine.promotions import KINDS
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.rulebook import GiftLine, Promotion
from kopilka.engine.sale import Offer, Sale


@dataclass(slots=True)
class Rule:
    """One promotion. `index` is its place in the order of calculation.

    `key`: only lines with one of these articles, brands or categories can fit; `selects` is what else is asked of a
    line (None: nothing). `offer` is None for a promotion that leaves the price alone; `by_line`: what it takes off a
    line does not depend on the others; `did` is what it is told to have done. `share`: hundredths of a percent of its
    lines that points may pay (None: no cap of its own). `coupons` are used up when it works.
    """

    said: Promotion
    code: str
    group: str
    step: Step
    checks: tuple[Check, ...]
    key: LineKey | None
    selects: Selects | None
    offer: Callable[[Sale, Sequence[int]], Offer] | None
    settle: Callable[[Sale, Offer], None] | None
    by_line: bool
    did: Why
    discount_max: int | None
    earns: tuple[EarnRule, ...]
    no_earning: bool
    share: int | None
    coupons: frozenset[str]
    has_prompt: bool
    no_lines: Reason
    nothing: Reason
    closed: Reason
    anonymous: Reason
    index: int = 0


def make_rule(said: Promotion, earns: tuple[EarnRule, ...], digits: int) -> Rule:
    kind = KINDS[type(said.discount)](said.discount, digits) if said.discount else None
    key, rest = key_of(said.lines)
    return Rule(
        said=said,
        code=said.code,
        group=said.group,
        step=kind.step if kind else Step.POINTS,
        checks=tuple(_checks(said, is_for_points=kind is None and _gives_points_only(said))),
        key=key,
        selects=_selects(said, rest),
        offer=kind.offer if kind else None,
        settle=kind.settle if kind else None,
        by_line=_is_by_line(said, kind, earns),
        did=Why.GIFT_ADDED if isinstance(said.discount, GiftLine) else Why.DISCOUNTED,
        discount_max=said.discount_max,
        earns=earns,
        no_earning=said.no_earning,
        share=0 if said.no_spending else said.spending_share,
        coupons=_coupons(said),
        has_prompt=bool(said.prompt_ru or said.prompt_en),
        no_lines=_reason(said, Why.NO_LINES),
        nothing=_reason(said, kind.nothing if kind else Why.NOTHING_LEFT),
        closed=_reason(said, Why.CLOSED_LINES),
        anonymous=_reason(said, Why.ANONYMOUS),
    )


def _reason(said: Promotion, why: Why, detail: str = "") -> Reason:
    return Reason(why, said.code, detail=detail)


def _gives_points_only(said: Promotion) -> bool:
    return bool(said.earn) and not (said.no_earning or said.no_spending) and said.spending_share is None


def _is_by_line(said: Promotion, kind: Kind | None, earns: tuple[EarnRule, ...]) -> bool:
    if kind is not None:
        return kind.by_line and said.discount_max is None
    return all(earn.by_line for earn in earns)


def _checks(said: Promotion, *, is_for_points: bool) -> list[Check]:
    """All that must hold beside the lines, in the order in which the first failure is told."""
    checks: list[Check] = []
    if said.locked:
        locked = _reason(said, Why.LOCKED)
        checks.append(lambda _facts: locked)
    if said.window != Window():
        checks.append(_window_check(said))
    if said.branches:
        checks.append(_holds("branch", frozenset(said.branches), _reason(said, Why.NOT_IN_BRANCH)))
    if said.coupon:
        checks.append(_coupon_check(said))
    if is_for_points:
        checks.append(_holds("member", frozenset((True,)), _reason(said, Why.ANONYMOUS)))
    return checks + checks_of(said.when, lambda fact: _reason(said, Why.CONDITION, fact))


def _window_check(said: Promotion) -> Check:
    holds, reason = said.window.holds, _reason(said, Why.NOT_IN_TIME)
    return lambda facts: None if holds(facts[MOMENT]) else reason


def _coupon_check(said: Promotion) -> Check:
    code, slot, reason = said.coupon, SLOTS["coupon"], _reason(said, Why.NO_COUPON)
    return lambda facts: None if code in facts[slot] else reason


def _holds(fact: str, values: frozenset[object], reason: Reason) -> Check:
    slot = SLOTS[fact]
    return lambda facts: None if facts[slot] in values else reason


def _selects(said: Promotion, rest: Condition | None) -> Selects | None:
    if rest is None:
        return None if said.over_discounted else lambda line, _facts: line.discount <= 0
    selects = selector(rest)
    if said.over_discounted:
        return selects
    return lambda line, facts: line.discount <= 0 and selects(line, facts)


def _coupons(said: Promotion) -> frozenset[str]:
    """The coupon it works with, and those its condition asks about."""
    asked = [test.value for test in tests_of(said.when) if test.fact == "coupon"]
    named = {str(code) for value in asked if isinstance(value, tuple) for code in value}
    return frozenset(named | {said.coupon} if said.coupon else named)
