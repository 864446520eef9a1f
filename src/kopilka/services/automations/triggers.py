"""Which event of the document an event of the outbox is, and by which cause its deeds are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.engine.mechanics import On
from kopilka.engine.rulebook import Rulebook
from kopilka.services.automations.plans import Plan

CAUSE_MAX = 120

_SAME: Mapping[str, On] = {
    EventKind.MEMBER_ENROLLED: On.ENROLLED,
    EventKind.PROFILE_FILLED: On.PROFILE_FILLED,
    EventKind.PURCHASE_CONFIRMED: On.PURCHASE,
    EventKind.PURCHASE_RETURNED: On.RETURN,
    EventKind.MEMBER_INVITED: On.MEMBER_INVITED,
    EventKind.POINTS_EXPIRED: On.POINTS_EXPIRED,
    EventKind.GIFT_GRANTED: On.GIFT_GRANTED,
    EventKind.GIFT_COLLECTED: On.GIFT_COLLECTED,
    EventKind.COUPON_BOUND: On.COUPON_BOUND,
    EventKind.COUPON_USED: On.COUPON_USED,
    EventKind.GOAL_REACHED: On.GOAL_REACHED,
    EventKind.GOODS_ARRIVED: On.GOODS_ARRIVED,
}
_NAMED: Mapping[str, tuple[On, str]] = {
    EventKind.SEGMENT_ENTERED: (On.ENTERED_SEGMENT, "segment"),
    EventKind.SEGMENT_LEFT: (On.LEFT_SEGMENT, "segment"),
    EventKind.CUSTOM: (On.CUSTOM, "name"),
}

ANSWERED = (*_SAME, *_NAMED, EventKind.TIER_CHANGED)
"""The kinds of events that automations can answer."""

_ONCE = {On.FIRST_PURCHASE: "first", On.PROFILE_FILLED: "profile", On.ENROLLED: "enrolled"}
"""What happens to a member once in his life, however often it is told."""


def trigger_of(rulebook: Rulebook, happened: Happened, facts: Mapping[str, Any]) -> tuple[On | None, str]:
    """The event as the document calls it, with the name of the segment or of the custom event."""
    if happened.kind == EventKind.TIER_CHANGED:
        return _tier_moved(rulebook, facts), ""
    if happened.kind in _NAMED:
        on, key = _NAMED[happened.kind]
        return on, str(facts.get(key, ""))
    return _SAME.get(happened.kind), ""


def subject_cause(plan: Plan, happened: Happened) -> str:
    """The cause of the deeds: unique by it, rule and member.

    A custom event about a subject counts once for this subject, whoever sends it how often.
    """
    if plan.on in _ONCE:
        return _ONCE[plan.on]
    subject = str(plan.facts.get("subject") or "") if plan.on is On.CUSTOM else ""
    if not subject:
        return str(happened.id)
    cause = f"{plan.name}:{subject}"
    return cause if len(cause) <= CAUSE_MAX else f"custom:{sha256(cause.encode()).hexdigest()}"


def _tier_moved(rulebook: Rulebook, facts: Mapping[str, Any]) -> On | None:
    order = {tier.code: place for place, tier in enumerate(rulebook.tiers, 1)}
    before, after = order.get(str(facts.get("before", "")), 0), order.get(str(facts.get("after", "")), 0)
    if after > before:
        return On.TIER_RAISED
    return On.TIER_LOWERED if after < before else None
