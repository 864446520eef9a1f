"""Lots whose time has come, settled before their member spends: the worker may not have come round yet."""

from __future__ import annotations

from datetime import datetime

from kopilka.bookkeeping.documents import to_text
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.expiry import activate_due, expire_due
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.standing import Standing


def settle_due(standing: Standing, *, at: datetime, recorded_at: datetime) -> list[Written]:
    """Begin and end the loaded lots that are due at `at`, each kind in an act of its own, yet to be written.

    The operation's answer tells which lots moved how many units: an explanation of its entries reads it.
    """
    if not standing.lots:  # nobody spends: they were not loaded
        return []
    written: list[Written] = []
    for kind, settle in ((Kind.ACTIVATE, activate_due), (Kind.EXPIRE, expire_due)):
        act = Act(standing, at, new_id)
        moved = settle(act)
        if moved:
            written.append(
                Written(
                    kind, standing.member_id, None, at, recorded_at, SYSTEM_ACTOR, act, answer=to_text(moved)
                )
            )  # fmt: skip
    return written
