"""The yellow tag: one unit costs a stated price, which may lie under the line's own minimum."""

from __future__ import annotations

from collections.abc import Sequence

from kopilka.engine.money import line_amount
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.rulebook import FixedPrice
from kopilka.engine.sale import Offer, Sale


def kind(discount: FixedPrice, digits: int) -> Kind:
    price = discount.price

    def offer(sale: Sale, lines: Sequence[int]) -> Offer:
        offered: Offer = {}
        for i in lines:
            off = sale.nets[i] - line_amount(price, sale.lines[i].quantity, digits)
            if off > 0:
                offered[i] = off
        return offered

    return Kind(Step.FIXED_PRICE, offer, by_line=True, settle=lower_floors)


def lower_floors(sale: Sale, offer: Offer) -> None:
    """The owner chose this price: the line's own minimum gives way to it, and no further."""
    for i, off in offer.items():
        sale.floors[i] = min(sale.floors[i], sale.nets[i] - off)
