"""Lots whose time has come, settled before their member spends: the worker may not have come round yet."""

from __future__ import annotations

from datetime import datetime

from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.standing import Standing


def settle_due(standing: Standing, *, at: datetime, recorded_at: datetime) -> list[Written]:
    """Begin and end the loaded lots that are due at `at`, each kind in an act of its own, yet to be written."""
    lots = [lot for of_currency in standing.lots.values() for lot in of_currency]
    starting = [lot for lot in lots if not lot.active and lot.starts_at <= at]
    ending = [lot for lot in lots if lot.remaining and lot.expires_at is not None and lot.expires_at <= at]
    written: list[Written] = []
    for kind, due in ((Kind.ACTIVATE, starting), (Kind.EXPIRE, ending)):
        if due:
            act = Act(standing, at, new_id)
            for lot in due:
                (act.activate if kind is Kind.ACTIVATE else act.expire)(lot)
            written.append(Written(kind, standing.member_id, None, at, recorded_at, SYSTEM_ACTOR, act))
    return written
