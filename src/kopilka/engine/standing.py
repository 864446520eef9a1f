"""Standing: what is known about a member at a moment. Changed in memory between two purchases of one batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from kopilka.engine.stays import Stay

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of what has none."""


@dataclass(slots=True)
class Lot:
    """A batch of points with its own life: `remaining` units, usable in [starts_at, expires_at).

    `active` is False while its points stand in the wallet's `pending` account. Units set aside by a hold are drawn:
    they are no longer in `remaining`. `is_new`: made by this batch, not in the books yet. `grace` marks points given
    back after their life had ended.
    """

    id: UUID
    currency: str
    amount: int
    remaining: int
    starts_at: datetime
    expires_at: datetime | None
    active: bool = True
    expired: int = 0
    purchase_id: UUID | None = None
    grace: bool = False
    is_new: bool = False

    def is_over(self, at: datetime) -> bool:
        """Has its life ended, whether or not the books have noticed? What they have ended stays so at any moment."""
        return self.expires_at is not None and (self.expires_at <= at or self.expired > 0)

    def usable(self, at: datetime) -> bool:
        """May its points be spent at this moment?"""
        return self.remaining > 0 and self.starts_at <= at and (self.expires_at is None or at < self.expires_at)


@dataclass(slots=True)
class WalletState:
    """Balances of one wallet in the currency's smallest unit; `carry_num/carry_den` is the kept fraction of a unit."""

    currency: str
    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    carry_num: int = 0
    carry_den: int = 1
    id: UUID | None = None
    is_new: bool = False


@dataclass(slots=True)
class CouponState:
    """How often a coupon of the rulebook was used: by everybody, by this member."""

    used: int = 0
    used_by_member: int = 0


@dataclass(slots=True)
class Unlocked:
    """A locked promotion that is open for the member: until a moment (None: no end), for `left` purchases (None: any).

    `id` of the privilege in the books; several of one promotion may run side by side, the soonest to end is used.
    """

    id: UUID
    promotion: str
    until: datetime | None = None
    left: int | None = None


@dataclass(slots=True)
class IssuedCoupon:
    """A code of a `coupon` that the receipt names, or that the member has bound (`named` False).

    `refused`: why it is not good (`engine/coupons.py`; empty: it is); `word` as issued; `until` it is good.
    """

    id: UUID
    coupon: str
    refused: str = ""
    word: str = ""
    until: datetime | None = None
    named: bool = True


@dataclass(slots=True)
class Claim:
    """A gift the member has chosen or was given and not collected: whole `quantity` of `sku`, until a moment.

    `cash_minor` is to be paid beside. `by_code`: handed out when its code is named, else when its article is rung.
    """

    id: UUID
    gift: str
    sku: str
    quantity: int
    until: datetime | None = None
    name: str = ""
    cash_minor: int = 0
    by_code: bool = True


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase, minor units less returns: `paid` with money, `net` price. `counts`: not wholly brought back."""

    at: datetime
    paid: int
    net: int
    counts: bool = True


@dataclass(slots=True)
class CertificateState:
    """A gift certificate that may pay: `minor` units are on it."""

    id: UUID
    minor: int


@dataclass(slots=True)
class Standing:
    """A member as the engine sees him; `member_id` None is an anonymous buyer, who neither earns nor spends.

    Money in minor units; `spent` is what was paid with money over all time less returns; `lots` holds a currency's lots
    only when somebody wants to spend (loading them is what costs). `birth_date` is None when unknown or not asked for
    by the rulebook. `stays` are the segments he was put into, also those that are over. What stands below `coupons` is
    there only where the rulebook has use for it: `inviter` and `agent` bring others into a sale, `inviters` are all
    levels up, the nearest first; `roles` are the codes (kind, code) under which the member himself is an employee or
    agent; `unlocked` by promotion, `issued` by their word, `claims` by their word (those without one by their id),
    `uses` of bounded rules by their key, `answers` of the profile by question. `beneficiaries` (kind, code) are those
    named with this sale who may get a share of it (None: nobody has looked, whoever is named may).
    For tiers: `bought` are the purchases of as long as the rulebook looks back, `largest` the largest one before these,
    `earned` units ever given by currency; `tier_until`: set by hand until then (FOR_EVER: without end),
    `tier_lowered_at`: when he last fell.
    """

    member_id: UUID | None
    enrolled_at: datetime | None = None
    tier: str = ""
    tags: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    birth_date: date | None = None
    purchases: int = 0
    spent: int = 0
    last_purchase_minor: int | None = None
    last_purchase_at: datetime | None = None
    referrals: int = 0
    link: str = ""
    wallets: dict[str, WalletState] = field(default_factory=dict)
    lots: dict[str, list[Lot]] = field(default_factory=dict)
    coupons: dict[str, CouponState] = field(default_factory=dict)
    stays: tuple[Stay, ...] = ()
    inviter: UUID | None = None
    agent: str = ""
    inviters: tuple[UUID, ...] = ()
    roles: frozenset[tuple[str, str]] = frozenset()
    unlocked: dict[str, list[Unlocked]] = field(default_factory=dict)
    issued: dict[str, IssuedCoupon] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    beneficiaries: frozenset[tuple[str, str]] | None = None
    bought: list[Bought] = field(default_factory=list)
    largest: int = 0
    earned: dict[str, int] = field(default_factory=dict)
    tier_since: datetime | None = None
    tier_until: datetime | None = None
    tier_lowered_at: datetime | None = None
    certificates: dict[str, CertificateState] = field(default_factory=dict)


ANONYMOUS = Standing(member_id=None)
