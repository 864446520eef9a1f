"""What happened, recorded with its cause: the outbox. The worker handles events later, in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.events import Event


class EventKind(StrEnum):
    """What others may want to hear of; the subject is named beside."""

    PURCHASE_CONFIRMED = "purchase_confirmed"
    PURCHASE_OPENED = "purchase_opened"
    PURCHASE_CANCELLED = "purchase_cancelled"
    PURCHASE_RETURNED = "purchase_returned"
    POINTS_ADJUSTED = "points_adjusted"
    MEMBER_ENROLLED = "member_enrolled"
    MEMBER_CHANGED = "member_changed"
    MEMBER_ERASED = "member_erased"
    CODE_ISSUED = "code_issued"
    RULEBOOK_PUBLISHED = "rulebook_published"
    PROFILE_FILLED = "profile_filled"
    MEMBER_INVITED = "member_invited"
    TIER_CHANGED = "tier_changed"
    SEGMENT_ENTERED = "segment_entered"
    SEGMENT_LEFT = "segment_left"
    POINTS_EXPIRED = "points_expired"
    GIFT_GRANTED = "gift_granted"
    GIFT_COLLECTED = "gift_collected"
    COUPON_BOUND = "coupon_bound"
    COUPON_USED = "coupon_used"
    PRIVILEGE_OPENED = "privilege_opened"
    GOAL_REACHED = "goal_reached"
    SHARES_DECIDED = "shares_decided"
    SHARES_RETURNED = "shares_returned"
    GOODS_ARRIVED = "goods_arrived"
    CUSTOM = "custom"
    RULE_RAN_OUT = "rule_ran_out"
    MESSAGE_REQUESTED = "message_requested"
    WEBHOOK_REQUESTED = "webhook_requested"


@dataclass(slots=True)
class Happened:
    """One event about to be written; `payload` is a text (JSON) for what the stored rows do not say."""

    kind: str
    member_id: UUID | None
    subject_id: UUID | None
    at: datetime
    payload: str = ""
    id: UUID = field(default_factory=new_id)


_EVENTS = Rows(Event, "id", "kind", "member_id", "subject_id", "payload", "at")


def record(
    program_id: UUID,
    kind: str,
    *,
    member_id: UUID | None,
    subject_id: UUID | None,
    at: datetime,
    payload: str = "",
) -> None:
    """Write one event, inside the transaction of its cause."""
    record_all(program_id, [Happened(kind, member_id, subject_id, at, payload)])


def record_all(program_id: UUID, events: Sequence[Happened]) -> None:
    """Write several events by one statement."""
    with store.together():
        store.insert(
            _EVENTS,
            program_id,
            [(one.id, one.kind, one.member_id, one.subject_id, one.payload, one.at) for one in events],
        )
