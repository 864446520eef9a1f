"""A decision: everything that was decided about a receipt. Stored with the purchase; returns and explanations read it.

Plain slotted values with short integer fields, so that encoding them costs microseconds; a decision survives a round
trip through JSON unchanged (`bookkeeping/documents.py`). Money in minor units, points in the currency's smallest unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Why(StrEnum):
    """Reasons in a decision's trace: what happened, or why a rule did nothing. Sentences stand in `wording`."""

    # a promotion did something
    DISCOUNTED = "discounted"  # amount: minor units taken off, num: the price of these lines before
    EARNED = "earned"  # detail: currency, amount: minor units of the base, num/den: exact units before rounding
    MULTIPLIED = "multiplied"  # detail: currency, num/den: exact units added
    GIFT_ADDED = "gift_added"  # amount: what it is worth
    GIFT_GIVEN = "gift_given"  # rule: gifts.<code> or points.<code>, amount: taken off, num/den: pieces
    EARNING_OFF = "earning_off"
    NOT_GIVEN_HERE = "not_given_here"  # detail: currency
    SPENDING_OFF = "spending_off"
    SPENDING_CAPPED = "spending_capped"
    # a promotion did nothing
    NOT_IN_TIME = "not_in_time"
    NOT_IN_BRANCH = "not_in_branch"
    NO_COUPON = "no_coupon"
    SWITCHED_OFF = "switched_off"  # by hand, until it is switched on again
    LOCKED = "locked"
    CONDITION = "condition"  # detail: the first fact that failed
    NO_LINES = "no_lines"
    NO_SETS = "no_sets"  # not enough units for nth, buy-get, bundle
    BEATEN = "beaten"  # detail: code of the promotion that won its group
    CLOSED_LINES = "closed_lines"  # by an exclusive promotion
    NOTHING_LEFT = "nothing_left"  # the price is already at its lowest
    ANONYMOUS = "anonymous"  # points go to members only
    LIMIT_REACHED = "limit_reached"  # detail: whose limit
    BUDGET_SPENT = "budget_spent"
    HELD_OUT = "held_out"  # to measure what the promotion brings
    # sums
    ROUNDED = "rounded"  # detail: currency, num/den: exact units of this purchase, amount: units of the lot
    SPENT = "spent"  # detail: "currency:limit", amount: units, num: minor units


class Limit(StrEnum):
    """What kept spending from being higher."""

    NOTHING = "nothing"
    WISH = "wish"
    BALANCE = "balance"
    LINE_SHARE = "line_share"
    RECEIPT_SHARE = "receipt_share"
    KEEP_PRICE = "keep_price"
    CASH_MIN = "cash_min"
    RULES = "rules"
    STEP = "step"
    UNITS_MIN = "units_min"


@dataclass(slots=True)
class Reason:
    """One step of the trace. `rule` is a promotion's code (empty: the program), `line` a line's number (0: several)."""

    why: Why
    rule: str = ""
    line: int = 0
    amount: int = 0
    detail: str = ""
    num: int = 0
    den: int = 0


@dataclass(slots=True)
class PricedLine:
    """A line as sold: amount - manual - sum(discounts) = net; net - points = paid.

    `discounts` pairs of (promotion code, minor units). `points` minor units paid by points; `spent` units by currency;
    `earned` units by the index of the lot in Decision.lots. `gift` marks a line added or made free by a promotion.
    """

    number: int
    sku: str
    name: str
    quantity: int
    price: int
    amount: int
    manual: int
    net: int
    points: int
    paid: int
    vat: int | None = None
    gift: bool = False
    discounts: list[tuple[str, int]] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=dict)
    earned: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class FiscalLine:
    """A line to print: round(price x quantity) = total, minor units exactly; `price` is in minor units for one.

    `counter` minor units paid by other counter-provision (mode counter_provision), else 0; `line`: of the receipt.
    """

    line: int
    sku: str
    name: str
    quantity: int
    price: int
    total: int
    counter: int = 0
    vat: int | None = None
    gift: bool = False


@dataclass(slots=True)
class LotPlan:
    """A lot to be made: `units` (the sum of its lines' earned units) of `currency` with its life.

    `num/den` is the exact amount of this purchase before rounding and before the carried fraction.
    """

    currency: str
    units: int
    starts_at: datetime
    expires_at: datetime | None
    pending: bool
    num: int
    den: int


@dataclass(slots=True)
class DrawPlan:
    """Units taken from one lot."""

    lot: UUID
    currency: str
    units: int


