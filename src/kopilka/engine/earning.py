"""Points earned: exact shares for every line, collected in lots, rounded once per lot."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

from kopilka.engine.coalition import gives_here
from kopilka.engine.compiling.book import Book
from kopilka.engine.compiling.earns import HUNDRED, EarnRule, Pot, Way
from kopilka.engine.compiling.rules import Rule
from kopilka.engine.decision import Carry, LotPlan, Reason, Why
from kopilka.engine.money import split
from kopilka.engine.points import MAX_POINTS, Rounding, round_by
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import EarnBase
from kopilka.engine.sale import Sale
from kopilka.engine.standing import WalletState

CARRY_GRID = 10**9
"""A kept fraction is never finer than this part of a unit."""

NO_WALLET = WalletState("")


Worked = tuple[Rule, Sequence[int], Sequence[int]]
"""A promotion that has worked, the lines it gives points on, and those its switches hold on."""


Multiplier = tuple[int, int, int, EarnRule, Rule, Sequence[int]]
"""A multiplier and the lines it works on, after what it is sorted by: minus its factor, the rule, their own order."""

BASE, QUANTITY, LINE, MULTIPLY = Way.BASE, Way.QUANTITY, Way.LINE, Way.MULTIPLY
NET = EarnBase.NET
DOWN = Rounding.DOWN
EARNED, MULTIPLIED, ROUNDED = Why.EARNED, Why.MULTIPLIED, Why.ROUNDED


class Pots(dict[int | None, list[int]]):
    """The exact shares of every line, by index of the pot; a pot nobody put anything into is absent."""

    __slots__ = ("_lines",)

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines

    def __missing__(self, at: int | None) -> list[int]:
        assert at is not None
        made = self[at] = [0] * self._lines
        return made


class Earned(NamedTuple):
    """The lots to be made, units of each line by index of the lot, and the kept fractions."""

    lots: list[LotPlan]
    by_line: list[dict[int, int]]
    carry: list[Carry]


def earn(sale: Sale, book: Book, worked: list[Worked]) -> Earned:
    """Earn on what is left: every rule's shares, then what multiplies them, then one rounding per lot."""
    if sale.standing.member_id is None:
        sale.refused += [rule.anonymous for rule, _, _ in worked if rule.earns]
        return Earned([], [{} for _ in sale.lines], [])
    bases = bases_of(sale, book.rulebook.earn_base)
    pots = Pots(len(sale.lines))
    multipliers = _collect_all(sale, worked, bases, pots)
    if multipliers:
        _multiply(sale, book, multipliers, pots)
    if book.restricted:
        _keep_given_here(sale, book, pots)
    return _round(sale, book, pots)


def bases_of(sale: Sale, base: EarnBase) -> list[int]:
    """Minor units of each line on which percents are counted."""
    if base is NET or not any(sale.points):
        return sale.nets
    return [net - points for net, points in zip(sale.nets, sale.points, strict=True)]


def shares_of(sale: Sale, given: EarnRule, lines: Sequence[int], bases: list[int]) -> list[int]:
    """What a rule gives on each of these lines, in parts of its grid, within the limit of the rule."""
    factor = given.factor
    match given.way:
        case Way.BASE:
            shares = [bases[i] * factor for i in lines]
        case Way.QUANTITY:
            shares = [(sale.lines[i].quantity - sale.gifts.get(i, 0)) * factor for i in lines]
        case Way.LINE:
            shares = [factor] * len(lines)
        case _:
            shares = split(factor, [sale.nets[i] for i in lines])
    if given.limit is not None and sum(shares) > given.limit:
        shares = split(given.limit, shares)
    return shares


def gains_of(sale: Sale, rule: Rule, lines: Sequence[int], others: list[Worked]) -> dict[int, int]:
    """How much a rule's points are worth on each line, before anything is paid with points; to be compared only."""
    gains = dict.fromkeys(lines, 0)
    for given in rule.earns:
        if given.way is MULTIPLY:
            shares = _extra(sale, given, lines, others)
        else:
            shares = shares_of(sale, given, lines, sale.nets)
        for i, share in zip(lines, shares, strict=True):
            gains[i] += share * given.weight
    return gains


