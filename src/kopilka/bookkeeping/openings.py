"""Members who come from another system with what they had there: written whole, with an operation each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.members import NewMember, insert_members
from kopilka.bookkeeping.tier_rows import TierChanged, TierWhy, write_tier_changes
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.data.models.tiers import Opening
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.ledger import Account, Act, Kind
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.ready import ready_of


@dataclass(frozen=True, slots=True)
class Arriving:
    """A member to be written: `personal` as columns of NewMember, `units` of `currency` he brings along."""

    known_by: Mapping[str, str]
    enrolled_at: datetime
    personal: Mapping[str, Any] = field(default_factory=dict)
    tier: str = ""
    tier_since: datetime | None = None
    spent_minor: int = 0
    purchases: int = 0
    currency: str = ""
    units: int = 0
    id: UUID = field(default_factory=new_id)
    operation_id: UUID = field(default_factory=new_id)


def write_arrivals(
    program_id: UUID, rulebook: Rulebook, arriving: Sequence[Arriving], *, source: str, at: datetime
) -> None:
    """Inside a transaction that entered the program. Nobody else knows them yet: nothing is to be locked."""
    if not arriving:
        return
    new = [NewMember(one.id, one.enrolled_at, one.known_by, **one.personal) for one in arriving]
    insert_members(program_id, new, at=at)
    looked = at if ready_of(rulebook).is_timed else None
    with store.together():
        store.update(_COUNTS, program_id, [_counts(one, looked) for one in arriving])
        store.insert(
            _OPENINGS,
            program_id,
            [
                (new_id(), one.id, one.spent_minor, one.purchases, one.operation_id, source[:100], at)
                for one in arriving
            ],
        )
    enrolled = [Written(Kind.ENROL, one.id, one.id, one.enrolled_at, at, IMPORT_ACTOR) for one in arriving]
    write_acts(program_id, [*enrolled, *(_opening(rulebook, one, source, at) for one in arriving)])
    write_tier_changes(program_id, [_tier_change(one, at) for one in arriving if one.tier])
    told = json.dumps({"door": "import"})
    record_all(program_id, [Happened(EventKind.MEMBER_ENROLLED, one.id, one.id, at, told) for one in arriving])


_COUNTS = Rows(Member, "id", "tier", "tier_since", "spent_minor", "purchases", "tier_review_at")
_OPENINGS = Rows(Opening, "id", "member_id", "spent_minor", "purchases", "operation_id", "source", "at")


def _counts(one: Arriving, looked: datetime | None) -> tuple[Any, ...]:
    return one.id, one.tier, one.tier_since if one.tier else None, one.spent_minor, one.purchases, looked


def _opening(rulebook: Rulebook, one: Arriving, source: str, at: datetime) -> Written:
    """The opening of a member is one operation; the points he brings live as long as the currency says."""
    act = None
    if one.units:
        act = Act(Standing(one.id), at, new_id)
        life = rulebook.points[one.currency].life
        expires_at = None if life.is_empty else life.after(at, rulebook.zone)
        act.grant(one.currency, one.units, starts_at=at, expires_at=expires_at, against=Account.ADJUSTED)
    return Written(
        Kind.ADJUST, one.id, one.id, at, at, IMPORT_ACTOR, act, reason=f"{source}: opening"[:500], id=one.operation_id
    )


def _tier_change(one: Arriving, at: datetime) -> TierChanged:
    since = one.tier_since or at
    return TierChanged(one.id, "", one.tier, since, at, TierWhy.IMPORT, cause=one.operation_id, by=IMPORT_ACTOR.name)
