"""What a return may do to the books.

Money, and what was earned and spent on the goods, is worked out exactly, and so is every lot where nothing had come
back before. After earlier returns, which of the lots lose earned points is left to the product within bounds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from tests.journeys.machine.model import BONUS, GOLD, GRACE, Books, Lot, Person, Sale
from tests.journeys.machine.reading import LotRow


@dataclass
class Expected:
    """What goods brought back come to: `given` units by lot, `earned` units by currency; `plain`: see above."""

    refund: int = 0
    given: dict[int, tuple[Lot, int]] = field(default_factory=dict)
    earned: Counter[str] = field(default_factory=Counter)
    sales: list[str] = field(default_factory=list)
    plain: bool = True


@dataclass
class Seen:
    """One wallet as the tables show it after a return; `expense` is by how much the program's grants went down."""

    rows: list[LotRow]
    debt: int
    kept: Fraction
    expense: int


def come_back(books: Books, key: str, wanted: dict[int, int], expected: Expected) -> None:
    """Add what returning `wanted` (thousandths by line) of one purchase comes to; the purchase remembers it."""
    sale = books.sales[key]
    before, after = sale.back.copy(), sale.back + Counter(wanted)
    owners = {lot.sale for lot, _ in sale.draws if lot.sale}
    if before or expected.sales or any(books.sales[owner].back for owner in owners):
        expected.plain = False
    expected.sales.append(key)
    expected.refund += sale.refund(after) - sale.refund(before)
    for code in (BONUS, GOLD):
        expected.earned[code] += sale.share(sale.earned, code, after) - sale.share(sale.earned, code, before)
        had = last_drawn_first(sale, code, sale.share(sale.spent, code, before))
        for number, (lot, units) in last_drawn_first(sale, code, sale.share(sale.spent, code, after)).items():
            more = units - (had[number][1] if number in had else 0)
            if more:
                expected.given[number] = lot, expected.given.get(number, (lot, 0))[1] + more
    sale.back = after
    if sale.coupon and all(after[number] >= line.quantity for number, line in sale.lines.items()):
        sale.coupon = False  # everything is back: the coupon may be used again
        books.coupons -= 1
        books.people[sale.who].coupons -= 1


def last_drawn_first(sale: Sale, code: str, units: int) -> dict[int, tuple[Lot, int]]:
    found: dict[int, tuple[Lot, int]] = {}
    for lot, drawn in reversed(sale.draws if sale.code == code else []):
        part = min(units, drawn)
        units -= part
        if part:
            found[lot.number] = lot, part
    return found


def settle(books: Books, who: str, code: str, expected: Expected, seen: Seen, at: datetime) -> None:
    """One wallet after a return: worked out and compared where that is plain, else checked and believed."""
    person = books.people[who]
    for lot, units in [(lot, units) for lot, units in expected.given.values() if lot.code == code and lot.over(at)]:
        books.program["expired", code] += units if lot.grace else 0
    books.program["liability", code] -= sum(units for lot, units in expected.given.values() if lot.code == code)
    kept = person.kept
    if expected.plain and not person.debt[code]:
        work_out(books, person, code, expected, at)
    else:
        believe(books, person, code, expected, seen, at)
    person.lost[code] += expected.earned[code] - seen.expense
    books.program["expense", code] += seen.expense
    ended = sum(lot.expired + lot.left * lot.over(at) for lot in person.of(code) if lot.sale)
    assert 0 <= person.lost[code] <= ended, "points were forgotten that had not expired"
    if code == BONUS:
        walk_back(books, expected, seen.kept - kept)
        person.kept = seen.kept


def work_out(books: Books, person: Person, code: str, expected: Expected, at: datetime) -> None:
    """Give back, then take: own points that are pending, own ones in hand, own ones set aside (they are owed until they
    come back), own ones that ended, those of others."""
    give(books, person, code, expected, at)
    rest = expected.earned[code]
    own = [lot for lot in person.of(code) if lot.sale in expected.sales]
    alive = [lot for lot in own if not lot.over(at)]
    for lot in [*(lot for lot in alive if not lot.active), *(lot for lot in alive if lot.active)]:
        rest -= take(lot, rest)
    aside = min(rest, sum(units for lot, units in set_aside(books) if lot in own))
    rest -= aside
    rest -= min(rest, sum(lot.expired + lot.left for lot in own if lot.over(at)))
    for lot in person.usable(code, at):
        rest -= take(lot, rest)
    person.debt[code] += aside + rest


def set_aside(books: Books) -> list[tuple[Lot, int]]:
    return [taken for hold in books.holds.values() if hold.state == "open" for taken in hold.taken]


def give(books: Books, person: Person, code: str, expected: Expected, at: datetime) -> None:
    for lot, units in expected.given.values():
        if lot.code != code:
            continue
        if not lot.over(at):
            lot.left += units
        elif not lot.grace:
            books.made += 1
            person.lots.append(Lot(books.made, code, units, units, at, at + GRACE, True, None, True))


def take(lot: Lot, units: int) -> int:
    part = min(lot.left, units)
    lot.left -= part
    return part


def believe(books: Books, person: Person, code: str, expected: Expected, seen: Seen, at: datetime) -> None:
    lots = person.of(code)
    new = seen.rows[len(lots) :]
    graced = [units for lot, units in expected.given.values() if lot.code == code and lot.over(at) and not lot.grace]
    assert sorted(row.amount for row in new) == sorted(graced)
    assert all(row.grace and row.active and (row.starts, row.ends) == (at, at + GRACE) for row in new)
    for lot, row in zip(lots, seen.rows, strict=False):
        if lot.over(at):
            assert row.left <= lot.left, "a lot whose life is over has gained"
        lot.left = row.left
    for row in new:
        books.made += 1
        person.lots.append(Lot(books.made, code, row.amount, row.left, row.starts, row.ends, True, None, True))
    alone = len(expected.sales) == 1  # pending points are taken by the return of what earned them only
    own = [lot for lot in lots if lot.sale in expected.sales and not lot.over(at) and (alone or lot.active)]
    if seen.debt > person.debt[code]:
        assert not any(lot.left for lot in own), "a debt grew while points of the goods brought back were left"
    person.debt[code] = seen.debt


def walk_back(books: Books, expected: Expected, change: Fraction) -> None:
    """The kept fraction has gone all the way back once a purchase is back whole."""
    for key in expected.sales:
        sale = books.sales[key]
        if len(expected.sales) > 1:
            sale.kept_change = None
        elif sale.kept_change is not None:
            sale.kept_change += change
            if all(sale.back[n] >= line.quantity for n, line in sale.lines.items()):
                assert sale.kept_change == sum(u for (_, code), u in sale.earned.items() if code == BONUS) - sale.exact
