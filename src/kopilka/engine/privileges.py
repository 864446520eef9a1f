"""Privileges: promotions that a purchase has opened for one member, for a time or for so many purchases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kopilka.engine.compiling.beside import Beside, Unlocking
from kopilka.engine.decision import Hint, Tell
from kopilka.engine.earning import Worked
from kopilka.engine.sale import Sale
from kopilka.engine.standing import Unlocked


def open_promotions(sale: Sale) -> frozenset[str]:
    """Codes of the locked promotions that work for this buyer now."""
    unlocked = sale.standing.unlocked
    return frozenset(code for code, some in unlocked.items() if soonest(some, sale.at)) if unlocked else frozenset()


def soonest(some: list[Unlocked], at: datetime) -> Unlocked | None:
    """Of several privileges side by side the one that ends first; then the one with fewest purchases left."""
    return min((one for one in some if _is_open(one, at)), key=_order, default=None)


def use_privileges(sale: Sale, worked: list[Worked]) -> None:
    """Every locked promotion that has worked uses up one purchase of the privilege that opened it."""
    for code in dict.fromkeys(rule.code for rule, _, _ in worked if rule.said.locked):
        used = soonest(sale.standing.unlocked.get(code, []), sale.at)
        if used is not None:
            sale.moved().privileges.append(used.id)


def privilege_hints(sale: Sale, beside: Beside) -> Iterator[Hint]:
    """What is open after this purchase, and what it opens: "use it until 15 April, 2 purchases left"."""
    zone = sale.local.tzinfo
    assert zone is not None, "a sale stands in the program's zone"
    used = frozenset(sale.beyond.privileges) if sale.beyond else frozenset()
    for code, some in sale.standing.unlocked.items():
        for one in sorted((one for one in some if _is_open(one, sale.at)), key=_order):
            left = None if one.left is None else one.left - (one.id in used)
            if left != 0:
                yield Hint(Tell.PRIVILEGE, code, one.until, left or 0)
    for opening in beside.unlocking:
        if _opens(sale, opening):
            for unlock in opening.unlocks:
                until = None if unlock.life.is_empty else unlock.life.after(sale.at, zone)
                yield Hint(Tell.PRIVILEGE, unlock.promotion, until, unlock.times, detail=opening.said.code)


def _opens(sale: Sale, opening: Unlocking) -> bool:
    said, selects = opening.said, opening.selects
    return (
        sale.standing.member_id is not None
        and said.window.holds(sale.at)
        and (not said.branches or sale.receipt.branch in said.branches)
        and (said.trigger.on != "first_purchase" or sale.standing.purchases == 0)
        and all(check(sale.facts) for check in opening.checks)
        and (selects is None or any(selects(sale.lines[i], sale.facts) for i in sale.live))
    )


def _is_open(one: Unlocked, at: datetime) -> bool:
    return (one.until is None or at < one.until) and (one.left is None or one.left > 0)


def _order(one: Unlocked) -> tuple[bool, datetime | bool, bool, int, int]:
    return one.until is None, one.until or False, one.left is None, one.left or 0, one.id.int
