"""Points that a purchase brought and that stand aside now, in open holds."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum

from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Draw
from kopilka.engine.returned import Sold
from kopilka.engine.standing import Standing


def note_held(program_id: UUID, standing: Standing, sold: Iterable[Sold]) -> None:
    """Tell each purchase how many units of its own lots open holds have drawn."""
    known = list(sold)
    for one in known:
        one.held = {}
    if not any(wallet.held for wallet in standing.wallets.values()):
        return
    owners = {lot.id: lot.purchase_id for lots in standing.lots.values() for lot in lots}
    by_id: dict[UUID | None, Sold] = {one.id: one for one in known}
    holds = Hold.objects.of(program_id).filter(member_id=standing.member_id, state="open").values("operation_id")
    draws = Draw.objects.of(program_id).filter(operation_id__in=holds, lot_id__in=owners).values("lot_id")
    for lot_id, units in draws.annotate(total=Sum("units")).values_list("lot_id", "total"):
        if owners[lot_id] in by_id:
            by_id[owners[lot_id]].held[lot_id] = units
