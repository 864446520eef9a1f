"""Lots whose life is changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from kopilka.data.models.ledger import Lot
from kopilka.engine.standing import Lot as LotState
from kopilka.engine.standing import Standing


def set_ends(program_id: UUID, ends: Mapping[UUID, datetime]) -> None:
    """These lots now end then; under the lock of their member, with an operation that tells it."""
    for lot_id, end in sorted(ends.items()):
        Lot.objects.of(program_id).filter(id=lot_id).update(expires_at=end)


def lots_made_by(program_id: UUID, standing: Standing, currency: str, operation_id: UUID | None) -> list[LotState]:
    """The lots one operation made, as the very values the standing holds; those that are empty are read for it."""
    rows = Lot.objects.of(program_id).filter(operation_id=operation_id, wallet__currency=currency).order_by("id")
    known = standing.lots.setdefault(currency, [])
    have = {lot.id: lot for lot in known}
    for row in rows:
        if row.id not in have:
            have[row.id] = LotState(
                row.id, currency, row.amount, row.remaining, row.starts_at, row.expires_at,
                active=row.active, expired=row.expired, purchase_id=row.purchase_id, grace=row.grace,
            )  # fmt: skip
            known.append(have[row.id])
    return [have[row.id] for row in rows]


def read_lots(program_id: UUID, standing: Standing, lot_ids: Iterable[UUID]) -> None:
    """Have these lots of the member in his standing, also those that are empty."""
    have = {lot.id for lots in standing.lots.values() for lot in lots}
    rows = Lot.objects.of(program_id).filter(id__in=set(lot_ids) - have).select_related("wallet").order_by("id")
    for row in rows:
        lot = LotState(
            row.id, row.wallet.currency, row.amount, row.remaining, row.starts_at, row.expires_at,
            active=row.active, expired=row.expired, purchase_id=row.purchase_id, grace=row.grace,
        )  # fmt: skip
        standing.lots.setdefault(lot.currency, []).append(lot)
