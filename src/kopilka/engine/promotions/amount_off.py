"""An amount off every unit, or off the selected lines together."""

from __future__ import annotations

from kopilka.engine.money import QUANTITY_SCALE, fill, half_up, total_of
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.rulebook import AmountOff
from kopilka.engine.sale import Offer, Sale


def kind(discount: AmountOff, _digits: int) -> Kind:
    minor = discount.minor

    def offer_each(sale: Sale, lines: list[int]) -> Offer:
        offered: Offer = {}
        for i in lines:
            off = half_up(minor * sale.lines[i].quantity, QUANTITY_SCALE)
            off = min(off, sale.nets[i] - sale.floors[i])
            if off > 0:
                offered[i] = off
        return offered

    def offer_together(sale: Sale, lines: list[int]) -> Offer:
        if len(lines) == 1:
            off = min(minor, sale.nets[lines[0]] - sale.floors[lines[0]])
            return {lines[0]: off} if off > 0 else {}
        net, floor = sale.nets, sale.floors
        nets = [net[i] for i in lines]
        rooms = [net[i] - floor[i] for i in lines]
        parts = fill(min(minor, total_of(rooms)), nets, rooms)
        return {lines[at]: off for at, off in enumerate(parts) if off}

    if discount.each:
        return Kind(Step.LINES, offer_each, by_line=True)
    return Kind(Step.RECEIPT, offer_together)
