"""Every nth free: of so many selected units the cheapest ones cost nothing, or less."""

from __future__ import annotations

from kopilka.engine.decision import Why
from kopilka.engine.money import QUANTITY_SCALE
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.promotions.units import SetOffer, cut, off_piece, pieces_of, room_of, use, use_up
from kopilka.engine.rulebook import NthFree
from kopilka.engine.sale import Offer, Sale


def kind(discount: NthFree, _digits: int) -> Kind:
    nth, percent, times = discount.nth, discount.percent, discount.times

    def offer(sale: Sale, lines: list[int]) -> Offer:
        return cheapest_off(sale, lines, in_set=nth, off=1, percent=percent, times=times)

    return Kind(Step.SETS, offer, settle=use_up, nothing=Why.NO_SETS)


def cheapest_off(sale: Sale, lines: list[int], *, in_set: int, off: int, percent: int, times: int) -> Offer:
    """Whole sets of `in_set` units, cheapest units first: `off` in each set get `percent` off, cheapest first."""
    goods = 0
    for i in lines:
        goods += sale.lines[i].quantity
    if goods < in_set * QUANTITY_SCALE:
        return {}
    pieces = pieces_of(sale, lines)
    free = 0
    for _, _, count in pieces:
        free += count
    sets = free // in_set
    if times:
        sets = min(sets, times)
    offer = SetOffer()
    taken = offer.taken
    reduced, paid = sets * off, sets * (in_set - off)
    for price, line, count in pieces:
        if not (reduced or paid):
            break
        now = 0
        if reduced:
            now = min(count, reduced)
            cut(offer, line, now * off_piece(price, percent), room_of(sale, line))
            reduced -= now
        if now < count and not reduced:
            left = min(count - now, paid)
            paid -= left
            now += left
        use(taken, line, now, now * price)
    return offer
