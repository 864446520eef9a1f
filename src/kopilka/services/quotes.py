"""Quotes: what a receipt would cost and earn, for a while as a promise."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kopilka.bookkeeping.purchasing.quoting import quote_all
from kopilka.bookkeeping.purchasing.requests import QuoteRequest, QuoteResult
from kopilka.engine.refusal import Refusal

__all__ = ["QuoteRequest", "QuoteResult", "quote_purchase", "quote_purchases"]


def quote_purchases(*, program_id: UUID, requests: Sequence[QuoteRequest]) -> list[QuoteResult | Refusal]:
    """Price several receipts of one program at one look; one answer per request, in their order."""
    return quote_all(program_id, requests)


def quote_purchase(*, program_id: UUID, request: QuoteRequest) -> QuoteResult:
    """Price a receipt; nothing is locked or moved, and only a kept quote is written. Raises its Refusal."""
    answer = quote_all(program_id, [request])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer
