"""What is linted: a rulebook with its tests, and what the owner told beside; each rule with the ways it can work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from kopilka.engine.conditions import All, Condition, Op, Test
from kopilka.engine.linting.boxes import Box, TooMany, boxes_of, can_hold, meet, window_box
from kopilka.engine.linting.unlocks import openable
from kopilka.engine.receipt import Line
from kopilka.engine.rulebook import Promotion, Rulebook
from kopilka.engine.switches import path_of

IS_MEMBER = Test("member", Op.ONE_OF, (True,))


@dataclass(frozen=True, slots=True)
class Ways:
    """How one promotion can work: `boxes` of all it asks for. `is_open`: there are more ways than were followed."""

    rule: Promotion
    boxes: tuple[Box, ...]
    is_open: bool = False

    @property
    def path(self) -> str:
        return path_of(self.rule)

    def tiers(self) -> set[str]:
        """The levels of which a member must have one, where the rule asks for a level whichever way it works."""
        found: set[str] = set()
        for box in self.boxes:
            tier = box.get("tier")
            if tier is None or tier.allowed is None:
                return set()
            found |= {str(value) for value in tier.values()}
        return found


@dataclass(frozen=True)
class Subject:
    """`today` in the program's zone. `lines`: articles with prices from a sample and the tests, perhaps with costs.

    `since`: from when each threshold (by its path) has stood; `inflation` hundredths of a percent a year (0: untold).
    `found` keeps what one kind of finding has searched for, for the next.
    """

    rulebook: Rulebook
    today: date
    tree: object = None
    lines: tuple[Line, ...] = ()
    since: Mapping[str, datetime] = field(default_factory=dict)
    inflation: int = 0
    found: dict[str, object] = field(default_factory=dict)

    @cached_property
    def openable(self) -> frozenset[str]:
        """Locked promotions that some automation can open."""
        return openable(self.rulebook)

    @cached_property
    def ways(self) -> tuple[Ways, ...]:
        """All promotions that are not switched off, in the order of the document."""
        return tuple(ways_of(rule, self.today) for rule in self.rulebook.promotions if not rule.is_off)

    @cached_property
    def working(self) -> tuple[Ways, ...]:
        """Those that can work for somebody from today on."""
        return tuple(
            one
            for one in self.ways
            if one.boxes
            and not (one.rule.locked and one.rule.code not in self.openable)
            and not (self.dead_tiers and (asked := one.tiers()) and asked <= self.dead_tiers)
        )

    @cached_property
    def dead_tiers(self) -> frozenset[str]:
        """Levels nobody can ever enter."""
        tiers = self.rulebook.tiers
        return frozenset(tier.code for tier in tiers if tier.enter is not None and can_hold(tier.enter) is False)


def ways_of(rule: Promotion, today: date) -> Ways:
    """The ways a promotion can work from `today` on; none where it contradicts itself or is over."""
    around = meet(window_box(rule.window, today), frame(rule))
    try:
        found = [
            both for box in boxes_of(wanted_by(rule)) if around is not None and (both := meet(box, around)) is not None
        ]
    except TooMany:
        return Ways(rule, (around,) if around is not None else (), is_open=True)
    return Ways(rule, tuple(found))


def frame(rule: Promotion) -> Box:
    """What a promotion asks beside its conditions: branches, a coupon, a member for points."""
    asked: list[Condition] = []
    if rule.branches:
        asked.append(Test("branch", Op.ONE_OF, rule.branches))
    if rule.coupon:
        asked.append(Test("coupon", Op.ONE_OF, (rule.coupon,)))
    if is_for_points(rule):
        asked.append(IS_MEMBER)
    found = boxes_of(All(tuple(asked)))
    return found[0] if found else {}


def is_for_points(rule: Promotion) -> bool:
    """It gives points and does nothing else, so only members have it."""
    switches = rule.no_earning or rule.no_spending or rule.spending_share is not None
    return bool(rule.earn) and rule.discount is None and not switches


def wanted_by(rule: Promotion) -> Condition | None:
    """Both conditions of a promotion: of the sale and of a line."""
    parts = tuple(part for part in (rule.when, rule.lines) if part is not None)
    return All(parts) if parts else None
