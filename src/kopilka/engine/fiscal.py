"""The lines to print under 54-FZ: unit price times quantity equals the total of every line to the kopeck."""

from __future__ import annotations

from kopilka.engine.decision import FiscalLine, PricedLine
from kopilka.engine.money import QUANTITY_SCALE, half_up, split
from kopilka.engine.rulebook import Fiscal, PointsAs, ZeroGift

Part = tuple[int, int, int]
"""Thousandths, the price of one in minor units, and their product rounded half up: the total."""


def fiscal_lines(lines: list[PricedLine], floors: list[int], gifts: dict[int, int], said: Fiscal) -> list[FiscalLine]:
    """Lines of the fiscal receipt, in the order of the lines sold.

    `floors` minor units that a line must still cost, `gifts` thousandths given as a gift, both by index.
    """
    counter = said.points_as is PointsAs.COUNTER_PROVISION
    totals = [line.net if counter else line.paid for line in lines]
    prices: dict[int, Part] = {}
    if said.zero_gift is ZeroGift.MINOR_UNIT and (gifts or any(line.gift for line in lines)):
        prices = _price_gifts(lines, totals, floors, gifts, counter=counter)
    printed: list[FiscalLine] = []
    for i, line in enumerate(lines):
        sold, number, sku, name, vat = line.quantity, line.number, line.sku, line.name, line.vat
        if not (line.gift or gifts or counter):  # nearly every line: nothing is given, nothing stands beside its price
            total = totals[i]
            if sold == QUANTITY_SCALE:
                printed.append(FiscalLine(number, sku, name, sold, total, total, 0, vat))
            elif sold > 0:
                for quantity, price, part in parts_of(sold, total):
                    printed.append(FiscalLine(number, sku, name, quantity, price, part, 0, vat))
            continue
        given = sold if line.gift else gifts.get(i, 0)
        if given:
            quantity, price, total = prices.get(i, (given, 0, 0))
            printed.append(FiscalLine(number, sku, name, quantity, price, total, 0, vat, True))
        if sold > given:
            parts = parts_of(sold - given, totals[i])
            if counter and line.points:
                shares = split(line.points, [total for _, _, total in parts])
                for (quantity, price, total), share in zip(parts, shares, strict=True):
                    printed.append(FiscalLine(number, sku, name, quantity, price, total, share, vat))
            else:
                for quantity, price, total in parts:
                    printed.append(FiscalLine(number, sku, name, quantity, price, total, 0, vat))
    return printed


def parts_of(quantity: int, total: int) -> list[Part]:
    """Split `total` minor units over a quantity (> 0) so that every part's price times quantity is its total."""
    if quantity == QUANTITY_SCALE:
        return [(quantity, total, total)]
    if quantity % QUANTITY_SCALE:
        return _weighed_parts(quantity, total)
    pieces = quantity // QUANTITY_SCALE
    price = total // pieces
    dearer = total - price * pieces
    if not dearer:
        return [(quantity, price, total)]
    cheaper = pieces - dearer
    return [
        (cheaper * QUANTITY_SCALE, price, cheaper * price),
        (dearer * QUANTITY_SCALE, price + 1, dearer * (price + 1)),
    ]


def _weighed_parts(quantity: int, total: int) -> list[Part]:
    """One price where one fits; else one whole unit is printed apart, which fits any remainder."""
    near = half_up(total * QUANTITY_SCALE, quantity)
    for price in (near, near - 1, near + 1):
        if price >= 0 and half_up(price * quantity, QUANTITY_SCALE) == total:
            return [(quantity, price, total)]
    price = total * QUANTITY_SCALE // quantity
    most = quantity - QUANTITY_SCALE
    rest = half_up(price * most, QUANTITY_SCALE)
    return [(most, price, rest), (QUANTITY_SCALE, total - rest, total - rest)]


def _price_gifts(
    lines: list[PricedLine], totals: list[int], floors: list[int], gifts: dict[int, int], *, counter: bool
) -> dict[int, Part]:
    """Gifts at one minor unit each, taken off other lines; a gift that no line can compensate stays at zero."""
    prices: dict[int, Part] = {}
    for i, line in enumerate(lines):
        given = line.quantity if line.gift else gifts.get(i, 0)
        if not given:
            continue
        part = _smallest(given)
        cost = part[2]
        rooms = {
            j: totals[j] - max(floors[j], lines[j].points if counter else 0)
            for j in range(len(lines))
            if j != i and not lines[j].gift
        }
        if sum(room for room in rooms.values() if room > 0) < cost:
            continue
        prices[i] = part
        left = cost
        for j in sorted(rooms, key=lambda j: (lines[j].vat != line.vat, -rooms[j], j)):
            cut = min(left, max(0, rooms[j]))
            totals[j] -= cut
            left -= cut
    return prices


def _smallest(quantity: int) -> Part:
    """The lowest price that is not zero: one minor unit for one, or for all of a small weight."""
    price = 1 if half_up(quantity, QUANTITY_SCALE) else half_up(QUANTITY_SCALE, quantity)
    return quantity, price, half_up(price * quantity, QUANTITY_SCALE)
