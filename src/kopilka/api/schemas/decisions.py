"""What was decided about a receipt, as answers show it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.api.schemas.fields import Out


class DiscountOut(Out):
    promotion: str
    name: str
    amount_minor: int


class PointsOut(Out):
    """`points` in the smallest unit: with `decimals` 2, 150 are 1.50 points."""

    currency: str
    decimals: int
    points: int


class LineOut(Out):
    """amount - manual discount - discounts = net; net - paid by points = paid. `price` in minor units for one."""

    line: int
    sku: str
    name: str
    quantity: str
    price: int
    amount_minor: int
    manual_discount_minor: int
    discounts: list[DiscountOut]
    net_minor: int
    points_minor: int
    paid_minor: int
    vat: str | None
    gift: bool
    spent: list[PointsOut]
    earned: list[PointsOut]


class FiscalLineOut(Out):
    """A line to print: price x quantity is the total, to the kopeck. Lines of
    `certificates_sold` are printed as an advance.
    """

    line: int
    sku: str
    name: str
    quantity: str
    price: int
    total_minor: int
    counter_provision_minor: int
    vat: str | None
    gift: bool


class TotalsOut(Out):
    """amount - manual discount - discount = net = points + paid. Of paid, `advance_minor` is paid by certificates."""

    amount_minor: int
    manual_discount_minor: int
    discount_minor: int
    net_minor: int
    points_minor: int
    paid_minor: int
    advance_minor: int = 0


class SpendOut(Out):
    """How one currency pays: `applied` points worth `applied_minor`, of `max`; `limited_by` says why not more."""

    currency: str
    decimals: int
    max: int
    applied: int
    applied_minor: int
    limited_by: str
    limited_by_text: str


class EarnOut(Out):
    """Points given by this purchase; `pending` until `starts_at`."""

    currency: str
    decimals: int
    points: int
    pending: bool
    starts_at: datetime
    expires_at: datetime | None


class GiftOut(Out):
    """So much of an article is given away. `rule`: gifts.<code> or points.<code> it was owed by, empty: a promotion."""

    line: int
    sku: str
    name: str
    quantity: str
    worth_minor: int
    rule: str


class AdvanceOut(Out):
    line: int
    amount_minor: int


class CertificatePaidOut(Out):
    """What a gift certificate pays: an advance set off, so much less money is taken. `number` by its last digits."""

    number: str
    amount_minor: int
    lines: list[AdvanceOut]


class CertificateSoldOut(Out):
    """A line that sells `count` gift certificates of `value_minor` each: an advance, to be printed as such."""

    line: int
    kind: str
    count: int
    value_minor: int


class HintOut(Out):
    """Something worth telling the buyer, by `code`, with its `subject`.

    `coupon_refused` (coupon, `reason`), `can_spend` (currency), `privilege` (promotion, until, count: purchases left),
    `gift_due` (gift or currency, count), `stamps` (gift, count: missing, 0: the card is full), `next_tier` (tier,
    amount), `expiring` (amount, until), `club` (service), `coupon` (coupon the buyer has).
    """

    code: str
    subject: str
    text: str
    until: datetime | None = None
    count: int = 0
    amount: int = 0
    reason: str = ""


class PromptOut(Out):
    """What the cashier reads out; `promotion` is the code of a promotion, or of a coupon the buyer has."""

    promotion: str
    text: str


class BalanceOut(Out):
    """One wallet after the act, in the smallest unit of its currency."""

    currency: str
    decimals: int
    available: int
    pending: int
    held: int
    debt: int


class TraceOut(Out):
    """One step of the reckoning; `promotion` empty: the program, `line` 0: the receipt."""

    code: str
    promotion: str
    line: int
    text: str


class DecisionOut(Out):
    """The parts that quotes and purchases share.

    `trace`: what did something, and the sums; with `explain`, and where they are read later, what did nothing too.
    """

    id: UUID | None
    occurred_at: datetime
    member_id: UUID | None
    currency: str
    program_version: int
    tier: str
    tier_after: str
    lines: list[LineOut]
    fiscal_lines: list[FiscalLineOut]
    totals: TotalsOut
    spend: list[SpendOut]
    earn: list[EarnOut]
    gifts: list[GiftOut]
    privileges_used: list[UUID]
    coupons: list[str]
    coupons_refused: list[str]
    certificates: list[CertificatePaidOut]
    certificates_sold: list[CertificateSoldOut]
    hints: list[HintOut]
    prompts_for_cashier: list[PromptOut]
    balances: list[BalanceOut]
    slip_text: str
    trace: list[TraceOut]


class QuoteOut(DecisionOut):
    """`id` and `expires_at` are null for a quote that was not kept."""

    expires_at: datetime | None


class QuoteEnd(Out):
    """What a quote says after what was decided."""

    expires_at: datetime | None


class PurchaseOut(DecisionOut):
    """`state`: open, confirmed, cancelled."""

    id: UUID
    state: str
    source: str
    external_id: str
    recorded_at: datetime


class PurchaseEnd(Out):
    """What a purchase says after what was decided."""

    state: str
    source: str
    external_id: str
    recorded_at: datetime


class PurchaseRowOut(Out):
    """A purchase in a list; `returned_minor` of the money has been given back."""

    id: UUID
    state: str
    member_id: UUID | None
    source: str
    external_id: str
    branch: str
    occurred_at: datetime
    recorded_at: datetime
    net_minor: int
    paid_minor: int
    returned_minor: int


class PurchasesOut(Out):
    """The newest first; `next` is the cursor of the following page, null on the last one."""

    items: list[PurchaseRowOut]
    next: str | None
