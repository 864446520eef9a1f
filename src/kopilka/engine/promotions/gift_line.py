"""A gift: so much of an article at zero price, on the receipt already or added to it."""

from __future__ import annotations

from kopilka.engine.money import line_amount
from kopilka.engine.promotions.kind import Kind, Step
from kopilka.engine.receipt import Line
from kopilka.engine.rulebook import GiftLine
from kopilka.engine.sale import Offer, Sale


class GiftOffer(dict[int, int]):
    """An offer that makes `free` thousandths of a line a gift; `added` is a line still to be put on the receipt."""

    __slots__ = ("added", "free")

    def __init__(self) -> None:
        super().__init__()
        self.free: dict[int, int] = {}
        self.added: Line | None = None


def kind(discount: GiftLine, digits: int) -> Kind:
    def offer(sale: Sale, _lines: list[int]) -> Offer:
        offered = GiftOffer()
        left = discount.quantity
        for i in sale.open_lines():
            line = sale.lines[i]
            free = min(left, line.quantity - sale.gifts.get(i, 0)) if line.sku == discount.sku else 0
            if free > 0:
                whole = line.quantity - sale.gifts.get(i, 0)
                offered.free[i] = free
                offered[i] = sale.nets[i] if free == whole else sale.nets[i] * free // whole
                left -= free
        if left:
            offered.added = _line(sale, discount, left, digits)
            offered[len(sale.lines)] = offered.added.amount
        return offered

    return Kind(Step.GIFTS, offer, settle=hand_over)


def hand_over(sale: Sale, offer: Offer) -> None:
    """Put the gift on the receipt. A gift may undercut its line's minimum: the owner chose to give it."""
    assert isinstance(offer, GiftOffer)
    for i, free in offer.free.items():
        whole = sale.lines[i].quantity
        sale.gifts[i] = sale.gifts.get(i, 0) + free
        sale.floors[i] = min(sale.floors[i] * (whole - sale.gifts[i]) // whole, sale.nets[i] - offer[i])
    if offer.added is not None:
        sale.add_gift(offer.added)


def _line(sale: Sale, discount: GiftLine, quantity: int, digits: int) -> Line:
    number = max((line.number for line in sale.lines), default=0) + 1
    worth = line_amount(discount.price, quantity, digits)
    return Line(number, discount.sku, quantity, discount.price, worth, name=discount.name or discount.sku)
