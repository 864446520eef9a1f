"""A member's tier as he and the shop see it: since when, until when, what is missing, how he came there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.members import Member
from kopilka.data.models.tiers import TierChange
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

HISTORY_MAX = 100


@dataclass(frozen=True, slots=True)
class TierChangeView:
    id: UUID
    before: str
    after: str
    at: datetime
    why: str
    cause: UUID | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TierRow:
    """What the member's row says; `review_at`: when time may next change it."""

    tier: str
    since: datetime | None
    until: datetime | None
    review_at: datetime | None


_ROW = Prepared(
    lambda: (
        Member.objects.of(Hole("program_id"))
        .filter(id=Hole("member_id"))
        .values_list("tier", "tier_since", "tier_until", "tier_review_at")[:1]
    )
)


def tier_row(program_id: UUID, member_id: UUID) -> TierRow:
    with reading(program_id):
        row = _ROW.first(program_id=program_id, member_id=member_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="member")
    return TierRow(*row)


def tier_history(program_id: UUID, member_id: UUID, limit: int = HISTORY_MAX) -> list[TierChangeView]:
    """The newest first."""
    columns = ("id", "before", "after", "at", "why", "cause", "by", "reason")
    with reading(program_id):
        rows = TierChange.objects.of(program_id).filter(member_id=member_id).order_by("-id").values_list(*columns)
        return [TierChangeView(*row) for row in rows[:limit]]
