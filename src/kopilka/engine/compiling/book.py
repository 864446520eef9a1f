"""A rulebook made ready to be played, once per version."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kopilka.engine.checks import tests_of
from kopilka.engine.coalition import restricted_branches
from kopilka.engine.compiling.beside import Beside, beside_of, conditions_beside
from kopilka.engine.compiling.choices import Choices
from kopilka.engine.compiling.earns import Pot, make_earns
from kopilka.engine.compiling.lines import LineIndex
from kopilka.engine.compiling.probes import Probes
from kopilka.engine.compiling.rules import Rule, make_rule
from kopilka.engine.compiling.shares import SHARES, ShareRule, make_share_rules
from kopilka.engine.conditions import Condition
from kopilka.engine.coupons import words_of
from kopilka.engine.fact_readers import READERS, SLOTS, Reader
from kopilka.engine.mechanics import Bounds
from kopilka.engine.mechanics_things import Partner
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE
from kopilka.engine.points import PointsCurrency
from kopilka.engine.promotions.kind import Step
from kopilka.engine.rulebook import Bundle, BuyGet, Coupon, Promotion, Rulebook, Spending, Stacking

ALWAYS_READ = ("branch", "coupon", "member")
"""Facts that promotions ask about by other fields than their conditions."""

BOOKS_MAX = 64

Rank = tuple[bool, int, int, int, str]
"""Open group, phase (coupons late, gifts last), step, priority, code."""


@dataclass(frozen=True, slots=True)
class Payer:
    """A currency that can pay: `scale` units are one whole point, worth `worth` minor units; how, as Spending says."""

    currency: str
    scale: int
    worth: int
    share_receipt: int
    share_line: int
    keep_price: int
    cash_min: int
    step: int
    units_min: int

    def money(self, units: int) -> int:
        """Minor units that so many units pay, rounded down."""
        return units * self.worth // self.scale

    def units(self, minor: int) -> int:
        """The fewest units that pay as much as the most units within `minor` do."""
        most = ((minor + 1) * self.scale - 1) // self.worth
        return -(-(most * self.worth // self.scale) * self.scale // self.worth)


@dataclass(slots=True)
class Book:
    """The rules of a rulebook in the order of calculation, and what finds them quickly.

    `index` finds the rules that concern an article, those of the bits `open_rules` may concern any; `probes` tells what
    does not hold, `choices` which rules may then work.
    `readers`: the facts to be read, by slot. `payers`: the currencies that
    can pay, in the order in which they are spent. `asked`: every fact that any condition asks about. `shares`: those
    that go to others than the buyer. `restricted`: branches of partners who give or take some kinds of points only.
    `bounds` of the promotions and shares that have any. `beside`: gifts, stamps, privileges. `first_tier` is that of
    members who have none yet. `per_minor` is the price times quantity that makes one minor unit.
    """

    rulebook: Rulebook
    rules: tuple[Rule, ...]
    open_rules: int
    choices: Choices
    probes: Probes
    index: LineIndex
    readers: tuple[tuple[int, Reader], ...]
    pots: tuple[Pot, ...]
    payers: tuple[Payer, ...]
    tier_shares: dict[str, int]
    coupons: dict[str, Coupon]
    asked: frozenset[str]
    has_switches: bool
    has_prompts: bool
    shares: tuple[ShareRule, ...]
    restricted: dict[str, Partner]
    bounds: dict[str, Bounds]
    beside: Beside | None
    zone: ZoneInfo
    digits: int
    per_minor: int
    has_tiers: bool
    first_tier: str

    @property
    def has_beyond(self) -> bool:
        """May a purchase move anything beside the buyer's own points?"""
        said = self.rulebook.mechanics
        return bool(self.shares or self.bounds or self.beside or said.club or said.certificates)


_books: dict[str, Book] = {}


def book_of(rulebook: Rulebook) -> Book:
    """The rulebook's ready form; kept by fingerprint, and made anew when another rulebook carries the same one."""
    book = _books.get(rulebook.fingerprint)
    if book is None or (book.rulebook is not rulebook and book.rulebook != rulebook):
        if len(_books) >= BOOKS_MAX:
            _books.clear()
        book = _books[rulebook.fingerprint] = make_book(rulebook)
    elif book.rulebook is not rulebook:
        book.rulebook = rulebook  # the same read again: comparing two of them takes longer than a decision
    return book


