"""The yellow tag: one unit costs a stated price, which may lie under the line's own minimum."""

from __future__ import annotations

from typing import Final

from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.rulebook import FixedPrice
from kopilka.engine.sale import Offer, Sale

WHOLE: Final = PRICE_SCALE * QUANTITY_SCALE


def kind(discount: FixedPrice, digits: int) -> Kind:
    factor = 2 * discount.price * int(10**digits)

    def offer(sale: Sale, lines: list[int]) -> Offer:
        nets, sold = sale.nets, sale.lines
        offered: Offer = {}
        for i in lines:
            off = nets[i] - (factor * sold[i].quantity + WHOLE) // (2 * WHOLE)  # rounded half up
            if off > 0:
                offered[i] = off
        return offered

    return Kind(Step.FIXED_PRICE, offer, by_line=True, settle=lower_floors)


def lower_floors(sale: Sale, offer: Offer) -> None:
    """The owner chose this price: the line's own minimum gives way to it, and no further."""
    nets, floors = sale.nets, sale.floors
    for i, off in offer.items():
        floors[i] = min(floors[i], nets[i] - off)
