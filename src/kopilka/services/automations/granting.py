"""Points of an automation: put into the deed's act with their life, and settled with what has been returned by now.

All of it is given, and what belongs to goods that are back is taken again, by the very rules by which a return takes
back what a purchase earned. So a deed and the returns of its purchase may come in any order: the books end the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kopilka.bookkeeping.deeds import Doing
from kopilka.bookkeeping.owed import Plan, is_by_line, settle_owed
from kopilka.engine.automations import Owed, left_of
from kopilka.engine.ledger import Act
from kopilka.engine.mechanics import Automation
from kopilka.engine.points import MAX_BALANCE, MAX_POINTS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Lot
from kopilka.services.automations.causes import Sale

__all__ = ["grant", "is_by_line", "left", "must_fit", "settle", "sums_left"]


def left(owed: Owed, sale: Sale | None) -> int:
    """Units that stay of it when what has been returned by now is taken off."""
    return left_of(owed.lines, sale.back, sale.bought.quantities) if sale else owed.units


def sums_left(owed: Iterable[Owed], sale: Sale | None) -> dict[str, int]:
    """The same by currency."""
    sums: dict[str, int] = {}
    for one in owed:
        sums[one.currency] = sums.get(one.currency, 0) + left(one, sale)
    return sums


def must_fit(act: Act, owed: Iterable[Owed]) -> None:
    """`out_of_range` (units) when an act or a balance would grow beyond all bounds; before anything is granted."""
    for currency, units in sums_left(owed, None).items():
        wallet = act.standing.wallets.get(currency)
        has = wallet.available + wallet.pending + wallet.held if wallet else 0
        if units > MAX_POINTS or has + units > MAX_BALANCE:
            raise Refusal(Code.OUT_OF_RANGE, field="units", minimum=0, maximum=MAX_POINTS)


def grant(
    doing: Doing, rulebook: Rulebook, automation: Automation, owed: list[Owed], sale: Sale | None, plan: Plan
) -> dict[str, datetime | None]:
    """Give these points to the deed's member; when they end, by currency (None: never), the soonest of several."""
    plan.owed = owed
    lots = [_give(doing, rulebook, automation, one, one.units) for one in owed if one.units]
    if sale is not None and sale.back and is_by_line(owed):
        settle(doing, rulebook, plan, sale, lots)
    left_now = sums_left(owed, sale)
    deed = doing.deed
    deed.currency = next(iter(left_now), "")
    deed.units = left_now.get(deed.currency, 0)
    return _ends(lots)


def settle(doing: Doing, rulebook: Rulebook, plan: Plan, sale: Sale, own: Iterable[Lot]) -> dict[str, int]:
    """Take back, by currency, what belongs to the goods that came back since the deed was settled last."""
    sold = (doing.deed.id, sale.decision, rulebook.returns)
    settling = settle_owed(doing.program_id, doing.act, rulebook.zone, plan, sold, sale.back, own)
    return {currency: back.earned for currency, back in settling.back.items() if back.earned}


def _give(doing: Doing, rulebook: Rulebook, automation: Automation, owed: Owed, units: int) -> Lot:
    said, currency = automation.grants[owed.grant], rulebook.points[owed.currency]
    wait = currency.starts_after if said.starts_after is None else said.starts_after
    life = currency.life if said.life is None else said.life
    starts_at = doing.at if wait.is_empty else wait.after(doing.at, rulebook.zone)
    expires_at = None if life.is_empty else life.after(starts_at, rulebook.zone)
    return doing.act.grant(owed.currency, units, starts_at=starts_at, expires_at=expires_at)


def _ends(lots: Iterable[Lot]) -> dict[str, datetime | None]:
    ends: dict[str, datetime | None] = {}
    for lot in lots:
        known = ends.get(lot.currency)
        ends[lot.currency] = min(known, lot.expires_at) if known and lot.expires_at else known or lot.expires_at
    return ends
