"""Returns, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.decisions import BalanceOut
from kopilka.api.schemas.fields import (
    LINES_MAX,
    ExternalId,
    Identifier,
    In,
    Label,
    Minor,
    Moment,
    Out,
    Quantity,
    Title,
)
from kopilka.api.schemas.receipts import MemberIn


class ReturnLineIn(In):
    """How much of a line of the purchase comes back."""

    line: Annotated[int, Meta(ge=1, le=100_000)]
    quantity: Quantity = 1


class ArticleIn(In):
    """Goods whose purchase is not named; `amount_minor` is the money the till gives back for all of them."""

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    amount_minor: Minor
    quantity: Quantity = 1
    name: Title = ""


class ReturnIn(In):
    """What comes back: `lines` of a purchase (absent: all that is left), or `articles` of a member without one.

    With `dry_run` the answer says what would happen and nothing is written; it has no id.
    """

    external_id: ExternalId
    purchase_id: Identifier | None = None
    lines: Annotated[list[ReturnLineIn], Meta(min_length=1, max_length=LINES_MAX)] | None = None
    member: MemberIn | None = None
    articles: Annotated[list[ArticleIn], Meta(max_length=LINES_MAX)] = []
    till: Label = ""
    occurred_at: Moment | None = None
    dry_run: bool = False


class ReturnedLineOut(Out):
    purchase_id: UUID
    line: int
    sku: str
    name: str
    quantity: str
    refund_minor: int


class UnmatchedOut(Out):
    """Goods the member had not bought: recorded, and no points moved."""

    sku: str
    name: str
    quantity: str
    refund_minor: int


class PointsBackOut(Out):
    """What the return did in one currency.

    `earned` by the goods = `taken_back` + `expired` before they could be taken + `owed` + `forgiven`; `given_back` are
    the points they were paid with, of which `in_grace` got a new life and `lapsed` had outlived theirs.
    """

    currency: str
    decimals: int
    earned: int
    taken_back: int
    expired: int
    owed: int
    forgiven: int
    given_back: int
    in_grace: int
    lapsed: int


class ReturnOut(Out):
    """`id` is null for a dry run; `refund_minor` is what goes back, `to_certificates_minor` of it to certificates."""

    id: UUID | None
    purchase_id: UUID | None
    member_id: UUID | None
    source: str
    external_id: str
    occurred_at: datetime
    recorded_at: datetime
    currency: str
    refund_minor: int
    to_certificates_minor: int
    lines: list[ReturnedLineOut]
    unmatched: list[UnmatchedOut]
    points: list[PointsBackOut]
    balances: list[BalanceOut]


class ReturnsOut(Out):
    """The newest first; `next` is the cursor of the following page, null on the last one."""

    items: list[ReturnOut]
    next: str | None
