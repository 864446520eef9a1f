"""A percent off each selected line."""

from __future__ import annotations

from typing import Final

from kopilka.engine.money import PERCENT_SCALE
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.rulebook import PercentOff
from kopilka.engine.sale import Offer, Sale

HALF: Final = PERCENT_SCALE // 2


def kind(discount: PercentOff, _digits: int) -> Kind:
    percent = discount.percent

    def offer(sale: Sale, lines: list[int]) -> Offer:
        nets, floors = sale.nets, sale.floors
        offered: Offer = {}
        for i in lines:
            net = nets[i]
            off = (net * percent + HALF) // PERCENT_SCALE
            room = net - floors[i]
            if 0 < off <= room:
                offered[i] = off
            elif 0 < room < off:
                offered[i] = room
        return offered

    return Kind(Step.LINES, offer, by_line=True)