def make_book(rulebook: Rulebook) -> Book:
    earns = make_earns(rulebook)
    probes = Probes()
    made = [make_rule(said, earns.rules[said.code], rulebook.digits, probes) for said in rulebook.promotions]
    probes.close()
    rules = _in_order(made, rulebook.groups)
    asked = frozenset(test.fact for said in _conditions(rulebook) for test in tests_of(said))
    return Book(
        rulebook=rulebook,
        rules=rules,
        open_rules=sum(1 << rule.index for rule in rules if rule.key is None),
        choices=Choices(rules),
        probes=probes,
        index=LineIndex((rule.index, rule.key) for rule in rules if rule.key),
        readers=tuple((slot, READERS[fact]) for fact, slot in SLOTS.items() if fact in asked or fact in ALWAYS_READ),
        pots=earns.pots,
        payers=_payers(rulebook),
        tier_shares={t.code: t.spending_share for t in rulebook.tiers if t.spending_share is not None},
        coupons=words_of(rulebook),
        asked=asked,
        has_switches=any(rule.has_switches for rule in rules),
        has_prompts=any(rule.has_prompt for rule in rules),
        shares=make_share_rules(rulebook),
        restricted=restricted_branches(rulebook),
        bounds=_bounds(rulebook),
        beside=beside_of(rulebook),
        zone=rulebook.zone,
        digits=rulebook.digits,
        per_minor=PRICE_SCALE * QUANTITY_SCALE // 10**rulebook.digits,
        has_tiers=bool(rulebook.tiers),
        first_tier=first_tier(rulebook),
    )


def first_tier(rulebook: Rulebook) -> str:
    """The lowest tier, when it asks for nothing."""
    tiers = rulebook.tiers
    return tiers[0].code if tiers and tiers[0].enter is None else ""


def _bounds(rulebook: Rulebook) -> dict[str, Bounds]:
    """Of promotions and of shares, whose code stands behind `shares.` as that of what they give the buyer does."""
    found = {said.code: said.bounds for said in rulebook.promotions}
    found |= {f"{SHARES}{code}": said.bounds for code, said in rulebook.mechanics.shares.items()}
    return {code: bounds for code, bounds in found.items() if not bounds.is_empty}


def _in_order(rules: list[Rule], groups: dict[str, Stacking]) -> tuple[Rule, ...]:
    """The order of calculation; the members of a group stand together at the place of its earliest one."""
    first: dict[str, Rank] = {}
    for rule in rules:
        if rule.group:
            rank = _rank(rule, groups)
            first[rule.group] = min(rank, first.get(rule.group, rank))

    def place(rule: Rule) -> tuple[Rank, str, int, str]:
        return first.get(rule.group) or _rank(rule, groups), rule.group, rule.said.priority, rule.code

    ordered = sorted(rules, key=place)
    sizes = Counter(rule.group for rule in rules)
    for index, rule in enumerate(ordered):
        rule.index, rule.group_size = index, sizes[rule.group]
    return tuple(ordered)


def _rank(rule: Rule, groups: dict[str, Stacking]) -> Rank:
    """Exclusive groups first; then step by step, promotions with a coupon after all others but gifts."""
    is_open = not rule.group or groups[rule.group] is not Stacking.EXCLUSIVE
    phase = 2 if rule.step >= Step.GIFTS else 1 if rule.said.coupon else 0
    return is_open, phase, rule.step, rule.said.priority, rule.code


def _conditions(rulebook: Rulebook) -> list[Condition | None]:
    found: list[Condition | None] = [tier.enter for tier in rulebook.tiers]
    for said in rulebook.promotions:
        found += [said.when, said.lines, *_of_discount(said)]
    found += conditions_beside(rulebook)
    for share in rulebook.mechanics.shares.values():
        found += [share.when, share.lines]
    return found


def _of_discount(said: Promotion) -> tuple[Condition | None, ...]:
    match said.discount:
        case BuyGet(gets=gets):
            return (gets,)
        case Bundle(parts=parts):
            return parts
        case _:
            return ()


def _payers(rulebook: Rulebook) -> tuple[Payer, ...]:
    points = rulebook.points
    able = [said for said in rulebook.spending.values() if points[said.currency].worth_minor]
    able.sort(key=lambda said: (points[said.currency].spend_order, said.currency))
    return tuple(_payer(said, points[said.currency]) for said in able)


def _payer(said: Spending, currency: PointsCurrency) -> Payer:
    return Payer(
        said.currency, currency.scale, currency.worth_minor, said.share_receipt, said.share_line, said.keep_price,
        said.cash_min, said.step, said.units_min,
    )  # fmt: skip
