"""Where a member stands: his tier, since when and until when, what is missing to the next one and to keep this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.loading import BIRTH_DATE, load_standings
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.tier_histories import read_histories
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.segments import segments_at
from kopilka.engine.standing import FOR_EVER
from kopilka.engine.tiering.missing import Progress, missing
from kopilka.engine.tiering.ready import ready_of
from kopilka.engine.tiers import tier_now
from kopilka.queries.scope import reading
from kopilka.queries.tiers import TierChangeView, tier_history, tier_row


@dataclass(frozen=True, slots=True)
class TierTold:
    """`until`: set by hand until then (None: not set, or `for_ever`); `history` the newest first."""

    member_id: UUID
    tier: str
    since: datetime | None
    until: datetime | None
    for_ever: bool
    progress: Progress
    history: list[TierChangeView]
    rulebook: Rulebook


def read_tier(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> TierTold:
    """What anybody may show the member of his tier. `not_allowed`, `not_found`, `rulebook_missing`."""
    by.must(Capability.READ)
    with reading(program_id):
        row = tier_row(program_id, member_id)
        rulebook = load_rulebook(program_id)[1]
        tier, progress = read_progress(program_id, member_id, rulebook, at=at)
        history = tier_history(program_id, member_id)
    held = row.until is not None and at < row.until
    return TierTold(
        member_id,
        tier,
        row.since,
        row.until if held and row.until != FOR_EVER else None,
        row.until == FOR_EVER,
        progress,
        history,
        rulebook,
    )


def read_progress(program_id: UUID, member_id: UUID, rulebook: Rulebook, *, at: datetime) -> tuple[str, Progress]:
    """His tier at this moment and what is missing to the next one. `not_found`."""
    with reading(program_id):
        standings = load_standings(program_id, [member_id], at=at, lock=False, want=frozenset({BIRTH_DATE}))
        standing = standings[member_id]
        read_histories(program_id, ready_of(rulebook), standings, at)
    standing.segments = segments_at(rulebook, standing, at)
    tier = tier_now(rulebook, standing)
    return tier, missing(rulebook, standing, tier, at)
