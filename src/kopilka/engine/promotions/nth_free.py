"""Every nth free: of so many selected units the cheapest ones cost nothing, or less."""

from __future__ import annotations

from collections.abc import Sequence

from kopilka.engine.decision import Why
from kopilka.engine.money import QUANTITY_SCALE
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.promotions.units import SetOffer, off_piece, room_of, runs_of, use_up
from kopilka.engine.rulebook import NthFree
from kopilka.engine.sale import Offer, Sale


def kind(discount: NthFree, _digits: int) -> Kind:
    nth, percent, times = discount.nth, discount.percent, discount.times

    def offer(sale: Sale, lines: Sequence[int]) -> Offer:
        return cheapest_off(sale, lines, in_set=nth, off=1, percent=percent, times=times)

    return Kind(Step.SETS, offer, settle=use_up, nothing=Why.NO_SETS)


def cheapest_off(sale: Sale, lines: Sequence[int], *, in_set: int, off: int, percent: int, times: int) -> SetOffer:
    """Whole sets of `in_set` units, cheapest units first: `off` in each set get `percent` off, cheapest first."""
    offer = SetOffer()
    goods = 0
    for i in lines:
        goods += sale.lines[i].quantity
    if goods < in_set * QUANTITY_SCALE:
        return offer
    runs = runs_of(sale, lines)
    sets = sum(run.count for run in runs) // in_set
    if times:
        sets = min(sets, times)
    reduced, paid = sets * off, sets * (in_set - off)
    for run in runs:
        room = room_of(sale, run.line)
        now = min(run.count, reduced)
        if now:
            offer.take(run, now, off_piece(run.price, percent), room)
            reduced -= now
        now = min(run.count, paid) if not reduced else 0
        if now:
            offer.take(run, now, 0, room)
            paid -= now
    return offer
