"""Ambassadors: members ranked by whom they have brought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.ambassadors import RANKS, Ambassador, rank_ambassadors


def ambassadors(
    *,
    program_id: UUID,
    by: Actor,
    since: datetime | None = None,
    until: datetime | None = None,
    rank: str = "brought",
    limit: int = 50,
) -> list[Ambassador]:
    """The first `limit` (at most 1,000) by members brought, buyers among them, or what those have paid."""
    by.must(Capability.READ)
    if rank not in RANKS:
        raise Refusal(Code.INVALID, field="rank", reason="unknown_value")
    return rank_ambassadors(program_id, since=since, until=until, rank=rank, limit=limit)
