"""What members' points should be, worked out the plain way: lists of lots and a few sums, nothing of the product.

Units are the smallest of their currency, money is in minor units. `Books` knows the rules of RULES by heart: two kinds
of points, a coupon, holds, lives. What a return does lot by lot it does not foresee: `Return` bounds it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
BONUS, GOLD = "bonus", "gold"
LIFE = {BONUS: 30 * DAY, GOLD: 90 * DAY}
DELAY = {BONUS: 0 * DAY, GOLD: 3 * DAY}
GRACE = 7 * DAY
UNIT_MINOR = {BONUS: 100, GOLD: 1}
"""What one unit pays: a bonus a rouble, a hundredth of a gold point a kopeck."""

SHARE = {BONUS: 50, GOLD: 100}
"""Percent of the receipt that each may pay."""

COUPON_MINOR, COUPON_USES, COUPON_EACH = 1_000, 4, 2

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: UTC
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 30}, carry: true, spend_order: 1}
  gold: {name: Золото, worth: "1.00", decimals: 2, round: half_up, starts_after: {days: 3}, life: {days: 90}}
spending:
  bonus: {share_of_receipt: 50}
  gold: {}
promotions:
  cashback: {earn: {percent: 5, in: bonus}}
  golden: {earn: {percent: 1, in: gold}}
  ten-off: {coupon: ten, discount: {amount: "10.00"}}
coupons:
  ten: {words: TEN, uses: 4, uses_each: 2}
returns: {take_back: debt, grace: {days: 7}}
spending_proof: {by: none}
"""


class TooFew(Exception):
    """There are not enough points."""


@dataclass
class Lot:
    """`number` is the order in which lots were made; `sale` the purchase it was earned by."""

    number: int
    code: str
    amount: int
    left: int
    starts: datetime
    ends: datetime | None
    active: bool
    sale: str | None = None
    grace: bool = False
    expired: int = 0

    def over(self, at: datetime) -> bool:
        return self.ends is not None and self.ends <= at


@dataclass
class Person:
    lots: list[Lot] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    debt: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    kept: Fraction = Fraction(0)
    coupons: int = 0

    def of(self, code: str) -> list[Lot]:
        return [lot for lot in self.lots if lot.code == code]

    def available(self, code: str) -> int:
        return sum(lot.left for lot in self.of(code) if lot.active)

    def pending(self, code: str) -> int:
        return sum(lot.left for lot in self.of(code) if not lot.active)

    def usable(self, code: str, at: datetime) -> list[Lot]:
        """Soonest to end first, then those that started first, then in the order they were made."""
        far = datetime.max.replace(tzinfo=at.tzinfo)
        found = [lot for lot in self.of(code) if lot.active and lot.left and lot.starts <= at and not lot.over(at)]
        return sorted(found, key=lambda lot: (lot.ends or far, lot.starts, lot.number))


@dataclass
class Line:
    """One line of a receipt: `price` minor units for one, `quantity` thousandths."""

    sku: str
    price: int
    quantity: int

    @property
    def amount(self) -> int:
        return (2 * self.price * self.quantity + 1_000) // 2_000


@dataclass
class Sale:
    """A purchase. `lines` by number; `paid`, `spent`, `earned` of each line as the product spread them, checked."""

    who: str
    lines: dict[int, Line]
    at: datetime
    code: str = BONUS
    draws: list[tuple[Lot, int]] = field(default_factory=list)
    paid: dict[int, int] = field(default_factory=dict)
    spent: dict[tuple[int, str], int] = field(default_factory=dict)
    earned: dict[tuple[int, str], int] = field(default_factory=dict)
    back: Counter[int] = field(default_factory=Counter)
    exact: Fraction = Fraction(0)
    kept_change: Fraction | None = Fraction(0)
    number: int = 0
    coupon: bool = False

    def part(self, total: int, line: int, back: Counter[int]) -> int:
        whole = self.lines[line].quantity
        return total if back[line] >= whole else total * back[line] // whole

    def share(self, of: dict[tuple[int, str], int], code: str, back: Counter[int]) -> int:
        return sum(self.part(units, line, back) for (line, one), units in of.items() if one == code)

    def refund(self, back: Counter[int]) -> int:
        return sum(self.part(money, line, back) for line, money in self.paid.items())


@dataclass
class Hold:
    who: str
    code: str
    taken: list[tuple[Lot, int]]
    ends: datetime
    sale: str | None = None
    state: str = "open"

    @property
    def units(self) -> int:
        return sum(units for _, units in self.taken)


@dataclass
class Priced:
    """What a receipt comes to."""

    net: int
    code: str
    units: int
    points_minor: int
    bonus: int
    gold: int
    kept: Fraction
    discount: int
    exact: Fraction
    by_balance: bool = False

    @property
    def paid(self) -> int:
        return self.net - self.points_minor


