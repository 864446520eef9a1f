"""Coupon codes, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import CouponCode, In, Out, Title

API_COUNT_MAX = 20_000

Reason = Annotated[str, Meta(min_length=1, max_length=500)]
CodeState = Literal["new", "bound", "reserved", "used", "withdrawn", "expired"]


class BatchIn(In):
    """Codes to make of a coupon that is a series. More at once are made by the command `kopilka coupons issue`."""

    coupon: CouponCode
    count: Annotated[int, Meta(ge=1, le=API_COUNT_MAX)]
    note: Title = ""


class BatchOut(Out):
    """`made` of `wanted` codes; `withdrawn_at` null: they are good."""

    id: UUID
    coupon: str
    wanted: int
    made: int
    note: str
    created_at: datetime
    withdrawn_at: datetime | None
    reason: str


class BatchesOut(Out):
    items: list[BatchOut]


class CouponOut(Out):
    """One code. `state`: new, bound (to a member), reserved (by an open purchase), used, withdrawn, expired."""

    word: str
    coupon: str
    state: str
    member_id: UUID | None
    batch_id: UUID | None
    purchase_id: UUID | None
    issued_at: datetime
    bound_at: datetime | None
    valid_until: datetime | None
    changed_at: datetime
    reason: str


class CouponsOut(Out):
    items: list[CouponOut]
    next: str | None


class BindIn(In):
    """The phone of whoever opened the link; somebody unknown is enrolled."""

    phone: Annotated[str, Meta(min_length=1, max_length=64)]


class BoundOut(Out):
    """The code is the member's: from now on it is enough to name the phone. `enrolled`: he was not a member before."""

    coupon: str
    word: str
    member_id: UUID
    valid_until: datetime | None
    enrolled: bool


class WithdrawIn(In):
    reason: Reason


class WithdrawnOut(Out):
    """How many codes can be used no more."""

    count: int
