"""What returns undo of a member's counters and, where the rules say so, of his tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.returning.shelf import BoughtRow, KnownPurchase, Shelf
from kopilka.bookkeeping.tier_rows import TierChanged, TierWhy
from kopilka.data.models.members import Member
from kopilka.data.models.tiers import TierChange
from kopilka.engine.returned import ReturnDecision, returnable
from kopilka.engine.rulebook import Rulebook, TierBack
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.counting import History
from kopilka.engine.tiering.ready import ready_of
from kopilka.engine.tiering.undoing import Stood, tier_left
from kopilka.engine.tiers import tier_now

LOWERED_BY_RETURNS = frozenset({TierWhy.PURCHASE, TierWhy.REVIEW, TierWhy.RETURN})
"""A tier that was reached otherwise was not reached by what comes back."""


def undo_counts(shelf: Shelf, standing: Standing, purchase: KnownPurchase, decided: ReturnDecision) -> None:
    """The sum falls by what is refunded; a purchase of which everything is back is none, nor the last one."""
    standing.spent -= decided.refund_minor
    if returnable(purchase.sold.decision, decided.returned):
        return
    standing.purchases = max(0, standing.purchases - 1)
    if standing.last_purchase_at == purchase.sold.decision.at and standing.member_id is not None:
        rows = [row for row in shelf.bought(standing.member_id) if row.bought.counts]
        last = max(rows, key=lambda row: (row.bought.at, row.id), default=None)
        standing.last_purchase_at = last.bought.at if last else None
        standing.last_purchase_minor = last.net_minor if last else None


def review_tier(
    shelf: Shelf,
    rulebook: Rulebook,
    standing: Standing,
    returned: list[tuple[KnownPurchase, ReturnDecision]],
    *,
    pending: list[TierChanged],
    return_id: UUID,
    at: datetime,
    recorded_at: datetime,
) -> TierChanged | None:
    """Take the tier back where it would not have been reached without these goods; None: it stays.

    `pending` are changes of this batch that are not in the books yet.
    """
    since = standing.tier_since
    reviewed = any(one.sold.policy.tiers is TierBack.REVIEW for one, _ in returned)
    if (
        not reviewed
        or since is None
        or standing.member_id is None
        or not rulebook.tiers
        or ready_of(rulebook).rank(standing.tier) < 1
    ):
        return None
    changes = _changes(shelf.program_id, standing.member_id, pending)
    if not changes or changes[0].after != standing.tier or changes[0].why not in LOWERED_BY_RETURNS:
        return None
    rows = shelf.bought(standing.member_id)
    has = History(standing.spent, standing.purchases, 0, tuple(row.bought for row in rows))
    before = tier_now(rulebook, standing)
    stood = [Stood(one.before, one.before_since) for one in changes]
    left = tier_left(rulebook, standing, stood, at, had=_as_sold(has, rows), has=has)
    if left.tier == before:
        return None
    standing.tier, standing.tier_since = left.tier, left.since
    return TierChanged(standing.member_id, before, left.tier, at, recorded_at, TierWhy.RETURN, since, return_id)


def _as_sold(has: History, rows: list[BoughtRow]) -> History:
    """The purchases as if nothing had ever come back: each return is judged by all of them, in whatever order."""
    bought = [
        replace(one.bought, paid=one.bought.paid + one.returned_minor, net=one.net_minor, counts=True) for one in rows
    ]
    spent = has.spent + sum(one.returned_minor for one in rows)
    purchases = has.purchases + sum(not one.bought.counts for one in rows)
    return History(spent, purchases, has.largest, tuple(bought))


def _changes(program_id: UUID, member_id: UUID, pending: list[TierChanged]) -> list[TierChange | TierChanged]:
    """The newest first."""
    stored = TierChange.objects.of(program_id).filter(member_id=member_id).order_by("-id")
    return [*(one for one in reversed(pending) if one.member_id == member_id), *stored]


def look_soon(program_id: UUID, looks: Sequence[tuple[UUID, datetime]]) -> None:
    """The worker plans anew when time changes these members' tiers; an earlier look stays."""
    for member_id, at in sorted(looks):
        rows = Member.objects.of(program_id).filter(id=member_id)
        rows.filter(Q(tier_review_at__isnull=True) | Q(tier_review_at__gt=at)).update(tier_review_at=at)
