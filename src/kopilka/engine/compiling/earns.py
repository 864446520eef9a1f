"""What promotions give in points, brought to whole numbers: every share of a point is a count of 1/grid of a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from math import gcd, lcm

from kopilka.engine.money import PERCENT_SCALE, QUANTITY_SCALE, lowest_terms
from kopilka.engine.period import Life
from kopilka.engine.points import PointsCurrency, Rounding
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.rulebook_earn import Earn, Per

HUNDRED = 100


class Way(IntEnum):
    """What a factor is multiplied with: minor units of the base, thousandths of quantity, 1 per line or receipt."""

    BASE = 1
    QUANTITY = 2
    LINE = 3
    RECEIPT = 4
    MULTIPLY = 5


@dataclass(frozen=True, slots=True)
class Pot:
    """Where exact shares of one lot are collected: one currency, one life, one start. `grid`: parts of a unit.

    `waits`: its points do not start at once; `ends`: they do not live for ever. What is asked of the currency for every
    receipt stands here beside it.
    """

    currency: PointsCurrency
    code: str
    carries: bool
    rounding: Rounding
    life: Life
    starts_after: Life
    grid: int
    waits: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class EarnRule:
    """One way a promotion gives points: `factor` parts of 1/grid unit for each of what its way counts,
    which is `num/den` units in lowest terms.

    `limit` in the same parts (None: no limit). `pot` is None for a multiplier that leaves the points in the lots it
    multiplies. `weight` makes parts of different currencies comparable by what they are worth in money.
    """

    currency: str
    way: Way
    factor: int
    limit: int | None
    pot: int | None
    weight: int
    grid: int
    num: int
    den: int

    @property
    def by_line(self) -> bool:
        """Does what it gives on one line not depend on the others?"""
        return self.way is not Way.RECEIPT and self.limit is None


@dataclass(frozen=True, slots=True)
class Earns:
    """The earning side of a rulebook: its pots, and the rules of each promotion by its code."""

    pots: tuple[Pot, ...]
    rules: dict[str, tuple[EarnRule, ...]]


def make_earns(rulebook: Rulebook) -> Earns:
    earns = [earn for promotion in rulebook.promotions for earn in promotion.earn]
    grids = {code: _grid(rulebook, code, earns) for code in rulebook.points}
    pots = tuple(
        _pot(rulebook.points[code], life, start, grids[code])
        for code in rulebook.points
        for life, start in _lots(rulebook.points[code], earns)
    )
    whole = lcm(*(grids[code] * currency.scale for code, currency in rulebook.points.items()))
    made = {
        promotion.code: tuple(_rule(rulebook, earn, pots, grids[earn.currency], whole) for earn in promotion.earn)
        for promotion in rulebook.promotions
    }
    return Earns(pots, made)


def _pot(currency: PointsCurrency, life: Life, start: Life, grid: int) -> Pot:
    return Pot(
        currency, currency.code, currency.carry, currency.rounding, life, start, grid,
        waits=not start.is_empty, ends=not life.is_empty,
    )  # fmt: skip


def lone_rule(rulebook: Rulebook, earn: Earn) -> tuple[EarnRule, Life, Life]:
    """A way of giving points that goes into no pot, with the life and the start of what it gives."""
    currency = rulebook.points[earn.currency]
    way, num, den = _ratio(rulebook, earn)
    grid = den // gcd(num, den)
    limit = None if earn.units_max is None else earn.units_max * grid
    rule = EarnRule(earn.currency, way, num * grid // den, limit, None, 0, grid, *lowest_terms(num, den))
    return rule, *_lot(currency, earn)


def worth_minor(currency: PointsCurrency, digits: int) -> int:
    """Minor units of one whole point; a currency that cannot pay counts as one unit of money."""
    return currency.worth_minor or int(10**digits)


def _ratio(rulebook: Rulebook, earn: Earn) -> tuple[Way, int, int]:
    """What is counted, and the units given for one of it as a fraction."""
    currency = rulebook.points[earn.currency]
    if earn.multiply:
        return Way.MULTIPLY, 1, 1
    if earn.percent:
        return Way.BASE, earn.percent * currency.scale, PERCENT_SCALE * worth_minor(currency, rulebook.digits)
    match earn.per:
        case Per.AMOUNT:
            return Way.BASE, earn.units, earn.per_minor
        case Per.UNIT:
            return Way.QUANTITY, earn.units, QUANTITY_SCALE
        case Per.LINE:
            return Way.LINE, earn.units, 1
    return Way.RECEIPT, earn.units, 1


def _grid(rulebook: Rulebook, code: str, earns: Iterable[Earn]) -> int:
    """The parts of a unit in which everything of this currency is whole."""
    own = [earn for earn in earns if earn.currency == code]
    parts = [den // gcd(num, den) for _, num, den in (_ratio(rulebook, earn) for earn in own)]
    return lcm(*parts) * (HUNDRED if any(earn.multiply for earn in own) else 1)


def _lots(currency: PointsCurrency, earns: Iterable[Earn]) -> list[tuple[Life, Life]]:
    """The lives and starts that points of this currency are given with, its own first."""
    own = (currency.life, currency.starts_after)
    found = {own: None}
    for earn in earns:
        if earn.currency == currency.code:
            found[_lot(currency, earn)] = None
    return list(found)


def _lot(currency: PointsCurrency, earn: Earn) -> tuple[Life, Life]:
    life = currency.life if earn.life is None else earn.life
    return life, currency.starts_after if earn.starts_after is None else earn.starts_after


def _rule(rulebook: Rulebook, earn: Earn, pots: tuple[Pot, ...], grid: int, whole: int) -> EarnRule:
    currency = rulebook.points[earn.currency]
    way, num, den = _ratio(rulebook, earn)
    moves = earn.multiply > HUNDRED and (earn.life is not None or earn.starts_after is not None)
    lot = (currency.code, *_lot(currency, earn))
    lowest = lowest_terms(num, den)
    at = [(pot.currency.code, pot.life, pot.starts_after) for pot in pots].index(lot)
    return EarnRule(
        currency=earn.currency,
        way=way,
        factor=earn.multiply if way is Way.MULTIPLY else num * grid // den,
        limit=None if earn.units_max is None else earn.units_max * grid,
        pot=None if way is Way.MULTIPLY and not moves else at,
        weight=worth_minor(currency, rulebook.digits) * (whole // (grid * currency.scale)),
        grid=grid,
        num=lowest[0],
        den=lowest[1],
    )
