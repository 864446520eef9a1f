"""A hold as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.holds import Hold
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class HoldView:
    """`units` of `currency` set aside; `captured` of them were paid with.

    `state`: open, captured, released, expired.
    """

    id: UUID
    member_id: UUID
    currency: str
    units: int
    captured: int
    state: str
    expires_at: datetime


def hold_for_door(program_id: UUID, hold_id: UUID) -> HoldView:
    """`not_found` for an unknown one and for one of another program alike."""
    with reading(program_id):
        found = Hold.objects.of(program_id).filter(id=hold_id).select_related("wallet").first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="hold")
    return HoldView(
        found.id, found.member_id, found.wallet.currency, found.units, found.captured, found.state, found.expires_at
    )
