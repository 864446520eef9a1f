"""A kept quote as it was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.purchases import Quote
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class QuoteView:
    """`decision` as the text `bookkeeping.documents` reads."""

    id: UUID
    at: datetime
    expires_at: datetime
    version: int
    decision: str


def quote_for_door(program_id: UUID, quote_id: UUID, *, at: datetime) -> QuoteView:
    """`not_found` for an unknown one, one of another program and one whose life is over alike."""
    with reading(program_id):
        found = Quote.objects.of(program_id).filter(id=quote_id, expires_at__gt=at).first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="quote")
    return QuoteView(found.id, found.at, found.expires_at, found.version, found.decision)
