"""A member's tier became another one: the row of its history, and the event others hear of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.data.models.tiers import TierChange
from kopilka.engine.standing import Standing


class TierWhy(StrEnum):
    """What changed a tier."""

    PURCHASE = "purchase"
    RETURN = "return"
    REVIEW = "review"
    HAND = "hand"
    AUTOMATION = "automation"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class TierChanged:
    """See the columns of TierChange; `id` names it in the event too."""

    member_id: UUID
    before: str
    after: str
    at: datetime
    recorded_at: datetime
    why: TierWhy
    before_since: datetime | None = None
    cause: UUID | None = None
    by: str = ""
    reason: str = ""
    id: UUID = field(default_factory=new_id)

    def happened(self) -> Happened:
        told = {"before": self.before, "after": self.after, "why": self.why.value}
        return Happened(EventKind.TIER_CHANGED, self.member_id, self.id, self.at, json.dumps(told))


@dataclass(frozen=True, slots=True)
class TierTerm:
    """What beside tier and `tier_since` a member's row says of it; `review_at` None: time alone changes nothing."""

    member_id: UUID
    until: datetime | None
    lowered_at: datetime | None
    review_at: datetime | None


def write_tier_changes(program_id: UUID, changes: Sequence[TierChanged], terms: Sequence[TierTerm] = ()) -> None:
    """By one statement for each table; inside the transaction of their causes, the members locked."""
    with store.together():
        store.insert(
            _CHANGES,
            program_id,
            [
                (
                    one.id, one.member_id, one.before, one.after, one.at, one.recorded_at, one.why, one.cause,
                    one.by[:200], one.reason[:500], one.before_since,
                )
                for one in changes
            ],
        )  # fmt: skip
        store.update(_TERMS, program_id, [(one.member_id, one.until, one.lowered_at, one.review_at) for one in terms])


def write_tiers(program_id: UUID, standings: Sequence[Standing]) -> None:
    """The tiers themselves, of members that nothing else is written of."""
    with store.together():
        store.update(_TIERS, program_id, [(one.member_id, one.tier, one.tier_since) for one in standings])


_CHANGES = Rows(
    TierChange, "id", "member_id", "before", "after", "at", "recorded_at", "why", "cause", "by", "reason",
    "before_since",
)  # fmt: skip
_TERMS = Rows(Member, "id", "tier_until", "tier_lowered_at", "tier_review_at")
_TIERS = Rows(Member, "id", "tier", "tier_since")
