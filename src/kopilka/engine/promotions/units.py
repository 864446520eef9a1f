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


class SetOffer(dict[int, int]):
    """An offer that uses up pieces: `taken` is (pieces, their minor units before the offer) by line."""

    __slots__ = ("taken",)

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[int, tuple[int, int]] = {}

    def take(self, run: Run, count: int, off_each: int, room: int) -> None:
        """Use up `count` pieces of the run at `off_each` minor units off, at most `room` off the whole line."""
        self.use(run.line, count, count * run.price)
        run.count -= count
        self.cut(run.line, count * off_each, room)

    def use(self, line: int, count: int, cost: int) -> None:
        """Use up `count` pieces of a line, which cost `cost` minor units in all."""
        if line in self.taken:
            pieces, before = self.taken[line]
            count += pieces
            cost += before
        self.taken[line] = (count, cost)

    def cut(self, line: int, off: int, room: int) -> None:
        off = min(off, room - self.get(line, 0))
        if off > 0:
            self[line] = self.get(line, 0) + off


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
