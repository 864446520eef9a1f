"""Gifts and privileges, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.decisions import BalanceOut, PointsOut
from kopilka.api.schemas.fields import In, Label, OneTimeCode, Out


class OfferedGiftOut(Out):
    """A gift of the catalogue. `left` of its stock, null: without end. `missing`: points the member still needs."""

    gift: str
    name: str
    sku: str
    quantity: int
    prices: list[PointsOut]
    cash_minor: int
    picture: str
    until: datetime | None
    tiers: list[str]
    by_itself: bool
    left: int | None
    missing: list[PointsOut]
    can_choose: bool


class OfferedGiftsOut(Out):
    """In the order of the rulebook."""

    items: list[OfferedGiftOut]


class ClaimOut(Out):
    """A gift that is somebody's: `quantity` pieces, collected together. `code` empty: it is rung without one.

    `state`: open, set_aside, collected, cancelled, expired. `origin`: chosen, granted, card (a full one).
    """

    id: UUID
    member_id: UUID
    gift: str
    name: str
    sku: str
    quantity: int
    code: str
    cash_minor: int
    paid: list[PointsOut]
    origin: str
    state: str
    chosen_at: datetime
    until: datetime | None


class ClaimDoneOut(ClaimOut):
    """The gift right after an act, and the member's wallets then."""

    balances: list[BalanceOut]


class MemberGiftsOut(Out):
    """What the member can choose now, and a page of what is his, the newest first; `next` asks for the older ones."""

    offered: list[OfferedGiftOut]
    claims: list[ClaimOut]
    next: str | None


class ChooseIn(In, kw_only=True):
    """The member's one-time `code` where spending needs a proof."""

    gift: Annotated[str, Meta(min_length=1, max_length=64, description="Code of a gift of the catalogue.")]
    branch: Label = ""
    code: OneTimeCode | None = None


class PrivilegeOut(Out):
    """A promotion opened for the member. `left` purchases, null: any. `state`: open, used_up, over, withdrawn."""

    id: UUID
    promotion: str
    name: str
    opened_at: datetime
    until: datetime | None
    left: int | None
    used: int
    state: str
    purchase_id: UUID | None
    text: str


class PrivilegesOut(Out):
    """The newest first."""

    items: list[PrivilegeOut]


class PrivilegeFiguresOut(Out):
    """What one promotion brings: `conversion` is the percent of the members who used what was opened for them."""

    promotion: str
    name: str
    opened: int
    used: int
    members: int
    members_used: int
    purchases: int
    revenue_minor: int
    conversion: str


class PrivilegesFiguresOut(Out):
    items: list[PrivilegeFiguresOut]
