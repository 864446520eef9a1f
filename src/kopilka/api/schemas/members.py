"""Members, their codes and wallets, as bodies and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from kopilka.api.schemas.automations import GivenAnswers
from kopilka.api.schemas.decisions import BalanceOut
from kopilka.api.schemas.fields import AnyPoints, CurrencyCode, In, Label, Out

Phone = Annotated[str, Meta(max_length=64, description="In any usual spelling; stored as E.164.")]
Card = Annotated[str, Meta(max_length=100)]
Email = Annotated[str, Meta(max_length=254)]
External = Annotated[str, Meta(max_length=100, description="The member's id in another system.")]
Name = Annotated[str, Meta(max_length=400)]
Tags = Annotated[list[Label], Meta(max_length=50)]
Gender = Literal["", "f", "m"]
Language = Literal["", "ru", "en"]


class MemberNew(In):
    """A person to enrol; at least one of phone, card, email, external."""

    phone: Phone = ""
    card: Card = ""
    email: Email = ""
    external: External = ""
    name: Name = ""
    birth_date: date | None = None
    gender: Gender = ""
    language: Language = ""
    tags: Tags = []
    link: Annotated[str, Meta(max_length=64, description="Code or slug of the invite link he came by.")] = ""
    answers: GivenAnswers = {}
    invited_by: Annotated[str, Meta(max_length=40, description="A friend's code.")] = ""
    agent: Annotated[str, Meta(max_length=64, description="Code of the agent he comes with.")] = ""
    staff: Annotated[str, Meta(max_length=64, description="Code of the employee who enrols him.")] = ""
    door: Annotated[str, Meta(max_length=20, description="Where he enrols: till, kiosk, card, site.")] = ""
    device: Annotated[str, Meta(max_length=200, description="The id of his own telephone or browser.")] = ""


class MemberChangeIn(In):
    """What shall be different; absent fields stay. An empty text (null for the birth date) takes a value away."""

    phone: Phone | UnsetType = UNSET
    card: Card | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    external: External | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    birth_date: date | UnsetType | None = UNSET
    gender: Gender | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    status: Literal["active", "blocked"] | UnsetType = UNSET


class MemberOut(Out):
    """A member with personal data; empty texts are unknown."""

    id: UUID
    status: str
    enrolled_at: datetime
    name: str
    phone: str
    card: str
    email: str
    external: str
    birth_date: date | None
    gender: str
    language: str
    tags: list[str]
    segments: list[str]
    tier: str
    tier_since: datetime | None
    purchases: int
    spent_minor: int
    last_purchase_at: datetime | None
    inviter_id: UUID | None
    agent: str
    referrals: int


class MembersOut(Out):
    """Who was recognised: one member or nobody."""

    items: list[MemberOut]


class CodeOut(Out):
    """A one-time code to tell the member; it is stored nowhere and shown only now."""

    code: str
    expires_at: datetime


class AmountAtOut(Out):
    points: int
    at: datetime


class WalletOut(Out):
    """Points in the smallest unit of the currency; balance = available + pending + held - debt.

    `debt` is what a return could not take back; it is repaid by the next points that come.
    """

    id: UUID
    currency: str
    name: str
    decimals: int
    worth_minor: int
    balance: int
    available: int
    pending: int
    held: int
    debt: int
    pending_by_date: list[AmountAtOut]
    expiring_by_date: list[AmountAtOut]


class OneWalletOut(Out):
    member_id: UUID
    wallet: WalletOut


class WalletsOut(Out):
    member_id: UUID
    wallets: list[WalletOut]


class AdjustmentIn(In):
    """Points given (positive) or taken (negative) by hand, with the reason that stays in the books.

    Given points live `life_days`; where it is absent, as long as the currency says.
    """

    currency: CurrencyCode
    points: AnyPoints
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    life_days: Annotated[int, Meta(ge=1, le=18_250)] | None = None


class AdjustmentOut(Out):
    id: UUID
    member_id: UUID
    currency: str
    decimals: int
    points: int
    reason: str
    recorded_at: datetime
    expires_at: datetime | None
    balances: list[BalanceOut]