@dataclass
class Books:
    """All members of one program; `program` holds what stands on the other side of their entries."""

    people: dict[str, Person] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    program: Counter[tuple[str, str]] = field(default_factory=Counter)
    coupons: int = 0
    made: int = 0

    # --- single moves ---------------------------------------------------------------------------------------------
    def grant(
        self,
        who: str,
        code: str,
        units: int,
        at: datetime,
        *,
        starts: datetime,
        ends: datetime | None,
        against: str = "expense",
        sale: str | None = None,
        grace: bool = False,
    ) -> None:
        self.made += 1
        lot = Lot(self.made, code, units, 0, starts, ends, starts <= at, sale, grace)
        self.people[who].lots.append(lot)
        self.program[against, code] -= units
        self.put(who, lot, units)

    def put(self, who: str, lot: Lot, units: int) -> None:
        """Units come into a lot; what becomes available pays a debt first."""
        person = self.people[who]
        paid = min(units, person.debt[lot.code]) if lot.active else 0
        person.debt[lot.code] -= paid
        lot.left += units - paid

    def draw(self, who: str, code: str, units: int, at: datetime) -> list[tuple[Lot, int]]:
        lots = self.people[who].usable(code, at)
        if units > sum(lot.left for lot in lots):
            raise TooFew
        taken = []
        for lot in lots:
            part = min(units, lot.left)
            lot.left -= part
            units -= part
            if part:
                taken.append((lot, part))
        return taken

    def give_up(self, lot: Lot) -> None:
        """A lot's life is over."""
        self.program["expired", lot.code] += lot.left
        lot.expired += lot.left
        lot.left = 0

    # --- purchases ------------------------------------------------------------------------------------------------
    def price(self, who: str | None, lines: dict[int, Line], *, coupon: bool, wish: tuple[str, int] | None,
              at: datetime, reserve: int | None = None) -> Priced:  # fmt: skip
        """`wish`: a currency and how many units; `reserve`: units already held that may be spent instead."""
        person = self.people[who] if who else Person()
        amount = sum(line.amount for line in lines.values())
        good = coupon and self.coupons < COUPON_USES and (who is not None and person.coupons < COUPON_EACH)
        net = amount - (min(COUPON_MINOR, amount) if good else 0)
        code, units = wish or (BONUS, 0)
        have = sum(lot.left for lot in person.usable(code, at)) if reserve is None else reserve
        cap = net * SHARE[code] // 100 // UNIT_MINOR[code]
        by_balance = have < cap
        units = min(units, have, cap) if who else 0
        minor = units * UNIT_MINOR[code]
        exact = Fraction((net - minor) * 5, 100 * 100)
        total = exact + person.kept
        bonus = max(0, total.numerator // total.denominator)
        gold = (net - minor + 50) // 100
        if who is None:
            return Priced(net, code, 0, 0, 0, 0, Fraction(0), amount - net, Fraction(0))
        return Priced(net, code, units, minor, bonus, gold, total - bonus, amount - net, exact, by_balance)

    def sell(self, who: str, key: str, sale: Sale, priced: Priced, at: datetime) -> None:
        """Pay with points, earn on the rest. What was held has been taken already (`sale.draws`)."""
        if not sale.draws:
            sale.draws = self.draw(who, priced.code, priced.units, at)
        self.program["liability", priced.code] += priced.units
        self.earn(who, key, sale, priced, at)
        self.count_coupon(who, priced, 1)

    def earn(
        self, who: str, key: str, sale: Sale, priced: Priced, at: datetime, *, since: datetime | None = None
    ) -> None:
        """Lives are counted from `since`, the moment of the sale, when it was confirmed later."""
        self.people[who].kept = priced.kept
        sale.exact = priced.exact
        for code, units in ((BONUS, priced.bonus), (GOLD, priced.gold)):
            if units:
                starts = (since or at) + DELAY[code]
                self.grant(who, code, units, at, starts=starts, ends=starts + LIFE[code], sale=key)

    def count_coupon(self, who: str, priced: Priced, times: int) -> None:
        if priced.discount:
            self.coupons += times
            self.people[who].coupons += times

    # --- holds, adjustments, time ---------------------------------------------------------------------------------
    def hold(self, who: str, key: str, code: str, units: int, at: datetime, ends: datetime) -> None:
        self.holds[key] = Hold(who, code, self.draw(who, code, units, at), ends)
        self.people[who].held[code] += units

    def release(self, key: str, at: datetime, *, state: str = "released", keep: int = 0) -> list[tuple[Lot, int]]:
        """Held units go back to their lots, all but the first `keep`, which are spent; what has ended expires."""
        hold = self.holds[key]
        hold.state = state
        kept = []
        for lot, units in hold.taken:
            part = min(keep, units)
            keep -= part
            if part:
                kept.append((lot, part))
            if units > part:
                self.put(hold.who, lot, units - part)
                if lot.over(at):
                    self.give_up(lot)
        self.people[hold.who].held[hold.code] -= hold.units
        return kept

    def adjust(self, who: str, code: str, units: int, at: datetime, ends: datetime | None) -> None:
        if units > 0:
            self.grant(who, code, units, at, starts=at, ends=ends, against="adjusted")
        else:
            self.draw(who, code, -units, at)
            self.program["adjusted", code] -= units

    def settle(self, who: str, at: datetime, *, empty: bool = False) -> None:
        """Lots of one member that are due begin and end: before he spends (all but empty ones), and by the clock."""
        lots = self.people[who].lots
        for lot in lots:
            if not lot.active and lot.starts <= at and (lot.left or empty):
                units, lot.left, lot.active = lot.left, 0, True
                self.put(who, lot, units)
        for lot in lots:
            if lot.over(at) and lot.left:
                self.give_up(lot)
