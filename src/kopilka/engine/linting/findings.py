"""What a linter finds in valid rules: a stable code, where it stands, how grave it is, the figures, and a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FindingCode(StrEnum):
    """Every finding; stable for ever. The sentences stand in `wording/finding_texts.py`."""

    # discounts together
    STACK_OVER_HUNDRED = "stack_over_hundred"  # rules, percent, price, pays
    SOLD_BELOW_COST = "sold_below_cost"  # sku, rules, cost, pays
    SOLD_BELOW_MINIMUM = "sold_below_minimum"  # sku, rules, minimum, pays
    LOSS_WITH_POINTS = "loss_with_points"  # sku, rules, cost, pays, points

    # points together
    EARNS_TOO_MUCH = "earns_too_much"  # rules, percent, limit
    EARNS_OVER_AVERAGE = "earns_over_average"  # percent, limit

    # levels
    TIER_NEVER_REACHED = "tier_never_reached"  # tier
    TIER_SKIPPED = "tier_skipped"  # tier, other

    # rules that never or always work
    NEVER_WORKS = "never_works"  # fact
    OVER_ALREADY = "over_already"  # until
    NEVER_UNLOCKED = "never_unlocked"
    COUPON_OUT_OF_REACH = "coupon_out_of_reach"  # coupon
    TIER_OUT_OF_REACH = "tier_out_of_reach"  # tier
    ALWAYS_HOLDS = "always_holds"  # fact
    CYCLIC_UNLOCK = "cyclic_unlock"  # chain

    # rules that cancel each other
    EARNING_TAKEN_AWAY = "earning_taken_away"  # other
    SPENDING_SHARE_IDLE = "spending_share_idle"  # other
    NEVER_WINS = "never_wins"  # other, group
    LINES_CLOSED = "lines_closed"  # other
    NOTHING_TO_MULTIPLY = "nothing_to_multiply"  # currency

    # what a buyer can follow
    ODD_PERCENT = "odd_percent"  # percent
    ODD_WORTH = "odd_worth"  # worth
    MANY_RULES = "many_rules"  # rules, count, limit
    FINE_PRINT = "fine_print"  # count, limit
    HARD_ARITHMETIC = "hard_arithmetic"  # score, limit
    WELCOME_LIFE = "welcome_life"  # minimum, maximum

    # thresholds in time
    THRESHOLD_STALE = "threshold_stale"  # since, days
    THRESHOLD_EATEN = "threshold_eaten"  # since, threshold, worth, percent

    # the search itself
    SEARCH_LIMITED = "search_limited"  # tried, of


class Severity(StrEnum):
    """ERROR: somebody loses money or a rule is broken; WARNING: probably not meant; ADVICE: worth a thought."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the receipt that shows it: `quantity` thousandths, `price` 1/10,000, the rest minor units."""

    sku: str
    quantity: int
    price: int
    amount: int
    discounts: tuple[tuple[str, int], ...]
    net: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The receipt that shows it, played by the engine: `at` local, `who` in facts, `earned` units by currency."""

    at: str
    who: dict[str, object]
    lines: tuple[EvidenceLine, ...]
    earned: dict[str, int] = field(default_factory=dict)
    branch: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`path` as in `promotions.friday.when`; `params` are plain values; figures are texts as people write them."""

    path: str
    code: FindingCode
    severity: Severity
    params: Mapping[str, object] = field(default_factory=dict)
    evidence: Evidence | None = None
