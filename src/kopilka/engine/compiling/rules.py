"""A promotion made ready to be played: checks instead of conditions, and the reasons it may give made beforehand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_

from kopilka.engine.checks import Check, Selects, check_of, fact_of, parts_of, selector, tests_of
from kopilka.engine.compiling.earns import EarnRule
from kopilka.engine.compiling.lines import LineKey, key_of
from kopilka.engine.compiling.probes import Probes
from kopilka.engine.conditions import Condition, Op, Test
from kopilka.engine.decision import Reason, Why
from kopilka.engine.fact_readers import MOMENT, UNLOCKED
from kopilka.engine.period import Window
from kopilka.engine.promotions import KINDS
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.rulebook import GiftLine, Promotion
from kopilka.engine.sale import Facts, Offer, Sale

Asked = tuple[int, Reason]

IS_MEMBER = Test("member", Op.ONE_OF, (True,))


@dataclass(slots=True)
class Rule:
    """One promotion. `index`: its place in the order of calculation; the `group_size` rules of a group stand together.

    `asked`: the bits of what must hold, each with the reason told when it fails first; `needs`: all of them.
    `key`: only lines with one of these articles, brands or categories can fit; `selects` is what else is asked of a
    line (None: nothing). `offer` is None for a promotion that leaves the price alone; `is_alone`: it is in no group
    either. `by_line`: what it takes off a line does not depend on the others; `did` is what it is told to have done.
    `share`: hundredths of a percent of its lines that points may pay (None: no cap of its own). `coupons` are used up
    when it works.
    """

    said: Promotion
    code: str
    group: str
    step: Step
    asked: tuple[Asked, ...]
    needs: int
    key: LineKey | None
    selects: Selects | None
    offer: Callable[[Sale, list[int]], Offer] | None
    settle: Callable[[Sale, Offer], None] | None
    is_alone: bool
    by_line: bool
    did: Why
    discount_max: int | None
    earns: tuple[EarnRule, ...]
    no_earning: bool
    share: int | None
    has_switches: bool
    coupons: frozenset[str]
    has_prompt: bool
    no_lines: Reason
    nothing: Reason
    closed: Reason
    anonymous: Reason
    index: int = 0
    group_size: int = 1
    beaten: dict[str, Reason] = field(default_factory=dict)
    refusals: dict[int, Reason] = field(default_factory=dict)

    def refusal(self, failed: int) -> Reason:
        """The reason of the first thing that does not hold."""
        own = failed & self.needs
        reason = self.refusals.get(own)
        if reason is None:
            reason = self.refusals[own] = next(reason for bit, reason in self.asked if own & bit)
        return reason

    def beaten_by(self, other: str) -> Reason:
        """The reason that another promotion of the group won."""
        reason = self.beaten.get(other)
        if reason is None:
            reason = self.beaten[other] = Reason(Why.BEATEN, self.code, detail=other)
        return reason


def make_rule(said: Promotion, earns: tuple[EarnRule, ...], digits: int, probes: Probes) -> Rule:
    kind = KINDS[type(said.discount)](said.discount, digits) if said.discount else None
    key, rest = key_of(said.lines)
    asked = tuple(_asked(said, probes, is_for_points=kind is None and _gives_points_only(said)))
    return Rule(
        said=said,
        code=said.code,
        group=said.group,
        step=kind.step if kind else Step.POINTS,
        asked=asked,
        needs=reduce(or_, (bit for bit, _ in asked), 0),
        key=key,
        selects=_selects(said, rest),
        offer=kind.offer if kind else None,
        settle=kind.settle if kind else None,
        is_alone=kind is None and not said.group,
        by_line=_is_by_line(said, kind, earns),
        did=Why.GIFT_ADDED if isinstance(said.discount, GiftLine) else Why.DISCOUNTED,
        discount_max=said.discount_max,
        earns=earns,
        no_earning=said.no_earning,
        share=0 if said.no_spending else said.spending_share,
        has_switches=said.no_earning or said.no_spending or said.spending_share is not None,
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


def _asked(said: Promotion, probes: Probes, *, is_for_points: bool) -> list[Asked]:
    """All that must hold beside the lines, in the order in which the first failure is told."""
    asked: list[Asked] = []

    def ask(question: Hashable, make: Callable[[], Check], why: Why, detail: str = "") -> None:
        asked.append((probes.bit(question, make), _reason(said, why, detail)))

    if said.is_off:
        ask("off", lambda: _never, Why.SWITCHED_OFF)
    if said.locked:
        ask(("locked", said.code), lambda: lambda facts: said.code in facts[UNLOCKED], Why.LOCKED)
    if said.window != Window():
        ask(said.window, lambda: _in_window(said.window), Why.NOT_IN_TIME)
    if said.branches:
        in_branch = Test("branch", Op.ONE_OF, said.branches)
        ask(in_branch, lambda: check_of(in_branch), Why.NOT_IN_BRANCH)
    if said.coupon:
        has_coupon = Test("coupon", Op.ONE_OF, (said.coupon,))
        ask(has_coupon, lambda: check_of(has_coupon), Why.NO_COUPON)
    if is_for_points:
        ask(IS_MEMBER, lambda: check_of(IS_MEMBER), Why.ANONYMOUS)
    for part in parts_of(said.when):
        ask(part, partial(check_of, part), Why.CONDITION, fact_of(part))
    return asked


def _never(_facts: Facts) -> bool:
    return False


def _in_window(window: Window) -> Check:
    return lambda facts: window.holds(facts[MOMENT])


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
