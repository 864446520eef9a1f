"""Gifts the buyer is owed: made free on the receipt or added to it, exactly as much as is due (step 8)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kopilka.engine.compiling.beside import Beside
from kopilka.engine.coupons import normal_word
from kopilka.engine.decision import DrawPlan, Limit, Reason, SpendPlan, Why
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE, split
from kopilka.engine.points import PointsCurrency
from kopilka.engine.receipt import Line
from kopilka.engine.sale import Sale
from kopilka.engine.spending import draws
from kopilka.engine.standing import Claim

OF_POINTS = "points."
"""Gifts shown as points bear this name on their lines, those of the catalogue the other one."""
OF_GIFTS = "gifts."

Pieces = dict[int, int]
"""Whole pieces by index of the line."""


class Handed(NamedTuple):
    """The points that stood for the gifts handed out."""

    plans: list[SpendPlan]
    draws: list[DrawPlan]


def hand_out(sale: Sale, beside: Beside, digits: int) -> Handed:
    """Give what is due: gifts chosen or granted, the soonest to end first, then gifts shown as points."""
    if sale.standing.claims:
        _collect(sale, digits)
    handed = Handed([], [])
    for currency in beside.due:
        _close_due(sale, currency, handed)
    return handed


def due_pieces(sale: Sale, currency: PointsCurrency) -> int:
    """Whole pieces that a member's points of this kind stand for now."""
    lots = sale.standing.lots.get(currency.code)
    if lots is not None:
        return sum(lot.remaining for lot in lots if lot.active and lot.usable(sale.at)) // currency.scale
    wallet = sale.standing.wallets.get(currency.code)
    return max(0, wallet.available) // currency.scale if wallet else 0


def _close_due(sale: Sale, currency: PointsCurrency, handed: Handed) -> None:
    """What is rung of the article is free as far as it is due, and paid with the points that stand for it."""
    due = due_pieces(sale, currency) if currency.code in sale.standing.lots else 0
    free = _pieces_of(sale, currency.gift_sku or "", due)
    pieces = sum(free.values())
    if not pieces or (currency.gift_whole and pieces < due):
        return
    _give(sale, OF_POINTS + currency.code, free, keep=0)
    for i, count in free.items():
        sale.spent[i][currency.code] = count * currency.scale
    units = pieces * currency.scale
    handed.plans.append(SpendPlan(currency.code, units, 0, units, Limit.NOTHING))
    handed.draws.extend(draws(sale, currency.code, units))


def _collect(sale: Sale, digits: int) -> None:
    """Hand out claims whose code is named, and those without a code whose article is rung."""
    typed = {normal_word(code) for code in sale.receipt.codes}
    for word, claim in sorted(sale.standing.claims.items(), key=lambda one: _order(one[1])):
        if claim.until is not None and claim.until <= sale.at:
            continue
        free = _pieces_of(sale, claim.sku, claim.quantity)
        if word not in typed and (claim.by_code or sum(free.values()) < claim.quantity):
            continue
        _give(sale, OF_GIFTS + claim.gift, free, keep=_part(claim, sum(free.values())))
        missing = claim.quantity - sum(free.values())
        if missing:
            _add(sale, claim, missing, digits)
        sale.moved().claims.append(claim.id)


def _order(claim: Claim) -> tuple[bool, datetime | bool, int]:
    return claim.until is None, claim.until or False, claim.id.int


def _part(claim: Claim, pieces: int) -> int:
    """Minor units of what must be paid beside, that fall on so many of its pieces."""
    return claim.cash_minor * pieces // claim.quantity


def _pieces_of(sale: Sale, sku: str, most: int) -> Pieces:
    """Whole pieces of an article on the receipt, at most so many, that are not given away already."""
    found: Pieces = {}
    for i, line in enumerate(sale.lines):
        if most > 0 and line.sku == sku:
            pieces = min(most, (line.quantity - sale.gifts.get(i, 0)) // QUANTITY_SCALE)
            if pieces > 0:
                found[i] = pieces
                most -= pieces
    return found


def _give(sale: Sale, rule: str, free: Pieces, *, keep: int) -> None:
    """Take the price of these pieces off, but for `keep` minor units that are still to be paid for them."""
    worth = {i: _worth(sale, i, pieces) for i, pieces in free.items()}
    kept = split(min(keep, sum(worth.values())), list(worth.values())) if keep else [0] * len(free)
    for (i, pieces), left in zip(free.items(), kept, strict=True):
        line, given, off = sale.lines[i], pieces * QUANTITY_SCALE, worth[i] - left
        sale.nets[i] -= off
        sale.floors[i] = min(sale.floors[i], sale.nets[i])
        if off:
            sale.offs[i].append((rule, off))
        if not keep:
            sale.gifts[i] = sale.gifts.get(i, 0) + given
            sale.floors[i] = min(sale.floors[i] * (line.quantity - sale.gifts[i]) // line.quantity, sale.nets[i])
            if sale.gifts[i] >= line.quantity:
                sale.earning_off.add(i)
        sale.told.append(Reason(Why.GIFT_GIVEN, rule, line.number, off, "", given, QUANTITY_SCALE))


def _worth(sale: Sale, i: int, pieces: int) -> int:
    """What so many pieces of a line cost now."""
    whole = sale.lines[i].quantity - sale.gifts.get(i, 0)
    return sale.nets[i] * pieces * QUANTITY_SCALE // whole


def _add(sale: Sale, claim: Claim, pieces: int, digits: int) -> None:
    """Put a gift that is not on the receipt there, at what must be paid beside."""
    cash = claim.cash_minor - _part(claim, claim.quantity - pieces)
    number = max((line.number for line in sale.lines), default=0) + 1
    price = cash * (PRICE_SCALE // 10**digits) // pieces
    sale.add_gift(Line(number, claim.sku, pieces * QUANTITY_SCALE, price, cash, name=claim.name or claim.sku))
    if cash:
        del sale.gifts[len(sale.lines) - 1]
    sale.told.append(
        Reason(Why.GIFT_GIVEN, OF_GIFTS + claim.gift, number, 0, "", pieces * QUANTITY_SCALE, QUANTITY_SCALE)
    )
