"""Purchases: what was quoted, or rung up at once, becomes true in the books."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kopilka.bookkeeping.kernel.batch import confirm_batch
from kopilka.bookkeeping.kernel.requests import (
    NO_PROOF,
    MemberRef,
    Proof,
    PurchaseRequest,
    PurchaseResult,
    PurchaseState,
    RefKind,
)
from kopilka.engine.refusal import Refusal

__all__ = [
    "NO_PROOF",
    "MemberRef",
    "Proof",
    "PurchaseRequest",
    "PurchaseResult",
    "PurchaseState",
    "RefKind",
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