def _extra(sale: Sale, times: EarnRule, lines: Sequence[int], others: list[Worked]) -> list[int]:
    """What a multiplier would add to what the others give."""
    given = dict.fromkeys(lines, 0)
    for rule, selected, _ in others:
        for earned in rule.earns:
            if earned.currency == times.currency and earned.way is not MULTIPLY:
                shares = shares_of(sale, earned, selected, sale.nets)
                for i, share in zip(selected, shares, strict=True):
                    given[i] = given.get(i, 0) + share
    return [given[i] * (times.factor - HUNDRED) // HUNDRED for i in lines]


def _collect_all(sale: Sale, worked: list[Worked], bases: list[int], pots: Pots) -> list[Multiplier]:
    """Collect what all rules give but the multipliers, which are handed back.

    Most rules have one line and no limit: then nothing is to be shared or summed, and it is done here at once.
    """
    multipliers: list[Multiplier] = []
    off, sold, tell = sale.earning_off, sale.lines, sale.told.append
    for rule, lines, _ in worked:
        if not rule.earns:
            continue
        open_lines = [i for i in lines if i not in off] if off else lines
        if not open_lines:
            sale.refused.append(rule.no_lines)
            continue
        for given in rule.earns:
            way = given.way
            if way is MULTIPLY:
                multipliers.append((-given.factor, rule.index, len(multipliers), given, rule, open_lines))
            elif len(open_lines) > 1 or given.limit is not None:
                _collect(sale, rule, given, open_lines, bases, pots)
            else:
                i = open_lines[0]
                line, base, grid, share = sold[i], bases[i], given.grid, given.factor
                if way is BASE:
                    share *= base
                elif way is QUANTITY:
                    share *= line.quantity - sale.gifts.get(i, 0)
                pots[given.pot][i] += share
                common = gcd(share, grid)
                tell(Reason(EARNED, rule.code, line.number, base, given.currency, share // common, grid // common))
    return multipliers


def _collect(sale: Sale, rule: Rule, given: EarnRule, lines: Sequence[int], bases: list[int], pots: Pots) -> None:
    """Put a rule's shares into its pot and tell it with the sum it was counted on."""
    shares = pots[given.pot]
    base = total = 0
    way, factor = given.way, given.factor
    if given.limit is None and way is BASE:
        for i in lines:
            worth = bases[i]
            base += worth
            shares[i] += worth * factor
        total = base * factor
    elif given.limit is None and way is LINE:
        for i in lines:
            base += bases[i]
            shares[i] += factor
        total = factor * len(lines)
    else:
        for i, share in zip(lines, shares_of(sale, given, lines, bases), strict=True):
            base += bases[i]
            shares[i] += share
            total += share
    _tell(sale, EARNED, rule, given, lines, base, total)


def _multiply(sale: Sale, book: Book, multipliers: list[Multiplier], pots: Pots) -> None:
    """On each line the largest multiplier of a currency counts, over what the other rules have given there."""
    multipliers.sort()
    before = [(at, pot.currency.code, list(pots[at])) for at, pot in enumerate(book.pots) if at in pots]
    first: dict[str, dict[int, Rule]] = {}
    for _, _, _, times, rule, lines in multipliers:
        taken = first.setdefault(times.currency, {})
        won = [i for i in lines if i not in taken] if taken else lines
        if not won:
            sale.refused.append(rule.beaten_by(taken[lines[0]].code))
            continue
        total, more = 0, times.factor - HUNDRED
        for at, currency, given in before:
            if currency == times.currency:
                shares = pots[at if times.pot is None else times.pot]
                for i in won:
                    extra = given[i] * more // HUNDRED
                    shares[i] += extra
                    total += extra
        for i in won:
            taken[i] = rule
        _tell(sale, MULTIPLIED, rule, times, won, 0, total)


def _tell(sale: Sale, why: Why, rule: Rule, given: EarnRule, lines: Sequence[int], base: int, total: int) -> None:
    """The exact units in lowest terms, and the minor units they were counted on."""
    grid = given.grid
    common = gcd(total, grid)
    number = sale.lines[lines[0]].number if len(lines) == 1 else 0
    sale.told.append(Reason(why, rule.code, number, base, given.currency, total // common, grid // common))


def _keep_given_here(sale: Sale, book: Book, pots: Pots) -> None:
    """Points of kinds that a partner does not give are not earned at his branches."""
    for at, pot in enumerate(book.pots):
        if at in pots and not gives_here(book.restricted, sale.receipt.branch, pot.currency.code):
            del pots[at]
            sale.told.append(Reason(Why.NOT_GIVEN_HERE, detail=pot.currency.code))


def _round(sale: Sale, book: Book, pots: Pots) -> Earned:
    """One rounding per lot; in a currency that carries, each lot begins with the fraction left by the one before."""
    lots: list[LotPlan] = []
    by_line: list[dict[int, int]] = [{} for _ in sale.lines]
    kept: dict[str, tuple[int, int]] = {}
    for at, pot in enumerate(book.pots):
        if at not in pots:
            continue
        shares = pots[at]
        exact, code = sum(shares), pot.currency.code
        if pot.currency.carry:
            wallet = sale.standing.wallets.get(code, NO_WALLET)
            before = kept.get(code, (wallet.carry_num, wallet.carry_den))
            units, kept[code] = carried(exact, pot.grid, *before)
        elif pot.currency.rounding is DOWN:
            units = exact // pot.grid
        else:
            units = round_by(pot.currency.rounding, exact, pot.grid)
        if units > MAX_POINTS:
            raise Refusal(Code.OUT_OF_RANGE, field="points", minimum=0, maximum=MAX_POINTS)
        common = gcd(exact, pot.grid)
        num, den = exact // common, pot.grid // common
        sale.told.append(Reason(ROUNDED, "", 0, units, code, num, den))
        if units:
            index = len(lots)
            for of_line, part in zip(by_line, split(units, shares), strict=True):
                if part:
                    of_line[index] = part
            lots.append(_lot(sale, pot, units, num, den))
    return Earned(lots, by_line, [Carry(code, num, den) for code, (num, den) in kept.items()])


def carried(exact: int, grid: int, num: int, den: int) -> tuple[int, tuple[int, int]]:
    """Whole units of `exact/grid` plus the kept `num/den`, and the fraction kept now, in lowest terms."""
    whole = grid * den
    total = exact * den + num * grid
    units = total // whole if total > 0 else 0
    rest = total - units * whole
    common = gcd(rest, whole)
    rest, whole = rest // common, whole // common
    if whole > CARRY_GRID:
        rest, whole = rest * CARRY_GRID // whole, CARRY_GRID
        common = gcd(rest, whole)
        rest, whole = rest // common, whole // common
    return units, (rest, whole)


def _lot(sale: Sale, pot: Pot, units: int, num: int, den: int) -> LotPlan:
    zone, at = sale.local.tzinfo, sale.at
    assert zone is not None
    starts_at = pot.starts_after.after(sale.local, zone) if pot.waits else at
    begins = starts_at if pot.waits else sale.local
    expires_at = pot.life.after(begins, zone) if pot.ends else None
    return LotPlan(pot.currency.code, units, starts_at, expires_at, pot.waits and starts_at > at, num, den)
