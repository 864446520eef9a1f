"""Lots whose time has come: those that start become spendable, those that end expire, each once."""

from __future__ import annotations

from kopilka.engine.ledger import Act
from kopilka.engine.returned import LotMove
from kopilka.engine.standing import Lot


def activate_due(act: Act) -> list[LotMove]:
    """Begin the loaded lots whose start has come at the act's moment; what became available, by lot."""
    due = [lot for lot in _loaded(act) if not lot.active and lot.starts_at <= act.at]
    moved = [LotMove(lot.id, lot.currency, lot.remaining) for lot in due]
    for lot in due:
        act.activate(lot)
    return moved


def expire_due(act: Act) -> list[LotMove]:
    """End the loaded lots whose life is over at the act's moment; what expired, by lot.

    Points set aside by a hold have left their lot, so they do not expire before the hold ends.
    """
    due = [lot for lot in _loaded(act) if lot.remaining and lot.expires_at is not None and lot.expires_at <= act.at]
    moved = [LotMove(lot.id, lot.currency, lot.remaining) for lot in due]
    for lot in due:
        act.expire(lot)
    return moved


def _loaded(act: Act) -> list[Lot]:
    return [lot for lots in act.standing.lots.values() for lot in lots]
