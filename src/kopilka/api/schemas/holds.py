"""Holds, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.decisions import BalanceOut
from kopilka.api.schemas.fields import CurrencyCode, In, OneTimeCode, Out, Points
from kopilka.api.schemas.receipts import MemberIn


class HoldIn(In, kw_only=True):
    """Points to set aside; the program's only currency where none is named."""

    member: MemberIn
    points: Points
    currency: CurrencyCode | None = None
    life_minutes: Annotated[int, Meta(ge=1, le=43_200)] = 60
    code: OneTimeCode | None = None


class HoldOut(Out):
    """`state`: open, captured, released, expired; `captured` points of it were paid with."""

    id: UUID
    member_id: UUID
    currency: str
    decimals: int
    points: int
    captured: int
    state: str
    expires_at: datetime


class HoldDoneOut(HoldOut):
    """The hold right after an act, and the member's wallets then."""

    balances: list[BalanceOut]
