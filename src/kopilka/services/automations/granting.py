"""Points of an automation: put into the deed's act with their life, and settled with what has been returned by now.

All of it is given, and what belongs to goods that are back is taken again, by the very rules by which a return takes
back what a purchase earned. So a deed and the returns of its purchase may come in any order: the books end the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from kopilka.bookkeeping.deeds import Doing
from kopilka.bookkeeping.returning.held import note_held
from kopilka.engine.automations import Owed, left_of
from kopilka.engine.decision import Decision, LotPlan
from kopilka.engine.ledger import Act
from kopilka.engine.mechanics import Automation
from kopilka.engine.points import MAX_BALANCE, MAX_POINTS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import Returned, Sold
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.settling import Settling
from kopilka.engine.standing import Lot
from kopilka.services.automations.causes import Sale
from kopilka.services.automations.plans import Plan


def left(owed: Owed, sale: Sale | None) -> int:
    """Units that stay of it when what has been returned by now is taken off."""
    return left_of(owed.lines, sale.back, sale.bought.quantities) if sale else owed.units


def sums_left(owed: Iterable[Owed], sale: Sale | None) -> dict[str, int]:
    """The same by currency."""
    sums: dict[str, int] = {}
    for one in owed:
        sums[one.currency] = sums.get(one.currency, 0) + left(one, sale)
    return sums


def is_by_line(owed: Iterable[Owed]) -> bool:
    """Are there points of a purchase's lines, which go back with the goods?"""
    return any(number for one in owed for number in one.lines)


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
    own = list(own)
    sold = Sold(doing.deed.id, _as_sold(sale.decision, plan.owed), plan.returned or Returned(), rulebook.returns)
    for lot in own:
        lot.purchase_id = sold.id
    note_held(doing.program_id, doing.known.standing, [sold])
    settling = Settling(sold, dict(sale.back), doing.act, rulebook.zone)
    for currency in sorted({one.currency for one in plan.owed}):
        settling.forgive(currency)
        settling.take(currency)
    for lot in own:
        lot.purchase_id = None  # of the member's purchases it is none: it must not be settled with them
    plan.returned = settling.after
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


def _as_sold(decision: Decision, owed: list[Owed]) -> Decision:
    """The purchase as if these points were all that it had earned."""
    lines = [
        replace(
            line,
            spent={},
            earned={place: one.lines[line.number] for place, one in enumerate(owed) if line.number in one.lines},
        )
        for line in decision.lines
    ]
    lots = [LotPlan(one.currency, one.units, decision.at, None, pending=False, num=0, den=1) for one in owed]
    return replace(decision, lines=lines, lots=lots, draws=[], spend=[], carry=[], reasons=[])
