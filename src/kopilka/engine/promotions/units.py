"""Units: the whole pieces of lines, cheapest first, as promotions over sets see them.

A line is never taken apart into its pieces: equal pieces stay together as a run, so that 80,000 pieces cost as
little as two. A line sold by weight (a quantity that is not whole) has no pieces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kopilka.engine.money import PERCENT_SCALE, QUANTITY_SCALE
from kopilka.engine.sale import Offer, Sale, Used

NOTHING_USED = (0, 0)


@dataclass(slots=True)
class Run:
    """`count` pieces of line `line` that cost `price` minor units each."""

    line: int
    price: int
    count: int


Taken = dict[int, tuple[int, int]]
"""Pieces that are used up, and their minor units before the offer, by line."""


class SetOffer(dict[int, int]):
    """An offer that uses up the pieces in `taken`. What fills it are functions, not methods: a value that is a
    dictionary calls its methods by name.
    """

    __slots__ = ("taken",)

    def __init__(self) -> None:
        super().__init__()
        self.taken: Taken = {}


def take(offer: SetOffer, run: Run, count: int, off_each: int, room: int) -> None:
    """Use up `count` pieces of the run at `off_each` minor units off, at most `room` off the whole line."""
    use(offer.taken, run.line, count, count * run.price)
    run.count -= count
    cut(offer, run.line, count * off_each, room)


def use(taken: Taken, line: int, count: int, cost: int) -> None:
    """Use up `count` pieces of a line, which cost `cost` minor units in all."""
    if line in taken:
        pieces, before = taken[line]
        count += pieces
        cost += before
    taken[line] = (count, cost)


def cut(offer: Offer, line: int, off: int, room: int) -> None:
    """Take so much more off a line, as far as there is room."""
    before = offer.get(line, 0)
    off = min(off, room - before)
    if off > 0:
        offer[line] = before + off


def runs_of(sale: Sale, lines: Iterable[int]) -> list[Run]:
    """The pieces still free on these lines, as runs to be used up."""
    return [Run(line, price, count) for price, line, count in pieces_of(sale, lines)]


def pieces_of(sale: Sale, lines: Iterable[int]) -> list[tuple[int, int, int]]:
    """The pieces still free: (price of one, line, count), cheapest first; the pieces of a line sum to its price."""
    sold, nets, used = sale.lines, sale.nets, sale.used
    pieces: list[tuple[int, int, int]] = []
    for i in lines:
        quantity = sold[i].quantity
        if quantity % QUANTITY_SCALE:
            continue
        free, cost = quantity // QUANTITY_SCALE, nets[i]
        if i in used:
            taken, kept = used_on(sale, i)
            free -= taken
            cost -= kept
        if free <= 0:
            continue
        price = cost // free
        dearer = cost - price * free
        pieces.append((price, i, free - dearer))
        if dearer:
            pieces.append((price + 1, i, dearer))
    pieces.sort()
    return pieces


def room_of(sale: Sale, line: int) -> int:
    """Minor units that may still come off a line."""
    return sale.nets[line] - sale.floors[line]


def off_piece(price: int, percent: int) -> int:
    """`percent` (hundredths of a percent) of one piece, rounded half up."""
    return (price * percent + PERCENT_SCALE // 2) // PERCENT_SCALE


def use_up(sale: Sale, offer: Offer) -> None:
    """Remember which pieces are spoken for, and what they still cost."""
    assert isinstance(offer, SetOffer)
    nets, used = sale.nets, sale.used
    for i, (pieces, cost) in offer.taken.items():
        before, kept = used_on(sale, i) if i in used else NOTHING_USED
        off = offer.get(i, 0)
        used[i] = Used(before + pieces, kept + cost - off, nets[i] - off)


def used_on(sale: Sale, line: int) -> tuple[int, int]:
    """Pieces of a line that are spoken for, and their part of what the line costs now."""
    used = sale.used.get(line)
    if used is None:
        return NOTHING_USED
    return used.pieces, used.cost * sale.nets[line] // used.of if used.of else 0
