"""Tiers of members, and thresholds proposed for a program, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import In, Label, Out


class TierIn(In):
    """A tier set by hand: held `until` a moment, `for_ever`, or (neither) until the rules decide otherwise."""

    tier: Label
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    until: datetime | None = None
    for_ever: bool = False


class TierSetOut(Out):
    id: UUID
    member_id: UUID
    before: str
    tier: str
    since: datetime | None
    until: datetime | None
    for_ever: bool
    reason: str


class LackOut(Out):
    """`amount` is missing of a fact: minor units of money, smallest units of `currency`, or a number.

    For `largest` and `last_purchase` it is the sum that one purchase must reach.
    """

    fact: str
    currency: str
    amount: int
    has: int
    wanted: int


class WayOut(Out):
    """One of `ways` is enough; all that stands in it is needed. Empty `ways`: it cannot be said in figures."""

    tier: str
    name: str
    ways: list[list[LackOut]]
    until: datetime | None


class TierChangeOut(Out):
    id: UUID
    before: str
    after: str
    at: datetime
    why: str
    cause_id: UUID | None
    by: str
    reason: str


class MemberTierOut(Out):
    """Where a member stands. `next` is null on the highest tier, `keep` where the tier cannot be lost.

    `says`: the same in sentences. `history`: the newest change first.
    """

    member_id: UUID
    tier: str
    name: str
    since: datetime | None
    until: datetime | None
    for_ever: bool
    next: WayOut | None
    keep: WayOut | None
    says: list[str]
    history: list[TierChangeOut]


class ProposedTierOut(Out):
    """`members` would stand here by what they bought in the year: from `from_minor` on."""

    from_minor: int
    members: int
    share: str


class ProposalOut(Out):
    """Thresholds from what members bought within a year before `at`; `text` is a piece of a rulebook."""

    at: datetime
    members: int
    currency: str
    average_receipt_minor: int
    tiers: list[ProposedTierOut]
    text: str
