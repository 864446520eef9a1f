"""Purchases: what was quoted, or rung up at once, becomes true in the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.bookkeeping.purchasing import opened
from kopilka.bookkeeping.purchasing.batch import confirm_batch
from kopilka.bookkeeping.purchasing.requests import (
    NO_PROOF,
    MemberRef,
    Proof,
    PurchaseRequest,
    PurchaseResult,
    PurchaseState,
    RefKind,
)
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Refusal

__all__ = [
    "NO_PROOF",
    "MemberRef",
    "Proof",
    "PurchaseRequest",
    "PurchaseResult",
    "PurchaseState",
    "RefKind",
    "cancel_open",
    "confirm_open",
    "confirm_purchase",
    "confirm_purchases",
]


def confirm_purchases(*, program_id: UUID, requests: Sequence[PurchaseRequest]) -> list[PurchaseResult | Refusal]:
    """Book a batch of one program's purchases in one durable transaction; one answer per request, in their order.

    A refusal concerns its own request and changes nothing; two purchases of one member see each other; a repeated key
    or receipt is answered as it was the first time. Nothing is answered before it is committed.
    """
    return confirm_batch(program_id, requests)


def confirm_purchase(*, program_id: UUID, request: PurchaseRequest) -> PurchaseResult:
    """Book one purchase; raises its Refusal."""
    answer = confirm_batch(program_id, [request])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer


def confirm_open(
    *,
    program_id: UUID,
    purchase_id: UUID,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    language: str = "ru",
    request_id: str = "",
) -> PurchaseResult:
    """Make an open purchase final exactly as it was decided. Repeated: the same answer.

    Raises `not_found`, `purchase_cancelled`, `hold_expired`, `idempotency_key_reused`.
    """
    by.must(Capability.EARN)
    ending = opened.Ending(by, at, request, language, request_id)
    return act_once(program_id, lambda outcome: opened.confirm(outcome, program_id, purchase_id, ending))


def cancel_open(
    *,
    program_id: UUID,
    purchase_id: UUID,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    language: str = "ru",
    request_id: str = "",
) -> PurchaseResult:
    """Call an open purchase off: points go back to their lots, coupons may be used again. Repeated: the same answer.

    Raises `not_found`, `purchase_final`, `idempotency_key_reused`.
    """
    by.must(Capability.EARN)
    ending = opened.Ending(by, at, request, language, request_id)
    return act_once(program_id, lambda outcome: opened.cancel(outcome, program_id, purchase_id, ending))