@dataclass(slots=True)
class SpendPlan:
    """What one currency pays: `units` worth `minor`; `units_max` would be possible; `limited_by`: why not more."""

    currency: str
    units: int
    minor: int
    units_max: int
    limited_by: Limit


@dataclass(slots=True)
class Carry:
    """The kept fraction of a unit after this decision (may be negative after returns); |num| < den."""

    currency: str
    num: int
    den: int


@dataclass(slots=True)
class Totals:
    """Sums over the lines, minor units: amount - manual - discount = net = points + paid."""

    amount: int
    manual: int
    discount: int
    net: int
    points: int
    paid: int


@dataclass(slots=True)
class SharePlan:
    """What a share gives somebody: `to` (a kind of beneficiary), `who` (his code; an inviter's member id as text).

    `units` of `currency`, the sum over the lines in `by_line` (units by line number); `num/den` the exact amount
    before rounding. `level` of an inviter. `split`: the other split that was in force. `funded_by`: a partner's code.
    """

    rule: str
    to: str
    who: str
    currency: str
    units: int
    num: int
    den: int
    starts_at: datetime
    expires_at: datetime | None
    by_line: dict[int, int] = field(default_factory=dict)
    level: int = 0
    split: str = ""
    funded_by: str = ""


class Tell(StrEnum):
    """What a hint tells the cashier and the member; sentences stand in `wording`."""

    PRIVILEGE = "privilege"  # code: promotion, until, count: purchases left (0: any)
    GIFT_DUE = "gift_due"  # code: gift or currency, count: whole units, detail: sku, until
    NEXT_TIER = "next_tier"  # code: tier, detail: fact, amount: what is missing of it
    STAMPS = "stamps"  # code: gift, count: units still missing, detail: currency
    CLUB = "club"  # code: article or service that is for members of the club only
    EXPIRING = "expiring"  # detail: currency, amount: units, until
    COUPON = "coupon"  # code: coupon the member has bound, detail: its word, until


@dataclass(slots=True)
class Hint:
    """One thing worth saying at the till. Amounts in minor units or a currency's smallest unit, by `tell`."""

    tell: Tell
    code: str = ""
    until: datetime | None = None
    count: int = 0
    amount: int = 0
    detail: str = ""


@dataclass(slots=True)
class CertificatePlan:
    """What a gift certificate pays of the receipt, minor units; `by_line` by line number."""

    id: UUID
    minor: int
    by_line: dict[int, int] = field(default_factory=dict)
    number: str = ""


@dataclass(slots=True)
class CertificateSale:
    """A line that sells `count` gift certificates of a `kind`, each worth `minor` units: an advance, no sale yet."""

    line: int
    kind: str
    count: int
    minor: int


@dataclass(slots=True)
class BoundedUse:
    """A bounded rule worked once: `minor` units and smallest `units` of points its budget is charged with.

    `branch` where it worked.
    """

    rule: str
    minor: int = 0
    units: int = 0
    branch: str = ""


@dataclass(slots=True)
class Beyond:
    """What a purchase moves beside the buyer's own points; absent where the rulebook has nothing of it.

    `privileges` (ids) that opened a locked promotion, `issued` coupon codes (ids) that were used, `claims` (ids) of
    gifts collected, `segments` that were for this one sale. `refused`: why, by the word as it was typed
    (`engine/coupons.py`).
    """

    shares: list[SharePlan] = field(default_factory=list)
    privileges: list[UUID] = field(default_factory=list)
    issued: list[UUID] = field(default_factory=list)
    claims: list[UUID] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    certificates: list[CertificatePlan] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    bounded: list[BoundedUse] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    certificates_sold: list[CertificateSale] = field(default_factory=list)


@dataclass(slots=True)
class Decision:
    """`member` None for an anonymous purchase. `prompts` are promotions whose prompt the cashier should read out.

    `tier_after` is the tier the member has once this purchase is counted (empty: no tiers, or anonymous).
    """

    version: int
    fingerprint: str
    at: datetime
    member: UUID | None
    tier: str
    totals: Totals
    lines: list[PricedLine]
    fiscal: list[FiscalLine]
    spend: list[SpendPlan]
    draws: list[DrawPlan]
    lots: list[LotPlan]
    carry: list[Carry]
    coupons: list[str]
    coupons_refused: list[str]
    prompts: list[str]
    reasons: list[Reason]
    tier_after: str = ""
    beyond: Beyond | None = None
