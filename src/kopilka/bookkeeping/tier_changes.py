"""Tiers changed by automations and by hand: in the standing, in the history, told once."""

from __future__ import annotations

from datetime import datetime

from kopilka.bookkeeping.deeds import Doing
from kopilka.bookkeeping.purchasing.tier_counting import note_change
from kopilka.bookkeeping.tier_rows import TierChanged, TierTerm, TierWhy
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.ready import ready_of
from kopilka.engine.tiers import tier_now


def put_on_tier(
    rulebook: Rulebook, standing: Standing, tier: str, *, at: datetime, until: datetime | None
) -> tuple[str, TierTerm]:
    """Put a standing on a tier from now on; the tier before, and what the member's row says beside.

    `invalid` (tier) for one that the rulebook does not have. The worker looks at him soon and plans what time does.
    """
    ready = ready_of(rulebook)
    if ready.rung(tier) is None:
        raise Refusal(Code.INVALID, field="tier", reason="unknown_value")
    assert standing.member_id is not None, "only members have tiers"
    before = tier_now(rulebook, standing)
    if tier != before:
        if ready.rank(tier) < ready.rank(before):
            standing.tier_lowered_at = at
        standing.tier, standing.tier_since = tier, at
    standing.tier_until = until
    review_at = at if until is not None or ready.is_timed else None
    return before, TierTerm(standing.member_id, until, standing.tier_lowered_at, review_at)


def move_to_tier(doing: Doing, tier: str, *, why: str) -> None:
    """An automation moves its member to a tier; one that was set by hand and whose time is not over stays.

    `why`: the rule's code. `invalid` (tier) for one that the rulebook does not have, before anything is changed.
    """
    standing = doing.known.standing
    since, held = standing.tier_since, standing.tier_until
    if ready_of(doing.rulebook).rung(tier) is None:
        raise Refusal(Code.INVALID, field="tier", reason="unknown_value")
    if (held is not None and doing.at < held) or tier_now(doing.rulebook, standing) == tier:
        return
    before, term = put_on_tier(doing.rulebook, standing, tier, at=doing.at, until=None)
    doing.outcome.marks[doing.deed.member_id] = doing.known
    doing.outcome.tier_terms.append(term)
    note_change(
        doing.outcome,
        TierChanged(
            doing.deed.member_id, before, tier, doing.at, doing.at, TierWhy.AUTOMATION, since, doing.deed.id, why
        ),
    )  # fmt: skip
