"""Shares of a sale made ready: what must hold, which lines count, what is given, and the other splits of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kopilka.engine.checks import Check, Selects, check_of, selector
from kopilka.engine.compiling.earns import EarnRule, lone_rule
from kopilka.engine.conditions import Op, Test
from kopilka.engine.mechanics import Share, Split, SplitFor, To
from kopilka.engine.period import Life
from kopilka.engine.points import PointsCurrency
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.rulebook_earn import Earn

SHARES = "shares."
"""What a share gives the buyer is a promotion of this name; a dot cannot stand in a code of the document."""


@dataclass(frozen=True, slots=True)
class Given:
    """One way of giving points, and how long they live from when."""

    rule: EarnRule
    currency: PointsCurrency
    life: Life
    starts_after: Life


@dataclass(frozen=True, slots=True)
class SplitRule:
    """Another sharing for members of a segment; `once`: it is used up by the sale."""

    code: str
    segment: str
    gives: tuple[Given, ...]
    once: bool


@dataclass(frozen=True, slots=True)
class ShareRule:
    """A share that goes to somebody else than the buyer."""

    said: Share
    checks: tuple[Check, ...]
    selects: Selects | None
    gives: tuple[Given, ...]
    splits: tuple[SplitRule, ...]


def make_share_rules(rulebook: Rulebook) -> tuple[ShareRule, ...]:
    """Those for others that are not switched off, in the order of the document."""
    return tuple(
        ShareRule(
            said,
            tuple(_checks(said)),
            None if said.lines is None else selector(said.lines),
            _gives(rulebook, said.earns),
            tuple(_split(rulebook, split) for split in said.splits),
        )
        for said in rulebook.mechanics.shares.values()
        if said.to is not To.BUYER and f"{SHARES}{said.code}" not in rulebook.rules_off
    )


def _checks(said: Share) -> Iterable[Check]:
    if said.branches:
        yield check_of(Test("branch", Op.ONE_OF, said.branches))
    if said.when is not None:
        yield check_of(said.when)


def _gives(rulebook: Rulebook, earns: Iterable[Earn]) -> tuple[Given, ...]:
    return tuple(
        Given(rule, rulebook.points[earn.currency], life, start)
        for earn in earns
        for rule, life, start in (lone_rule(rulebook, earn),)
    )


def _split(rulebook: Rulebook, split: Split) -> SplitRule:
    once = split.holds is SplitFor.NEXT_SALE and split.life.is_empty
    return SplitRule(split.code, split.segment, _gives(rulebook, split.earns), once)
