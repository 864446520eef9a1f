"""What a final purchase does to its member's tier, and a change of tier noted with everything else that is written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.loading import Known
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.tier_rows import TierChanged, TierWhy
from kopilka.engine.decision import Decision


def count_purchase(
    outcome: Outcome, known: Known, decision: Decision, *, purchase_id: UUID, recorded_at: datetime
) -> None:
    """A purchase became final: the member's counters, and perhaps his tier."""
    standing = known.standing
    before, since = standing.tier or decision.tier, standing.tier_since
    known.count_purchase(decision)
    if standing.tier != before and standing.member_id is not None:
        note_change(
            outcome,
            TierChanged(
                standing.member_id,
                before,
                standing.tier,
                decision.at,
                recorded_at,
                TierWhy.PURCHASE,
                since,
                purchase_id,
            ),
        )


def note_change(outcome: Outcome, change: TierChanged) -> None:
    """To be written into the history and told, with everything else the outcome holds."""
    outcome.tier_changes.append(change)
    outcome.events.append(change.happened())
