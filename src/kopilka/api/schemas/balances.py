"""Points between members, many members at once, and lives made longer, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.decisions import BalanceOut
from kopilka.api.schemas.fields import CurrencyCode, In, Out

Reason = Annotated[str, Meta(min_length=1, max_length=500)]
Units = Annotated[int, Meta(ge=1, le=10**9, description="In the smallest unit of the currency.")]
MemberCode = Annotated[
    str, Meta(max_length=64, description="The member's one-time code, or the rotating code of his card.")
]


class TransferIn(In):
    """Points handed to another member; `code` is the giver's. A key that may adjust can leave it out."""

    to_member_id: UUID
    currency: CurrencyCode
    points: Units
    reason: Annotated[str, Meta(max_length=500)] = ""
    code: MemberCode | None = None


class TransferCodeIn(In):
    """The code of whoever answers: the taker who accepts, either of the two who declines."""

    code: MemberCode | None = None


class TransferOut(Out):
    """`points` leave the giver, `fee` of them stay with the program. `state`: proposed, done, declined, expired."""

    id: UUID
    from_member_id: UUID
    to_member_id: UUID
    currency: str
    decimals: int
    points: int
    fee: int
    state: str
    reason: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class JoinIn(In):
    """Who joins, with his code and the head's."""

    member_id: UUID
    code: MemberCode | None = None
    head_code: MemberCode | None = None


class LeaveIn(In):
    """`code` is the head's."""

    member_id: UUID
    code: MemberCode | None = None


class FamilyOut(Out):
    """The head and those whose phones and cards find the head."""

    head_id: UUID
    member_ids: list[UUID]


class MergeIn(In):
    """`gone_id` was the same person. With `dry_run` nothing is written."""

    gone_id: UUID
    reason: Reason
    dry_run: bool = False


class MergeOut(Out):
    """`moved` came over, `balances` are there now."""

    id: UUID
    kept_id: UUID
    gone_id: UUID
    moved: list[BalanceOut]
    balances: list[BalanceOut]
    recorded_at: datetime


class ExtendIn(In):
    """Points that live `days` longer: these `lots`, or all of the currency that expire before `before`."""

    currency: CurrencyCode
    days: Annotated[int, Meta(ge=1, le=18_250)]
    reason: Reason
    lots: Annotated[list[UUID], Meta(max_length=1_000)] = []
    before: datetime | None = None


class ExtendedLotOut(Out):
    lot_id: UUID
    points: int
    before: datetime
    after: datetime


class ExtendOut(Out):
    id: UUID
    member_id: UUID
    currency: str
    decimals: int
    reason: str
    recorded_at: datetime
    lots: list[ExtendedLotOut]


class BulkGrantIn(In):
    """Points for every member of whom `when` holds (as in the rulebook; null: everybody).

    They live `life_days`; where it is absent, as long as the currency says. With `dry_run` it only tells who.
    """

    currency: CurrencyCode
    points: Units
    reason: Reason
    when: dict[str, Any] | None = None
    life_days: Annotated[int, Meta(ge=1, le=18_250)] | None = None
    dry_run: bool = False


class BulkGrantOut(Out):
    """`state`: preview, granting, granted, undoing, undone; `states` count the members by what became of them.

    `given` and `taken_back` are points; `sample`: the first members of a preview.
    """

    id: UUID | None
    currency: str
    decimals: int
    points: int
    reason: str
    state: str
    members: int
    states: dict[str, int]
    given: int
    taken_back: int
    sample: list[UUID]
    recorded_at: datetime
    expires_at: datetime | None


class BulkGrantsOut(Out):
    items: list[BulkGrantOut]
