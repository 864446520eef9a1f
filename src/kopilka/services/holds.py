"""Holds: points set aside for a purchase that is not rung up yet, and let go when it does not come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.bookkeeping.purchasing import holding
from kopilka.bookkeeping.purchasing.holding import HoldRequest, HoldResult
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.engine.actor import Actor, Capability

__all__ = ["HoldRequest", "HoldResult", "place_hold", "release_hold"]


def place_hold(*, program_id: UUID, request: HoldRequest) -> HoldResult:
    """Set points aside; a purchase naming the hold pays with them, else they come back when its life is over.

    Needs the member's proof like spending. Raises `insufficient_points`, `confirmation_required`, `code_wrong`,
    `code_expired`, `member_blocked`, `not_found`, `invalid`, `out_of_range`, `idempotency_key_reused`.
    """
    request.by.must(Capability.SPEND)
    return act_once(program_id, lambda outcome: holding.place(outcome, program_id, request))


def release_hold(
    *,
    program_id: UUID,
    hold_id: UUID,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    language: str = "ru",
    request_id: str = "",
) -> HoldResult:
    """Give the points back to the lots they came from. Repeated: the same answer. `hold_closed`, `not_found`."""
    by.must(Capability.SPEND)
    return act_once(
        program_id,
        lambda outcome: holding.release(
            outcome,
            program_id,
            hold_id,
            by=by,
            at=at,
            request=request,
            language=language,
            request_id=request_id,
        ),
    )
