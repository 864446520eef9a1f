"""A receipt as a till sends it: for a quote and for a purchase."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kopilka.api.schemas.fields import (
    LINES_MAX,
    CouponCode,
    CurrencyCode,
    ExternalId,
    Identifier,
    In,
    Label,
    Minor,
    Moment,
    MoneyCode,
    OneTimeCode,
    Percent,
    Points,
    Quantity,
    Title,
)

TAGS_MAX = 50
CODES_MAX = 50


class MemberIn(In):
    """Who buys: exactly one of id, phone, card, email, external; or his one-time code alone.

    A code beside another identifier proves that the member agrees to spend.
    """

    id: Identifier | None = None
    phone: Identifier | None = None
    card: Identifier | None = None
    email: Identifier | None = None
    external: Identifier | None = None
    code: OneTimeCode | None = None


class LineIn(In):
    """One line. `price` for one piece in minor units, before any discount; `discount_minor` off the whole line."""

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    price: Minor
    quantity: Quantity = 1
    line: Annotated[int, Meta(ge=1, le=100_000, description="Its number; else its place on the receipt.")] | None = None
    name: Title = ""
    category: Annotated[str, Meta(max_length=200, description="Parts below each other are divided by slashes.")] = ""
    brand: Label = ""
    tags: Annotated[list[Label], Meta(max_length=TAGS_MAX)] = []
    discount_minor: Minor = 0
    vat: Percent | None = None
    cost: Minor | None = None
    min_price: Minor | None = None
    kind: Literal["goods", "service", "certificate"] = "goods"


class SpendIn(In):
    """What the member wants to pay with points: nothing, `points` of a currency, or as much as the rules allow."""

    mode: Literal["none", "amount", "max"] = "none"
    points: Points | None = None
    currency: CurrencyCode | None = None


class CertificateIn(In):
    """A gift certificate to pay with: `amount_minor` of it, or as much as it can. `pin` where its kind asks for one."""

    number: Annotated[str, Meta(min_length=1, max_length=64)]
    amount_minor: Minor | None = None
    pin: Annotated[str, Meta(max_length=8)] = ""


class ReceiptIn(In):
    """What a quote and a purchase have in common."""

    member: MemberIn | None = None
    branch: Label = ""
    till: Label = ""
    staff: Label = ""
    agent: Label = ""
    brand: Label = ""
    origin: Literal["till", "online"] = "till"
    occurred_at: Moment | None = None
    currency: MoneyCode | None = None
    lines: Annotated[list[LineIn], Meta(max_length=LINES_MAX)] = []
    total_minor: Minor | None = None
    codes: Annotated[list[CouponCode], Meta(max_length=CODES_MAX)] = []
    spend: SpendIn = msgspec.field(default_factory=SpendIn)
    certificates: Annotated[list[CertificateIn], Meta(max_length=20)] = []
    code: OneTimeCode | None = None
    explain: Annotated[bool, Meta(description="Answer with every step of the reckoning, also what did nothing.")] = (
        False
    )


class QuoteIn(ReceiptIn):
    """What would happen to this receipt now? With `keep` false nothing is written and there is no id to confirm by."""

    keep: bool = True


class PurchaseIn(ReceiptIn, kw_only=True):
    """A receipt to record: whole, or by the id of a kept quote.

    `final` false leaves the purchase open: points are held, and /confirm or /cancel ends it. `hold_id` pays from
    points that were set aside before.
    """

    external_id: ExternalId
    quote_id: Identifier | None = None
    hold_id: Identifier | None = None
    final: bool = True
    life_minutes: Annotated[int, Meta(ge=1, le=43_200, description="How long an open purchase waits.")] = 60
